/**
 * XGLM (Lin et al. 2021) with Sign2GPT's adapters (Wong et al. 2024, section 3.3): LoRA on self-attention, and in every
 * layer a gated cross-attention to the cells that shares the frozen projections but has a LoRA of its own.
 */
import { z } from 'zod'
import { scaledRows } from '../weights/fold.ts'
import { mergedLora } from '../weights/lora.ts'
import type { NamedWeights } from '../weights/strict.ts'
import { type LazyTensor, computed } from '../weights/tensor.ts'

/** What we need of transformers' XGLM config.json. */
export const XglmConfig = z.object({
  model_type: z.literal('xglm'),
  d_model: z.int().positive(),
  ffn_dim: z.int().positive(),
  num_layers: z.int().positive(),
  attention_heads: z.int().positive(),
  vocab_size: z.int().positive(),
  max_position_embeddings: z.int().positive().default(2048),
  activation_function: z.literal('gelu').default('gelu'),
  scale_embedding: z.boolean().default(true),
  eos_token_id: z.int().nonnegative().default(2),
})

export interface XglmSizes {
  width: number
  mlp: number
  layers: number
  heads: number
  /** Rows of the token table, added tokens included. */
  vocabulary: number
  /** Rows of the position table. */
  positions: number
  isScaled: boolean
  epsilon: number
  loraAlpha: number
  /** Width of a cell, and rows of the sinusoid that is added to cells. */
  cells: number
  cellPositions: number
}

/** XGLM's position table begins with two rows that no token uses. */
export const POSITION_OFFSET = 2
const PAD_ROW = 1

/** A projection with one of the two sets of LoRA merged. */
export interface Projection {
  weight: LazyTensor
  bias: LazyTensor
}

/** The weights of the adapted decoder by what they do. */
export class XglmWeights {
  readonly sizes: XglmSizes
  readonly #weights: NamedWeights

  /** `weights`: by the names inside `lang_model.`. */
  constructor(weights: NamedWeights, sizes: XglmSizes) {
    this.#weights = weights
    this.sizes = sizes
  }

  tokens(): LazyTensor {
    return this.#weights.take('model.embed_tokens.weight', [this.sizes.vocabulary, this.sizes.width])
  }

  /** As stored (bfloat16 in a full checkpoint); computed where the files leave it out, as transformers' do. */
  positions(): LazyTensor {
    const { positions, width } = this.sizes
    const name = 'model.embed_positions.weights'
    return this.#weights.has(name)
      ? this.#weights.take(name, [positions, width])
      : sinusoidHalves(positions, width)
  }

  /** `side` text: queries, keys and values of the words; sight: those of the cells. */
  projection(layer: number, part: 'q' | 'k' | 'v', side: 'text' | 'sight'): Projection {
    const { width, loraAlpha } = this.sizes
    const attention = `model.layers.${layer}.self_attn`
    const lora = `${attention}.${side === 'sight' ? 'adaptor_' : ''}lora_w${part}`
    return this.#adapted(`${attention}.${part}_proj`, lora, rank => loraAlpha / rank, [width, width])
  }

  /** The release leaves alpha out of this one. */
  output(layer: number): Projection {
    const { width } = this.sizes
    const attention = `model.layers.${layer}.self_attn`
    return this.#adapted(`${attention}.out_proj`, `${attention}.lora_wo`, () => 1, [width, width])
  }

  /** What the cells say, weighted by each head's gate. */
  gatedValue(layer: number): Projection {
    const { weight, bias } = this.projection(layer, 'v', 'sight')
    const perRow = this.#perRow(this.gates(layer))
    return { weight: scaledRows(weight, perRow), bias: scaledRows(bias, perRow) }
  }

  /** Clamped to 0 … 1, [heads]. */
  gates(layer: number): LazyTensor {
    const { heads } = this.sizes
    const stored = this.#weights.take(`model.layers.${layer}.self_attn.adaptor_gate`, [1, heads, 1, 1])
    return computed([heads], () => stored.read().map(gate => Math.min(Math.max(gate, 0), 1)))
  }

  norm(name: string): { weight: LazyTensor; bias: LazyTensor } {
    return this.#pair(`model.${name}`, [this.sizes.width])
  }

  feedForward(layer: number): { wide: Projection; narrow: Projection } {
    const { width, mlp } = this.sizes
    return {
      wide: this.#pair(`model.layers.${layer}.fc1`, [mlp, width]),
      narrow: this.#pair(`model.layers.${layer}.fc2`, [width, mlp]),
    }
  }

  #pair(name: string, shape: readonly number[]) {
    return {
      weight: this.#weights.take(`${name}.weight`, shape),
      bias: this.#weights.take(`${name}.bias`, shape.slice(0, 1)),
    }
  }

  #adapted(
    base: string,
    lora: string,
    scaleOf: (rank: number) => number,
    shape: readonly [number, number],
  ): Projection {
    const { weight, bias } = this.#pair(base, shape)
    const down = this.#weights.take(`${lora}_l1.weight`, [-1, shape[1]])
    const rank = down.shape[0] ?? 1
    const up = this.#weights.take(`${lora}_l2.weight`, [shape[0], rank])
    return { weight: mergedLora(weight, down, up, scaleOf(rank)), bias }
  }

  #perRow(gates: LazyTensor): LazyTensor {
    const { width, heads } = this.sizes
    return computed([width], () => {
      const values = gates.read()
      return Float32Array.from({ length: width }, (_, row) => values[Math.floor((row * heads) / width)] ?? 0)
    })
  }
}

/** All sines, then all cosines of place · 10000^(−i / (half − 1)); the padding's row is zero. */
function sinusoidHalves(rows: number, width: number): LazyTensor {
  const half = width / 2
  return computed([rows, width], () => {
    const table = new Float32Array(rows * width)
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < half && row !== PAD_ROW; column += 1) {
        const rate = Math.fround(Math.exp(Math.fround(column * -Math.fround(Math.log(10000) / (half - 1)))))
        const angle = Math.fround(row * rate)
        table[row * width + column] = Math.sin(angle)
        table[row * width + half + column] = Math.cos(angle)
      }
    return table
  })
}
