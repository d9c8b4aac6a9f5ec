import { AppError } from '#shared/contract/errors.ts'
import { type LazyTensor, transposed } from '../weights/tensor.ts'
import { type ExternalPlace, type GraphBuilder, type Value } from './builder.ts'
import { elementCount } from './dtype.ts'
import { BLOCK, quantiseBlocks, quantiseColumns } from './quantise.ts'

/**
 * How matrices are stored; vectors (norms, biases) are always float32.
 * int8: both factors in 8 bits (fast on a CPU); block8, block4: weights in blocks of 32 with a scale each.
 */
export const STORAGES = ['fp32', 'fp16', 'int8', 'block8', 'block4'] as const
export type Storage = (typeof STORAGES)[number]

const FLOAT16_MAX = 65504
/** Below this a constant lies in the graph file, where shape inference can see it. */
const INLINE_BYTES = 256
const FLOAT32 = 1
const FIXED_PREFIX = 'fixed.'
/** MatMulNBits: activations in 8 bits while multiplying. */
const INT8_ACCURACY = 4

/** Writes layers with weights into a graph; the only place that knows how weights are stored. */
export class Layers {
  readonly g: GraphBuilder
  readonly storage: Storage
  /** int8: one quantisation of an activation serves all matrices that read it. */
  readonly #quantised = new Map<Value, [Value, Value, Value]>()

  constructor(g: GraphBuilder, storage: Storage) {
    this.g = g
    this.storage = storage
  }

  /** y = x · Wᵀ + b with W as PyTorch stores it, [out, in]. */
  linear(name: string, x: Value, weight: LazyTensor, bias?: LazyTensor): Value {
    if (this.storage === 'int8') return this.#linearInt8(name, x, weight, bias)
    const product = this.#product(name, x, weight)
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

  /** A matrix that is multiplied in float32, stored in float16 unless the storage is fp32. */
  matrix(name: string, tensor: LazyTensor): Value {
    if (this.storage === 'fp32') return this.vector(name, tensor)
    return this.g.op('Cast', [this.half(name, tensor)], { to: FLOAT32 })
  }

  /** A table of rows [count, width] picked by index; only the picked rows are widened. */
  embedding(name: string, table: LazyTensor, ids: Value, place?: ExternalPlace): Value {
    if (this.storage === 'fp32') {
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

  /**
   * A table [count, width] that is read by row and, turned, multiplied with: stored once in 32 or 16 bits. In 8 and 4
   * bits the product has a form of its own.
   */
  tied(name: string, table: LazyTensor): { rows: (ids: Value) => Value; scores: (x: Value) => Value } {
    if (this.storage !== 'fp32' && this.storage !== 'fp16')
      return {
        rows: ids => this.embedding(name, table, ids),
        scores: x => this.linear(`${name}.product`, x, table),
      }
    const { g } = this
    const load = () => asBytes(table.read())
    const isWide = this.storage === 'fp32'
    const stored = isWide
      ? g.initializer({ name, dtype: 'float32', shape: table.shape, load, place: 'external' })
      : this.half(name, table)
    const widened = (x: Value) => (isWide ? x : g.op('Cast', [x], { to: FLOAT32 }))
    return {
      rows: ids => widened(g.op('Gather', [stored, ids])),
      scores: x => g.op('Gemm', [x, widened(stored)], { transB: 1 }),
    }
  }

  half(name: string, tensor: LazyTensor, place: ExternalPlace | 'external' = 'external'): Value {
    const load = () => asBytes(toFloat16(name, tensor.read()))
    return this.g.initializer({ name, dtype: 'float16', shape: tensor.shape, load, place })
  }

  layerNorm(name: string, x: Value, weight: LazyTensor, bias: LazyTensor, epsilon: number): Value {
    const [scale, shift] = [this.vector(`${name}.weight`, weight), this.vector(`${name}.bias`, bias)]
    return this.g.op('LayerNormalization', [x, scale, shift], { axis: -1, epsilon: { float: epsilon } })
  }

  #product(name: string, x: Value, weight: LazyTensor): Value {
    if (this.storage === 'block8') return this.#blockProduct(name, x, weight, 8)
    if (this.storage === 'block4') return this.#blockProduct(name, x, weight, 4)
    return this.g.op('MatMul', [x, this.matrix(`${name}.weight`, transposed(weight))])
  }

  #blockProduct(name: string, x: Value, weight: LazyTensor, bits: 4 | 8): Value {
    const [rows = 1, columns = 1] = weight.shape
    const quantised = quantiseBlocks(weight, bits)
    const blocks = Math.ceil(columns / BLOCK)
    const values = this.g.initializer({
      name: `${name}.weight.block${bits}`,
      dtype: 'uint8',
      shape: [rows, blocks, (BLOCK * bits) / 8],
      load: () => quantised.values(),
      place: 'external',
    })
    const scales = this.vector(`${name}.weight.scale`, { shape: [rows, blocks], read: quantised.scales })
    const attributes = { K: columns, N: rows, bits, block_size: BLOCK, accuracy_level: INT8_ACCURACY }
    return this.g.op('MatMulNBits', [x, values, scales], attributes)
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
  for (let at = 0; at < values.length; at += 1) {
    if (Math.abs(values[at] ?? 0) <= FLOAT16_MAX) continue
    throw new AppError(
      'invalid-input',
      `The weights '${name}' are too large for 16-bit numbers: convert with precision fp32.`,
    )
  }
  return new Float16Array(values)
}

/** For small parts that are not worth a loss: 8 and 4 bits become 16. */
export function unquantised(storage: Storage): Storage {
  return storage === 'fp32' ? 'fp32' : 'fp16'
}
