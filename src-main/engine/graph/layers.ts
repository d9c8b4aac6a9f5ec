import { AppError } from '#shared/contract/errors.ts'
import { type LazyTensor, transposed } from '../weights/tensor.ts'
import { type ExternalPlace, type GraphBuilder, type Value } from './builder.ts'
import { elementCount } from './dtype.ts'
import { quantiseColumns } from './quantise.ts'

/** How matrices are stored. Vectors (norms, biases) are always float32. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const
export type Precision = (typeof PRECISIONS)[number]

const FLOAT16_MAX = 65504
/** Below this a constant lies in the graph file, where shape inference can see it. */
const INLINE_BYTES = 256
const FLOAT32 = 1
const FIXED_PREFIX = 'fixed.'

/** Writes layers with weights into a graph; the only place that knows how weights are stored. */
export class Layers {
  readonly g: GraphBuilder
  readonly precision: Precision
  /** int8: one quantisation of an activation serves all matrices that read it. */
  readonly #quantised = new Map<Value, [Value, Value, Value]>()

  constructor(g: GraphBuilder, precision: Precision) {
    this.g = g
    this.precision = precision
  }

  /** y = x · Wᵀ + b with W as PyTorch stores it, [out, in]. */
  linear(name: string, x: Value, weight: LazyTensor, bias?: LazyTensor): Value {
    if (this.precision === 'int8') return this.#linearInt8(name, x, weight, bias)
    const product = this.g.op('MatMul', [x, this.matrix(`${name}.weight`, transposed(weight))])
    return bias ? this.g.op('Add', [product, this.vector(`${name}.bias`, bias)]) : product
  }

  /** A vector or small table, float32. */
  vector(name: string, tensor: LazyTensor): Value {
    const bytes = 4 * elementCount(tensor.shape)
    const load = () => asBytes(tensor.read())
    return this.g.initializer({
      name,
      dtype: 'float32',
      shape: tensor.shape,
      load,
      place: bytes <= INLINE_BYTES ? 'inline' : 'external',
    })
  }

  /** A table that is computed, not learnt: it does not count as a parameter. */
  fixed(name: string, tensor: LazyTensor): Value {
    return this.vector(`${FIXED_PREFIX}${name}`, tensor)
  }

  /** A matrix that is multiplied in float32, stored in float16 unless the precision is fp32. */
  matrix(name: string, tensor: LazyTensor): Value {
    if (this.precision === 'fp32') return this.vector(name, tensor)
    return this.g.op('Cast', [this.half(name, tensor)], { to: FLOAT32 })
  }

  /** A table of rows [count, width] picked by index; only the picked rows are widened. */
  embedding(name: string, table: LazyTensor, ids: Value, place?: ExternalPlace): Value {
    if (this.precision === 'fp32') {
      const load = () => asBytes(table.read())
      const rows = this.g.initializer({
        name,
        dtype: 'float32',
        shape: table.shape,
        load,
        place: place ?? 'external',
      })
      return this.g.op('Gather', [rows, ids])
    }
    return this.g.op('Cast', [this.g.op('Gather', [this.half(name, table, place), ids])], { to: FLOAT32 })
  }

  half(name: string, tensor: LazyTensor, place: ExternalPlace | 'external' = 'external'): Value {
    const load = () => asBytes(toFloat16(name, tensor.read()))
    return this.g.initializer({ name, dtype: 'float16', shape: tensor.shape, load, place })
  }

  layerNorm(name: string, x: Value, weight: LazyTensor, bias: LazyTensor, epsilon: number): Value {
    const [scale, shift] = [this.vector(`${name}.weight`, weight), this.vector(`${name}.bias`, bias)]
    return this.g.op('LayerNormalization', [x, scale, shift], { axis: -1, epsilon: { float: epsilon } })
  }

  /** Activations u8 per tensor at run time, weights s8 per output column (spec/engine.md, C). */
  #linearInt8(name: string, x: Value, weight: LazyTensor, bias?: LazyTensor): Value {
    const [rows = 1, columns = 1] = weight.shape
    const quantised = quantiseColumns(weight)
    const matrix = this.g.initializer({
      name: `${name}.weight.int8`,
      dtype: 'int8',
      shape: [columns, rows],
      load: () => asBytes(quantised.values()),
      place: 'external',
    })
    const scales = this.vector(`${name}.weight.scale`, { shape: [rows], read: () => quantised.scales() })
    const known = this.#quantised.get(x)
    const [q, scale, zero] =
      known ?? (this.g.ops('DynamicQuantizeLinear', [x], [true, true, true]) as [Value, Value, Value])
    this.#quantised.set(x, [q, scale, zero])
    const shift = bias ? this.vector(`${name}.bias`, bias) : ''
    return this.g.op('MatMulIntegerToFloat', [q, matrix, scale, scales, zero, '', shift])
  }
}

function asBytes(data: Float32Array | Float16Array | Int8Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function toFloat16(name: string, values: Float32Array): Float16Array {
  if (values.some(value => Math.abs(value) > FLOAT16_MAX))
    throw new AppError(
      'invalid-input',
      `The weights '${name}' are too large for 16-bit numbers: convert with precision fp32.`,
    )
  return Float16Array.from(values)
}
