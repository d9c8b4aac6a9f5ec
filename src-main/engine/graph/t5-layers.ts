import { type AttentionSpec, type OpenAttention, attention, openAttention } from './attention.ts'
import type { Value } from './builder.ts'
import type { Layers } from './layers.ts'
import { biasByDistance } from './relative-bias.ts'
import type { T5Config, T5Weights } from './t5-config.ts'

type T5Attention = Pick<AttentionSpec, 'query' | 'key' | 'value' | 'areSplit' | 'bias'>

/** The parts that encoder and decoder share; every method writes nodes into the graph of `layers`. */
export class T5Layers {
  readonly layers: Layers
  readonly config: T5Config
  readonly #weights: T5Weights

  constructor(layers: Layers, weights: T5Weights, config: T5Config) {
    this.layers = layers
    this.config = config
    this.#weights = weights
  }

  norm(name: string, x: Value): Value {
    const weight = this.layers.vector(name, this.#weights.take(name, [this.config.d_model]))
    return this.layers.g.op('SimplifiedLayerNormalization', [x, weight], this.#epsilon())
  }

  /** sum = x + skip; normed = RMSNorm(sum). */
  addAndNorm(name: string, x: Value, skip: Value): { normed: Value; sum: Value } {
    const weight = this.layers.vector(name, this.#weights.take(name, [this.config.d_model]))
    const outputs = this.layers.g.ops(
      'SkipSimplifiedLayerNormalization',
      [x, skip, weight],
      [true, false, false, true],
      this.#epsilon(),
    )
    const [normed, sum] = outputs
    if (!normed || !sum) throw new Error('SkipSimplifiedLayerNormalization has two outputs')
    return { normed, sum }
  }

  /** q, k or v: [.., d_model] -> [.., heads · d_kv]. */
  intoHeads(name: string, x: Value): Value {
    const { d_model: model, d_kv: width, num_heads: heads } = this.config
    return this.layers.linear(name, x, this.#weights.take(name, [heads * width, model]))
  }

  outOfHeads(name: string, x: Value): Value {
    const { d_model: model, d_kv: width, num_heads: heads } = this.config
    return this.layers.linear(name, x, this.#weights.take(name, [model, heads * width]))
  }

  /** Gated GELU (tanh form). */
  feedForward(prefix: string, x: Value): Value {
    const { d_model: model, d_ff: wide } = this.config
    const { g } = this.layers
    const gate = this.layers.linear(`${prefix}.wi_0`, x, this.#weights.take(`${prefix}.wi_0`, [wide, model]))
    const value = this.layers.linear(`${prefix}.wi_1`, x, this.#weights.take(`${prefix}.wi_1`, [wide, model]))
    const product = g.op('Mul', [g.op('FastGelu', [gate]), value])
    return this.layers.linear(`${prefix}.wo`, product, this.#weights.take(`${prefix}.wo`, [model, wide]))
  }

  attention(spec: T5Attention): Value {
    return attention(this.layers.g, this.#ofT5(spec))
  }

  /** The same with its weights to look at. */
  openAttention(spec: T5Attention): OpenAttention {
    return openAttention(this.layers.g, this.#ofT5(spec))
  }

  /** T5 does not scale the products of queries and keys. */
  #ofT5(spec: T5Attention): AttentionSpec {
    return { ...spec, heads: this.config.num_heads, width: this.config.d_kv, scale: 1 }
  }

  /** Bias [1, heads, queries, keys] from positions [queries] and [keys]. */
  relativeBias(prefix: string, queries: Value, keys: Value, isBidirectional: boolean): Value {
    const { g } = this.layers
    const {
      relative_attention_num_buckets: buckets,
      relative_attention_max_distance: maxDistance,
      num_heads: heads,
    } = this.config
    const name = `${prefix}.relative_attention_bias`
    const weight = this.#weights.take(name, [buckets, heads])
    const table = this.layers.vector(name, biasByDistance(weight, { buckets, maxDistance, isBidirectional }))
    const relative = g.op('Sub', [
      g.op('Unsqueeze', [keys, g.ints([0])]),
      g.op('Unsqueeze', [queries, g.ints([1])]),
    ])
    const clipped = g.op('Min', [g.op('Max', [relative, g.int(-maxDistance)]), g.int(maxDistance)])
    const picked = g.op('Gather', [table, g.op('Add', [clipped, g.int(maxDistance)])], { axis: 1 })
    return g.op('Unsqueeze', [picked, g.ints([0])])
  }

  /** 0, 1, …, size − 1 of an axis. */
  positions(x: Value, axis: number): Value {
    const { g } = this.layers
    const size = g.op('Squeeze', [g.op('Shape', [x], { start: axis, end: axis + 1 })])
    return g.op('Range', [g.int(0), size, g.int(1)])
  }

  /** Mask int64 [n, s], 1 = read: 0 or a large negative number, [n, 1, 1, s]. */
  maskBias(mask: Value): Value {
    const { g } = this.layers
    const isHidden = g.op('Cast', [g.op('Sub', [g.int(1), mask])], { to: 1 })
    return g.op('Unsqueeze', [g.op('Mul', [isHidden, g.float(MASKED)]), g.ints([1, 2])])
  }

  /** [n, s, heads · d_kv] -> [n, heads, s, d_kv]. */
  splitHeads(x: Value): Value {
    const { g } = this.layers
    const split = g.op('Reshape', [x, g.ints([0, 0, this.config.num_heads, this.config.d_kv])])
    return g.op('Transpose', [split], { perm: [0, 2, 1, 3] })
  }

  #epsilon() {
    return { epsilon: { float: this.config.layer_norm_epsilon } }
  }
}

/** Far below any attention score, far above the smallest float32 (adding a bias must not overflow). */
const MASKED = -1e30
