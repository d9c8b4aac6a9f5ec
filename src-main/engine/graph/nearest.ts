import { GraphBuilder } from './builder.ts'

/**
 * visual [v,d], rows [c,d], top int64 [1] -> score, index [v,top]: for each row of `visual` the rows with the smallest
 * Euclidean distance, as score = |visual|² − distance², largest first. Without weights: it is never written to a file.
 */
export function buildNearest(): GraphBuilder {
  const g = new GraphBuilder('nearest')
  const visual = g.input('visual', 'float32', ['v', 'd'])
  const rows = g.input('rows', 'float32', ['c', 'd'])
  const top = g.input('top', 'int64', [1])
  const products = g.op('Gemm', [visual, rows], { transB: 1, alpha: { float: 2 } })
  const lengths = g.op('ReduceSumSquare', [rows, g.ints([1])], { keepdims: 0 })
  const [score, index] = g.ops('TopK', [g.op('Sub', [products, lengths]), top], [true, true], { axis: -1 })
  if (!score || !index) throw new Error('TopK has two outputs')
  g.output(score, 'score', 'float32', ['v', 'top'])
  g.output(index, 'index', 'int64', ['v', 'top'])
  return g
}
