/**
 * VideoMAE's encoder as SpaMo uses it: token 0 (the top-left patch of frames 0 and 1, not a class
 * token) after the last block, before the final norm. Layout: MCG-NJU/videomae-large in transformers.
 */
import { z } from 'zod'
import type { StrictWeights } from '../weights/strict.ts'
import { type LazyTensor, computed, reshaped } from '../weights/tensor.ts'
import { GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage, unquantised } from './layers.ts'
import {
  type BlockRange,
  type VisionBlock,
  firstTokenAfterBlocks,
  tokensAfterBlocks,
} from './vision-transformer.ts'

export const VideoMaeConfig = z.object({
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  image_size: z.int().positive(),
  patch_size: z.int().positive(),
  tubelet_size: z.int().positive().default(2),
  num_frames: z.int().positive().default(16),
  num_channels: z.literal(3).default(3),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: z.literal('gelu').default('gelu'),
  qkv_bias: z.boolean().default(true),
})
export type VideoMaeConfig = z.infer<typeof VideoMaeConfig>

/**
 * pixels [m, frames, 3, size, size] -> features [m, hidden]. A part of the blocks takes and gives tokens
 * [m, tubelets, hidden] where another part goes before or after it.
 */
export function buildVideoMae(
  weights: StrictWeights,
  config: VideoMaeConfig,
  storage: Storage,
  { from, to }: BlockRange = { from: 0, to: config.num_hidden_layers },
): GraphBuilder {
  const g = new GraphBuilder('motion')
  const layers = new Layers(g, storage)
  const { image_size: size, num_frames: frames, hidden_size: hidden } = config
  const tokens =
    from === 0
      ? embed(layers, g.input('pixels', 'float32', ['m', frames, 3, size, size]), weights, config)
      : g.input('tokens', 'float32', ['m', 't', hidden])
  const blocks = Array.from({ length: to - from }, (_, index) => videoMaeBlock(weights, config, from + index))
  const shape = {
    hidden,
    heads: config.num_attention_heads,
    epsilon: config.layer_norm_eps,
    activation: 'gelu',
  } as const
  if (to < config.num_hidden_layers) {
    g.output(tokensAfterBlocks(layers, tokens, blocks, shape), 'hidden', 'float32', ['m', 't', hidden])
    return g
  }
  const features = firstTokenAfterBlocks(layers, tokens, blocks, shape)
  weights.ignore(/^decoder\.|^encoder_to_decoder\.|^mask_token$/, 'the pre-training decoder')
  weights.ignore(/^videomae\.layernorm\./, 'applied after the token that is read')
  weights.ignore(/position_embeddings$/, 'computed: fixed sines and cosines')
  g.output(features, 'features', 'float32', ['m', hidden])
  return g
}

/** Tubelets in the order time, row, column: [m, frames, 3, size, size] -> [m, tubelets, hidden]. */
function embed(layers: Layers, pixels: Value, weights: StrictWeights, config: VideoMaeConfig): Value {
  const { g } = layers
  const { patch_size: patch, tubelet_size: tube, hidden_size: hidden } = config
  const side = Math.floor(config.image_size / patch)
  const steps = Math.floor(config.num_frames / tube)
  const inputs = 3 * tube * patch * patch
  const prefix = 'videomae.embeddings.patch_embeddings.projection'
  const kernel = weights.take(`${prefix}.weight`, [hidden, 3, tube, patch, patch])
  const bias = weights.take(`${prefix}.bias`, [hidden])
  const grid = g.op('Reshape', [pixels, g.ints([-1, tube, 3, side, patch, side, patch])])
  const channelsFirst = g.op('Transpose', [grid], { perm: [0, 3, 5, 2, 1, 4, 6] })
  const patches = g.op('Reshape', [channelsFirst, g.ints([-1, steps * side * side, inputs])])
  const projected = new Layers(g, unquantised(layers.storage)).linear(
    'patch_embedding',
    patches,
    reshaped(kernel, [hidden, inputs]),
    bias,
  )
  return g.op('Add', [projected, layers.fixed('positions', sincosTable(steps * side * side, hidden))])
}

/** Row p, column j: angle p / 10000^(2·floor(j/2)/d), sine for even j, cosine for odd j; rounded once, from float64. */
export function sincosTable(rows: number, width: number): LazyTensor {
  return computed([rows, width], () => {
    const table = new Float32Array(rows * width)
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < width; column += 1) {
        const angle = row / 10000 ** ((2 * Math.floor(column / 2)) / width)
        table[row * width + column] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
      }
    return table
  })
}

function videoMaeBlock(weights: StrictWeights, config: VideoMaeConfig, index: number): VisionBlock {
  const { hidden_size: hidden, intermediate_size: wide } = config
  const prefix = `videomae.encoder.layer.${index}`
  const attention = `${prefix}.attention.attention`
  const matrix = (name: string, out: number, into: number) => weights.take(`${name}.weight`, [out, into])
  const withBias = (name: string, out: number, into: number) => ({
    weight: matrix(name, out, into),
    bias: weights.take(`${name}.bias`, [out]),
  })
  const norm = (name: string) => ({
    weight: weights.take(`${name}.weight`, [hidden]),
    bias: weights.take(`${name}.bias`, [hidden]),
  })
  const optionalBias = (name: string) => (config.qkv_bias ? { bias: weights.take(name, [hidden]) } : {})
  return {
    name: `block${index}`,
    attentionNorm: norm(`${prefix}.layernorm_before`),
    query: { weight: matrix(`${attention}.query`, hidden, hidden), ...optionalBias(`${attention}.q_bias`) },
    // Queries and values have biases, keys have none.
    key: { weight: matrix(`${attention}.key`, hidden, hidden) },
    value: { weight: matrix(`${attention}.value`, hidden, hidden), ...optionalBias(`${attention}.v_bias`) },
    projection: withBias(`${prefix}.attention.output.dense`, hidden, hidden),
    mlpNorm: norm(`${prefix}.layernorm_after`),
    mlpIn: withBias(`${prefix}.intermediate.dense`, wide, hidden),
    mlpOut: withBias(`${prefix}.output.dense`, hidden, wide),
  }
}
