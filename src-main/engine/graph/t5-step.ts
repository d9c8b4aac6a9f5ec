/**
 * One step of T5's decoder for a set of beams, with its cache: the cached rows are picked by
 * `beams` (the beams that survived the step before), so that reordering costs no call of its own.
 */
import { reshaped } from '../weights/tensor.ts'
import { type ExternalPlace, GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage } from './layers.ts'
import type { T5Config, T5Weights } from './t5-config.ts'
import { T5Layers } from './t5-layers.ts'

/**
 * ids int64 [b,1], beams int64 [b], top int64 [1], mask int64 [n,s]; past_k_I, past_v_I [c,heads,p,d_kv]
 * (p = 0 at the start); cross_k_I, cross_v_I [n,heads,s,d_kv]; b is a multiple of n ->
 * top_lp, top_ids [b,top], logits [b,vocabulary], present_k_I, present_v_I [b,heads,p+1,d_kv].
 */
export function buildT5Step(
  weights: T5Weights,
  config: T5Config,
  storage: Storage,
  embedding: ExternalPlace | undefined,
): GraphBuilder {
  const g = new GraphBuilder('step')
  const t5 = new T5Layers(new Layers(g, storage), weights, config)
  const ids = g.input('ids', 'int64', ['b', 1])
  const beams = g.input('beams', 'int64', ['b'])
  const top = g.input('top', 'int64', [1])
  const mask = g.input('mask', 'int64', ['n', 's'])
  const caches = Array.from({ length: config.num_decoder_layers }, (_, index) =>
    cacheInputs(g, config, index),
  )
  const [first] = caches
  if (!first) throw new Error('A decoder without layers')

  const step = new DecoderStep(t5, {
    beams,
    batch: g.op('Shape', [mask], { start: 0, end: 1 }),
    selfBias: selfBias(t5, first.pastKey),
    crossBias: crossBias(t5, mask, ids),
  })
  const table = weights.take('shared', [config.vocab_size, config.d_model])
  let sum = t5.layers.embedding('shared', table, ids, embedding)
  let normed = t5.norm('decoder.block.0.layer.0.layer_norm', sum)
  for (const [index, cache] of caches.entries()) {
    const isLast = index + 1 === config.num_decoder_layers
    const nextNorm = isLast ? 'decoder.final_layer_norm' : `decoder.block.${index + 1}.layer.0.layer_norm`
    ;({ sum, normed } = step.layer(index, cache, sum, normed, nextNorm))
  }

  const logits = vocabularyLogits(t5, weights, normed)
  const [logProbabilities, picked] = g.ops(
    'TopK',
    [g.op('LogSoftmax', [logits], { axis: -1 }), top],
    [true, true],
    { axis: -1 },
  )
  if (!logProbabilities || !picked) throw new Error('TopK has two outputs')
  g.output(logProbabilities, 'top_lp', 'float32', ['b', 'top'])
  g.output(picked, 'top_ids', 'int64', ['b', 'top'])
  g.output(logits, 'logits', 'float32', ['b', config.vocab_size])
  return g
}

interface Cache {
  pastKey: Value
  pastValue: Value
  crossKey: Value
  crossValue: Value
}

function cacheInputs(g: GraphBuilder, config: T5Config, index: number): Cache {
  const past = (name: string) =>
    g.input(`past_${name}_${index}`, 'float32', ['c', config.num_heads, 'p', config.d_kv])
  const cross = (name: string) =>
    g.input(`cross_${name}_${index}`, 'float32', ['n', config.num_heads, 's', config.d_kv])
  return { pastKey: past('k'), pastValue: past('v'), crossKey: cross('k'), crossValue: cross('v') }
}

/** Bias [1, heads, 1, p + 1] of the new position p against 0 … p. */
function selfBias(t5: T5Layers, pastKey: Value): Value {
  const { g } = t5.layers
  const past = g.op('Shape', [pastKey], { start: 2, end: 3 })
  const keys = g.op('Range', [g.int(0), g.op('Add', [g.op('Squeeze', [past]), g.int(1)]), g.int(1)])
  return t5.relativeBias('decoder.block.0.layer.0.SelfAttention', past, keys, false)
}

/** Mask bias repeated for the beams of a sentence, which lie on the query axis: [n, 1, b / n, s]. */
function crossBias(t5: T5Layers, mask: Value, ids: Value): Value {
  const { g } = t5.layers
  const beamsPerSentence = g.op('Div', [
    g.op('Shape', [ids], { start: 0, end: 1 }),
    g.op('Shape', [mask], { start: 0, end: 1 }),
  ])
  const shape = g.op('Concat', [g.ints([1, 1]), beamsPerSentence, g.ints([1])], { axis: 0 })
  return g.op('Expand', [t5.maskBias(mask), shape])
}

