import type { AttentionSpec } from './attention.ts'
import { type DType, DTYPES, elementCount } from './dtype.ts'

/** The name of a tensor inside one graph. */
export type Value = string & { readonly __value: never }

export type Attribute = number | string | readonly number[] | { float: number }

export interface NodeSpec {
  op: string
  domain: string
  inputs: string[]
  outputs: string[]
  attributes: Record<string, Attribute>
}

export interface TensorPort {
  name: string
  dtype: DType
  /** A string is a dimension known only at run time. */
  shape: readonly (number | string)[]
}

/** A constant; small ones lie inside the graph file, weights in the data file beside it. */
export interface Initializer {
  name: string
  dtype: DType
  shape: readonly number[]
  /** Read when written and then dropped: a model need not fit into memory. */
  load: () => Uint8Array
  /** Inline, in this graph's own data file, or in a file that another graph has written. */
  place: 'inline' | 'external' | ExternalPlace
}

export interface ExternalPlace {
  file: string
  offset: number
  length: number
}

const CONTRIB = new Set([
  'MultiHeadAttention',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
  'QuickGelu',
  'BiasGelu',
  'FastGelu',
  'MatMulIntegerToFloat',
  'MatMulNBits',
])

/** Collects nodes and constants of one ONNX graph; `writeModel` turns it into files. */
export class GraphBuilder {
  readonly name: string
  readonly nodes: NodeSpec[] = []
  readonly initializers: Initializer[] = []
  readonly inputs: TensorPort[] = []
  readonly outputs: TensorPort[] = []
  /** What each fused attention node computes, by its output, so that it can be written out. */
  readonly attentions = new Map<Value, AttentionSpec>()
  readonly #prefix: string
  #count = 0
  readonly #constants = new Map<string, Value>()

  /** `prefix` keeps the names of new values apart from those of a graph that is copied. */
  constructor(name: string, prefix = '') {
    this.name = name
    this.#prefix = prefix
  }

  input(name: string, dtype: DType, shape: readonly (number | string)[]): Value {
    this.inputs.push({ name, dtype, shape })
    return name as Value
  }

  /** Gives a value its public name. */
  output(value: Value, name: string, dtype: DType, shape: readonly (number | string)[]): void {
    this.alias(value, name)
    this.outputs.push({ name, dtype, shape })
  }

  alias(value: Value, name: string): void {
    this.#node('Identity', [value], [name], {})
  }

  /** One node with one used output. An input of '' is an absent optional one. */
  op(op: string, inputs: readonly (Value | '')[], attributes: Record<string, Attribute> = {}): Value {
    const name = this.#fresh(op)
    this.#node(op, inputs, [name], attributes)
    return name
  }

  /** One node with several outputs; `null` skips an optional one. */
  ops(
    op: string,
    inputs: readonly (Value | '')[],
    wanted: readonly boolean[],
    attributes: Record<string, Attribute> = {},
  ): Value[] {
    const names = wanted.map(isWanted => (isWanted ? this.#fresh(op) : ('' as Value)))
    this.#node(op, inputs, names, attributes)
    return names.filter(name => name !== '')
  }

  ints(values: readonly number[]): Value {
    return this.#constant('int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  int(value: number): Value {
    return this.#constant('int64', [], BigInt64Array.of(BigInt(value)))
  }

  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.#constant('float32', shape, Float32Array.from(values))
  }

  float(value: number): Value {
    return this.#constant('float32', [], Float32Array.of(value))
  }

  /** A constant of any type; `load` is called once, while the graph is written. */
  initializer(initializer: Initializer): Value {
    if (this.initializers.some(other => other.name === initializer.name))
      throw new Error(`Two constants are called ${initializer.name}`)
    this.initializers.push(initializer)
    return initializer.name as Value
  }

  #constant(dtype: DType, shape: readonly number[], data: ArrayBufferView): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    if (bytes.byteLength !== elementCount(shape) * DTYPES[dtype].bytes)
      throw new Error('Constant of a wrong size')
    const key = `${dtype}[${shape.join(',')}]${Buffer.from(bytes).toString('base64')}`
    const known = this.#constants.get(key)
    if (known) return known
    const name = this.initializer({
      name: this.#fresh('const'),
      dtype,
      shape,
      load: () => bytes,
      place: 'inline',
    })
    this.#constants.set(key, name)
    return name
  }

  #node(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, Attribute>,
  ): void {
    const domain = CONTRIB.has(op) ? 'com.microsoft' : ''
    this.nodes.push({ op, domain, inputs: [...inputs], outputs: [...outputs], attributes })
  }

  #fresh(op: string): Value {
    this.#count += 1
    return `${this.#prefix}${op}_${this.#count}` as Value
  }
}
