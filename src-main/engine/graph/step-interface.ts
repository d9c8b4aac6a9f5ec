/**
 * What the step graphs of all decoders have in common, so that one search runs them all: keys and values of earlier
 * tokens lie in a pool with one row for each token that was ever fed, and `rows` says which of them are a beam's past.
 */
import type { GraphBuilder, Value } from './builder.ts'

export interface StepInputs {
  /** int64 [b,1] */
  ids: Value
  /** int64 [b,p], p = 0 at the start. */
  rows: Value
  /** int64 [1] */
  top: Value
  /** int64 [n,s]; b is a multiple of n. */
  mask: Value
}

export function stepInputs(g: GraphBuilder): StepInputs {
  return {
    ids: g.input('ids', 'int64', ['b', 1]),
    rows: g.input('rows', 'int64', ['b', 'p']),
    top: g.input('top', 'int64', [1]),
    mask: g.input('mask', 'int64', ['n', 's']),
  }
}

/** The past rows of a beam with the fresh one behind them, [b,p+1,width]; the fresh one is given back too, [b,width]. */
export function withPast(
  g: GraphBuilder,
  { part, layer, width }: { part: 'k' | 'v'; layer: number; width: number },
  { past, rows, fresh }: { past: Value; rows: Value; fresh: Value },
): Value {
  g.output(g.op('Squeeze', [fresh, g.ints([1])]), `fresh_${part}_${layer}`, 'float32', ['b', width])
  return g.op('Concat', [g.op('Gather', [past, rows], { axis: 0 }), fresh], { axis: 1 })
}

/** logits [b,vocabulary] -> outputs top_lp, top_ids [b,top] and the logits themselves. */
export function rankTokens(g: GraphBuilder, logits: Value, top: Value, vocabulary: number): void {
  const [logProbabilities, picked] = g.ops(
    'TopK',
    [g.op('LogSoftmax', [logits], { axis: -1 }), top],
    [true, true],
    { axis: -1 },
  )
  if (!logProbabilities || !picked) throw new Error('TopK has two outputs')
  g.output(logProbabilities, 'top_lp', 'float32', ['b', 'top'])
  g.output(picked, 'top_ids', 'int64', ['b', 'top'])
  g.output(logits, 'logits', 'float32', ['b', vocabulary])
}

/** Attention [n,b / n,s], the beams of a sentence side by side, as the output's [b,s]. */
export function perBeam(g: GraphBuilder, weights: Value): Value {
  const sources = g.op('Shape', [weights], { start: 2, end: 3 })
  return g.op('Reshape', [weights, g.op('Concat', [g.ints([-1]), sources], { axis: 0 })])
}