interface StepInputs {
  beams: Value
  /** Number of sentences n, [1]. */
  batch: Value
  selfBias: Value
  crossBias: Value
}

class DecoderStep {
  readonly #t5: T5Layers
  readonly #inputs: StepInputs

  constructor(t5: T5Layers, inputs: StepInputs) {
    this.#t5 = t5
    this.#inputs = inputs
  }

  layer(
    index: number,
    cache: Cache,
    sum: Value,
    normed: Value,
    nextNorm: string,
  ): { sum: Value; normed: Value } {
    const block = `decoder.block.${index}`
    const self = this.#selfAttention(index, cache, normed)
    const afterSelf = this.#t5.addAndNorm(`${block}.layer.1.layer_norm`, self, sum)
    const cross = this.#crossAttention(index, cache, afterSelf.normed)
    const afterCross = this.#t5.addAndNorm(`${block}.layer.2.layer_norm`, cross, afterSelf.sum)
    const wide = this.#t5.feedForward(`${block}.layer.2.DenseReluDense`, afterCross.normed)
    return this.#t5.addAndNorm(nextNorm, wide, afterCross.sum)
  }

  #selfAttention(index: number, cache: Cache, x: Value): Value {
    const t5 = this.#t5
    const { g } = t5.layers
    const { num_heads: heads, d_kv: width } = t5.config
    const attention = `decoder.block.${index}.layer.0.SelfAttention`
    const extended = (part: 'k' | 'v', past: Value) => {
      const fresh = t5.splitHeads(t5.intoHeads(`${attention}.${part}`, x))
      const present = g.op('Concat', [g.op('Gather', [past, this.#inputs.beams], { axis: 0 }), fresh], {
        axis: 2,
      })
      g.output(present, `present_${part}_${index}`, 'float32', ['b', heads, 'p + 1', width])
      return present
    }
    const query = t5.intoHeads(`${attention}.q`, x)
    const [key, value] = [extended('k', cache.pastKey), extended('v', cache.pastValue)]
    const mixed = t5.attention({ query, key, value, areSplit: true, bias: this.#inputs.selfBias })
    return t5.outOfHeads(`${attention}.o`, mixed)
  }

  /** The beams of a sentence are queries of one batch entry: its keys and values are never repeated. */
  #crossAttention(index: number, cache: Cache, x: Value): Value {
    const t5 = this.#t5
    const { g } = t5.layers
    const { num_heads: heads, d_kv: width } = t5.config
    const attention = `decoder.block.${index}.layer.1.EncDecAttention`
    const query = t5.intoHeads(`${attention}.q`, x)
    const folded = g.op('Reshape', [
      query,
      g.op('Concat', [this.#inputs.batch, g.ints([-1, heads * width])], { axis: 0 }),
    ])
    const mixed = t5.attention({
      query: folded,
      key: cache.crossKey,
      value: cache.crossValue,
      areSplit: true,
      bias: this.#inputs.crossBias,
    })
    const unfolded = g.op('Reshape', [mixed, g.ints([-1, 1, heads * width])])
    return t5.outOfHeads(`${attention}.o`, unfolded)
  }
}

/** [b,1,d] -> [b,vocabulary]; a tied table is scaled by d^-0.5, an own head is not. */
function vocabularyLogits(t5: T5Layers, weights: T5Weights, normed: Value): Value {
  const { g } = t5.layers
  const { d_model: width, vocab_size: vocabulary, tie_word_embeddings: isTied } = t5.config
  const rows = g.op('Reshape', [normed, g.ints([-1, width])])
  const scaled = isTied ? g.op('Mul', [rows, g.float(width ** -0.5)]) : rows
  const head = weights.take(isTied ? 'shared' : 'lm_head', [vocabulary, width])
  return t5.layers.linear('lm_head', scaled, reshaped(head, [vocabulary, width]))
}

/** ids int64 [n,s] -> embeds [n,s,d]; the table of the prompt's words, shared with the step graph. */
export function buildT5Embedding(weights: T5Weights, config: T5Config, storage: Storage): GraphBuilder {
  const g = new GraphBuilder('embed')
  const layers = new Layers(g, storage)
  const ids = g.input('ids', 'int64', ['n', 's'])
  const table = weights.take('shared', [config.vocab_size, config.d_model])
  g.output(layers.embedding('shared', table, ids), 'embeds', 'float32', ['n', 's', config.d_model])
  return g
}
