/**
 * Sign2GPT's sign encoder (Wong et al. 2024, section 3.1): two layers of local attention, a temporal pool of 3 with
 * stride 2, two more layers. Norms come after the residual; rotary embedding beside the sinusoid.
 */
import { scaledRows } from '../weights/fold.ts'
import type { NamedWeights } from '../weights/strict.ts'
import { reshaped } from '../weights/tensor.ts'
import { attention } from './attention.ts'
import { GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage } from './layers.ts'
import { type RotaryForm, rotated, rotaryTables } from './rotary.ts'

export interface SignEncoderSizes {
  width: number
  mlp: number
  heads: number
  /** Steps that a step attends to: itself and as many on either side. */
  window: number
  /** Rows of the stored sinusoid. */
  positions: number
  /** What the release pads every clip to: the longest clip there is. */
  maxLength: number
  epsilon: number
  rotary: RotaryForm
}

/** Layers before and after the pool, by their place in the release's network. */
const STAGES = { before: ['0.0', '0.1'], after: ['2.0', '2.1'] } as const
const MASKED = -1e30

/** features Z* [1, t, width], t ≤ maxLength -> cells Z [1, ⌊t / 2⌋ + 1, width]. */
export function buildSignEncoder(
  weights: NamedWeights,
  sizes: SignEncoderSizes,
  storage: Storage,
): GraphBuilder {
  const g = new GraphBuilder('encoder')
  const encoder = new Encoder(new Layers(g, storage), weights, sizes)
  const features = g.input('features', 'float32', [1, 't', sizes.width])
  const count = g.op('Shape', [features], { start: 1, end: 2 })
  let x = encoder.paddedWithPositions(features, count)
  const steps = encoder.stage(x, count)
  for (const name of STAGES.before) x = encoder.layer(name, x, steps)
  x = encoder.pooled(x)
  const all = g.op('Shape', [x], { start: 1, end: 2 })
  const valid = g.op('Min', [g.op('Add', [g.op('Div', [count, g.ints([2])]), g.ints([1])]), all])
  const cells = encoder.stage(x, valid)
  for (const name of STAGES.after) x = encoder.layer(name, x, cells)
  g.output(g.op('Slice', [x, g.ints([0]), valid, g.ints([1])]), 'cells', 'float32', [1, 'c', sizes.width])
  return g
}

/** What all layers between two pools have in common. */
interface Stage {
  /** Added to the products of queries and keys, [1, 1, t, t]. */
  bias: Value
  cosine: Value
  sine: Value
}

class Encoder {
  readonly #layers: Layers
  readonly #weights: NamedWeights
  readonly #sizes: SignEncoderSizes
  readonly #tables: { cosine: Value; sine: Value }

  constructor(layers: Layers, weights: NamedWeights, sizes: SignEncoderSizes) {
    this.#layers = layers
    this.#weights = weights
    this.#sizes = sizes
    this.#tables = this.#rotary()
  }

  /** All layers of the release share one table; each holds its frequencies. */
  #rotary(): { cosine: Value; sine: Value } {
    const { width, heads, maxLength, rotary } = this.#sizes
    const names = [...STAGES.before, ...STAGES.after].map(
      layer => `network_block.network.${layer}.token_mixer.rotary_embeddings.inv_freq`,
    )
    const [frequencies] = names.map(name => this.#weights.take(name, [width / heads / 2]))
    if (!frequencies) throw new Error('An encoder without layers')
    const { cosine, sine } = rotaryTables(frequencies, maxLength, rotary)
    return {
      cosine: this.#layers.fixed('rotary.cosine', cosine),
      sine: this.#layers.fixed('rotary.sine', sine),
    }
  }

  /**
   * Two rows of padding are all that valid steps ever see of the release's 512: the sinusoid is added to them too, and
   * the pool mixes them into the last cell.
   */
  paddedWithPositions(features: Value, count: Value): Value {
    const { g } = this.#layers
    const { width, positions, maxLength } = this.#sizes
    const steps = g.op('Min', [g.op('Add', [count, g.ints([2])]), g.ints([maxLength])])
    const shape = g.op('Concat', [g.ints([1]), g.op('Sub', [steps, count]), g.ints([width])], { axis: 0 })
    const padded = g.op('Concat', [features, g.op('Expand', [g.float(0), shape])], { axis: 1 })
    const stored = this.#weights.take('embedding_block.pos_emb.pos', [1, positions, width])
    const table = this.#layers.fixed('sinusoid', reshaped(stored, [positions, width]))
    return g.op('Add', [padded, g.op('Slice', [table, g.ints([0]), steps, g.ints([0])])])
  }

