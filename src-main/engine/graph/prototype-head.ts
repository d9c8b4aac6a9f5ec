/** Sign2GPT's prototype head (Wong et al. 2024, section 3.2): where in a clip each pseudo-gloss is. */
import type { NamedWeights } from '../weights/strict.ts'
import { type LazyTensor, computed } from '../weights/tensor.ts'
import { GraphBuilder } from './builder.ts'
import { Layers, type Storage } from './layers.ts'

export interface PrototypeSizes {
  /** Width of a cell. */
  cells: number
  /** Width of a prototype: 300, as fastText's vectors. */
  width: number
  /** Pseudo-glosses, the background not counted. */
  glosses: number
  /** Temperatures are clamped to this range wherever they are used. */
  temperatures: readonly [number, number]
}

/** torch's F.normalize divides by no less. */
const SMALLEST_NORM = 1e-12

/**
 * cells Z [1, c, width] -> cosine, A (softmax over the pseudo-glosses and the background), B (softmax over the cells),
 * E = A · B, each [c, glosses + 1], the background last.
 */
export function buildPrototypeHead(
  weights: NamedWeights,
  sizes: PrototypeSizes,
  storage: Storage,
): GraphBuilder {
  const g = new GraphBuilder('head')
  const layers = new Layers(g, storage)
  const { cells: width, width: hidden, glosses } = sizes
  const cells = g.input('cells', 'float32', [1, 'c', width])
  const rows = g.op('Reshape', [cells, g.ints([-1, width])])
  const projected = layers.linear(
    'fc_hidden',
    rows,
    weights.take('fc_hidden.weight', [hidden, width]),
    weights.take('fc_hidden.bias', [hidden]),
  )
  const length = g.op('ReduceL2', [projected, g.ints([1])], { keepdims: 1 })
  const unit = g.op('Div', [projected, g.op('Max', [length, g.float(SMALLEST_NORM)])])
  const table = unitPrototypes(
    weights.take('vocab_embedding', [hidden, glosses, 1]),
    weights.take('zero_embedding', [hidden, 1, 1]),
  )
  const cosine = g.op('MatMul', [unit, layers.matrix('prototypes', table)])
  const sharpened = (name: string) => {
    const temperature = temperatureOf(weights, name, sizes.temperatures)
    return g.op('Div', [cosine, layers.vector(name, temperature)])
  }
  const classes = g.op('Softmax', [sharpened('class_temperature')], { axis: 1 })
  const times = g.op('Softmax', [sharpened('time_temperature')], { axis: 0 })
  const outputs = { cosine, A: classes, B: times, E: g.op('Mul', [classes, times]) }
  for (const [name, value] of Object.entries(outputs)) g.output(value, name, 'float32', ['c', glosses + 1])
  return g
}

/** [width, glosses + 1], columns of length 1; a column of zeros (the background) stays one. */
function unitPrototypes(glosses: LazyTensor, background: LazyTensor): LazyTensor {
  const [width = 0, count = 0] = glosses.shape
  return computed([width, count + 1], () => {
    const [words, zero] = [glosses.read(), background.read()]
    const at = (row: number, column: number) =>
      (column < count ? words[row * count + column] : zero[row]) ?? 0
    const table = new Float32Array(width * (count + 1))
    for (let column = 0; column <= count; column += 1) {
      let square = 0
      for (let row = 0; row < width; row += 1) square += at(row, column) ** 2
      const length = Math.max(Math.sqrt(square), SMALLEST_NORM)
      for (let row = 0; row < width; row += 1) table[row * (count + 1) + column] = at(row, column) / length
    }
    return table
  })
}

/** A parameter of one element, or a number without a dimension. */
function temperatureOf(
  weights: NamedWeights,
  name: string,
  [least, most]: readonly [number, number],
): LazyTensor {
  const stored = weights.take(name, weights.shapeOf(name)?.length === 0 ? [] : [1])
  return computed([1], () => stored.read().map(value => Math.min(Math.max(value, least), most)))
}
