import { type Attribute, GraphBuilder, type Value } from './builder.ts'

export interface AttentionSpec {
  /** [n, q, heads · width] */
  query: Value
  /** Both [n, t, heads · width], or, `areSplit`, [n, heads, t, width]. */
  key: Value
  value: Value
  areSplit?: boolean
  heads: number
  width: number
  /** Default: width ** -0.5. */
  scale?: number
  /** Added to queries, keys and values: [3 · heads · width]. */
  inputBias?: Value
  /** Added to the products: [n or 1, heads or 1, q, t]. */
  bias?: Value
}

export interface OpenAttention {
  /** [n, q, heads · width] */
  mixed: Value
  /** After the softmax: [n, heads, q, t]. */
  weights: Value
}

/** Multi-head attention as one fused node: [n, q, heads · width]. */
export function attention(g: GraphBuilder, spec: AttentionSpec): Value {
  const inputs = [spec.query, spec.key, spec.value, spec.inputBias ?? '', '', spec.bias ?? ''] as const
  const last = spec.bias ? 6 : spec.inputBias ? 4 : 3
  const scale: Record<string, Attribute> = spec.scale === undefined ? {} : { scale: { float: spec.scale } }
  const mixed = g.op('MultiHeadAttention', inputs.slice(0, last), { num_heads: spec.heads, ...scale })
  g.attentions.set(mixed, spec)
  return mixed
}

/**
 * The same graph with attention written out as matrix products, for devices whose fused kernel is
 * missing or wrong: WebGPU's of ONNX Runtime 1.30 skips keys where there are 32 queries or more
 * (cosine 0.87 to 0.998; microsoft/onnxruntime#28520). Weights and their places are the same.
 */
export function withPlainAttention(graph: GraphBuilder): GraphBuilder {
  const plain = new GraphBuilder(`${graph.name}.plain`, 'plain_')
  plain.inputs.push(...graph.inputs)
  plain.outputs.push(...graph.outputs)
  plain.initializers.push(...graph.initializers)
  for (const node of graph.nodes) {
    const [name] = node.outputs
    const spec = name === undefined ? undefined : graph.attentions.get(name as Value)
    if (spec && name !== undefined) plain.alias(openAttention(plain, spec).mixed, name)
    else plain.nodes.push(node)
  }
  return plain
}

/** Attention as matrix products. */
export function openAttention(g: GraphBuilder, spec: AttentionSpec): OpenAttention {
  const { heads, width } = spec
  const size = heads * width
  const biased = (x: Value, part: number) => {
    if (!spec.inputBias) return x
    const own = g.op('Slice', [spec.inputBias, g.ints([part * size]), g.ints([(part + 1) * size])])
    return g.op('Add', [x, own])
  }
  const split = (x: Value, perm: readonly number[]) =>
    g.op('Transpose', [g.op('Reshape', [x, g.ints([0, 0, heads, width])])], { perm })
  const query = split(biased(spec.query, 0), [0, 2, 1, 3])
  const key = spec.areSplit
    ? g.op('Transpose', [spec.key], { perm: [0, 1, 3, 2] })
    : split(biased(spec.key, 1), [0, 2, 3, 1])
  const value = spec.areSplit ? spec.value : split(biased(spec.value, 2), [0, 2, 1, 3])
  const products = g.op('MatMul', [g.op('Mul', [query, g.float(spec.scale ?? width ** -0.5)]), key])
  const scores = spec.bias ? g.op('Add', [products, spec.bias]) : products
  const weights = g.op('Softmax', [scores], { axis: -1 })
  const perHead = g.op('Transpose', [g.op('MatMul', [weights, value])], { perm: [0, 2, 1, 3] })
  return { mixed: g.op('Reshape', [perHead, g.ints([0, 0, size])]), weights }
}