  /** `valid` [1]: steps that are no padding. A padded step is seen by itself alone. */
  stage(x: Value, valid: Value): Stage {
    const { g } = this.#layers
    const count = g.op('Shape', [x], { start: 1, end: 2 })
    const places = g.op('Range', [g.int(0), g.op('Squeeze', [count]), g.int(1)])
    const distance = g.op('Abs', [
      g.op('Sub', [g.op('Unsqueeze', [places, g.ints([1])]), g.op('Unsqueeze', [places, g.ints([0])])]),
    ])
    const isNear = g.op('LessOrEqual', [distance, g.int(Math.floor(this.#sizes.window / 2))])
    const isSeen = g.op('Or', [
      g.op('And', [isNear, g.op('Less', [places, valid])]),
      g.op('Equal', [distance, g.int(0)]),
    ])
    const bias = g.op('Where', [isSeen, g.float(0), g.float(MASKED)])
    const part = (table: Value) => g.op('Slice', [table, g.ints([0]), count, g.ints([0])])
    return {
      bias: g.op('Unsqueeze', [bias, g.ints([0, 1])]),
      cosine: part(this.#tables.cosine),
      sine: part(this.#tables.sine),
    }
  }

  /** Mean of 3 steps with stride 2; the zeros beyond both ends count. */
  pooled(x: Value): Value {
    const { g } = this.#layers
    const mean = g.op('AveragePool', [g.op('Transpose', [x], { perm: [0, 2, 1] })], {
      kernel_shape: [3],
      strides: [2],
      pads: [1, 1],
      count_include_pad: 1,
    })
    return g.op('Transpose', [mean], { perm: [0, 2, 1] })
  }

  layer(name: string, x: Value, stage: Stage): Value {
    const prefix = `network_block.network.${name}`
    const { width, mlp } = this.#sizes
    const mixed = this.#addAndNorm(
      `${prefix}.norm1`,
      x,
      this.#scaled(`${prefix}.token_mixer.proj`, this.#mixed(prefix, x, stage), {
        into: width,
        scale: `${prefix}.layer_scale_1`,
      }),
    )
    const wide = this.#linear(`${prefix}.mlp.mlp.0`, mixed, [mlp, width])
    const active = this.#layers.g.op('Gelu', [wide])
    const narrow = this.#scaled(`${prefix}.mlp.mlp.3`, active, {
      into: mlp,
      scale: `${prefix}.layer_scale_2`,
    })
    return this.#addAndNorm(`${prefix}.norm2`, mixed, narrow)
  }

  #mixed(prefix: string, x: Value, { bias, ...tables }: Stage): Value {
    const { width, heads } = this.#sizes
    const { g } = this.#layers
    const head = { heads, width: width / heads }
    const [query, key, value] = (['q_proj', 'k_proj', 'v_proj'] as const).map(part =>
      this.#linear(`${prefix}.token_mixer.in_proj_container.${part}`, x, [width, width]),
    )
    if (!query || !key || !value) throw new Error('three projections')
    const turned = (part: Value) => rotated(g, part, tables, head)
    return attention(g, { query: turned(query), key: turned(key), value, bias, ...head })
  }

  #linear(name: string, x: Value, shape: readonly [number, number]): Value {
    const weight = this.#weights.take(`${name}.weight`, shape)
    return this.#layers.linear(name, x, weight, this.#weights.take(`${name}.bias`, [shape[0]]))
  }

  /** A linear layer into the encoder's width, with the layer scale behind it. */
  #scaled(name: string, x: Value, { into, scale }: { into: number; scale: string }): Value {
    const { width } = this.#sizes
    const gamma = this.#weights.take(scale, [width])
    const weight = scaledRows(this.#weights.take(`${name}.weight`, [width, into]), gamma)
    return this.#layers.linear(
      name,
      x,
      weight,
      scaledRows(this.#weights.take(`${name}.bias`, [width]), gamma),
    )
  }

  #addAndNorm(name: string, x: Value, added: Value): Value {
    const { width, epsilon } = this.#sizes
    const [weight, bias] = ['weight', 'bias'].map(part => this.#weights.take(`${name}.${part}`, [width]))
    if (!weight || !bias) throw new Error('a norm has two vectors')
    return this.#layers.layerNorm(name, this.#layers.g.op('Add', [x, added]), weight, bias, epsilon)
  }
}
