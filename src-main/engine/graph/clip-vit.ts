/**
 * CLIP's vision tower with S2 scales (Shi et al. 2024), as SpaMo uses it: the class token after the
 * last block, before post_layernorm, of the picture and as a mean over the tiles of its enlargements.
 * Layout: openai/clip-vit-large-patch14 in transformers.
 */
import { z } from 'zod'
import type { StrictWeights } from '../weights/strict.ts'
import { type LazyTensor, computed, reshaped, transposed } from '../weights/tensor.ts'
import { bicubicEnlargement } from './bicubic.ts'
import { GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage, unquantised } from './layers.ts'
import {
  type BlockRange,
  type VisionBlock,
  type VisionShape,
  firstTokenAfterBlocks,
  tokensAfterBlocks,
} from './vision-transformer.ts'

export const ClipVisionConfig = z.object({
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  image_size: z.int().positive(),
  patch_size: z.int().positive(),
  num_channels: z.literal(3).default(3),
  layer_norm_eps: z.number().positive().default(1e-5),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
})
export type ClipVisionConfig = z.infer<typeof ClipVisionConfig>

/**
 * pixels [n,3,size,size] -> features [n, hidden * scales.length], scale after scale. A part of the blocks takes and
 * gives the tokens of all crops, [crops · n, t, hidden], where another part goes before or after it.
 */
export function buildClipVit(
  weights: StrictWeights,
  config: ClipVisionConfig,
  scales: readonly number[],
  storage: Storage,
  { from, to }: BlockRange = { from: 0, to: config.num_hidden_layers },
): GraphBuilder {
  const g = new GraphBuilder('spatial')
  const layers = new Layers(g, storage)
  const tokens =
    from === 0
      ? embed(layers, allCrops(layers, config.image_size, scales), weights, config)
      : g.input('tokens', 'float32', ['n', 't', config.hidden_size])
  const shape: VisionShape = {
    hidden: config.hidden_size,
    heads: config.num_attention_heads,
    epsilon: config.layer_norm_eps,
    activation: config.hidden_act,
  }
  const blocks = Array.from({ length: to - from }, (_, index) => clipBlock(weights, config, from + index))
  if (to < config.num_hidden_layers) {
    g.output(tokensAfterBlocks(layers, tokens, blocks, shape), 'hidden', 'float32', [
      'n',
      't',
      config.hidden_size,
    ])
    return g
  }
  const classTokens = firstTokenAfterBlocks(layers, tokens, blocks, shape)
  ignoreOtherParts(weights)
  const features = meanPerScale(g, classTokens, scales, config.hidden_size)
  g.output(features, 'features', 'float32', ['n', config.hidden_size * scales.length])
  return g
}

/** The pictures and the tiles of their enlargements: [crops · n, 3, size, size]. */
function allCrops(layers: Layers, size: number, scales: readonly number[]): Value {
  const { g } = layers
  const pixels = g.input('pixels', 'float32', ['n', 3, size, size])
  const crops = scales.map(scale => tiles(layers, pixels, scale, size))
  const [only] = crops
  return crops.length === 1 && only ? only : g.op('Concat', crops, { axis: 0 })
}

/** Everything in a complete CLIP file that the class token does not depend on. */
function ignoreOtherParts(weights: StrictWeights): void {
  weights.ignore(/^text_model\.|^text_projection\./, 'the text tower')
  weights.ignore(/^visual_projection\.|^logit_scale$/, 'the projection into the space shared with text')
  weights.ignore(/^vision_model\.post_layernorm\./, 'applied after the token that is read')
  weights.ignore(/\.position_ids$/, 'a buffer: 0, 1, 2, …')
}

/** [n,3,size,size] enlarged by `scale` and cut into scale² tiles, tile-major: [scale² · n, 3, size, size]. */
function tiles(layers: Layers, pixels: Value, scale: number, size: number): Value {
  if (scale === 1) return pixels
  const { g } = layers
  // Two matrix products: ONNX Runtime's cubic Resize of floats is some 40 times slower on a CPU.
  const weights = bicubicEnlargement(size, scale)
  const wide = g.op('MatMul', [pixels, layers.fixed(`enlarge${scale}.columns`, weights)])
  const enlarged = g.op('MatMul', [layers.fixed(`enlarge${scale}.rows`, transposed(weights)), wide])
  const grid = g.op('Reshape', [enlarged, g.ints([-1, 3, scale, size, scale, size])])
  const tileMajor = g.op('Transpose', [grid], { perm: [2, 4, 0, 1, 3, 5] })
  return g.op('Reshape', [tileMajor, g.ints([-1, 3, size, size])])
}

/** Patches, class token, positions, pre_layrnorm: [b,3,size,size] -> [b, 1 + patches, hidden]. */
function embed(layers: Layers, crops: Value, weights: StrictWeights, config: ClipVisionConfig): Value {
  const { g } = layers
  const { patch_size: patch, hidden_size: hidden } = config
  const side = Math.floor(config.image_size / patch)
  if (side * patch !== config.image_size) throw new Error('CLIP: the picture is no whole number of patches')
  const prefix = 'vision_model.embeddings'
  const kernel = weights.take(`${prefix}.patch_embedding.weight`, [hidden, 3, patch, patch])
  const grid = g.op('Reshape', [crops, g.ints([-1, 3, side, patch, side, patch])])
  const patches = g.op('Reshape', [
    g.op('Transpose', [grid], { perm: [0, 2, 4, 1, 3, 5] }),
    g.ints([-1, side * side, 3 * patch * patch]),
  ])
  const projected = new Layers(g, unquantised(layers.storage)).linear(
    'patch_embedding',
    patches,
    reshaped(kernel, [hidden, 3 * patch * patch]),
  )
  // The class token is a constant: put a zero row in front and add it together with its position.
  const padded = g.op('Pad', [projected, g.ints([0, 1, 0, 0, 0, 0])])
  const positions = weights.take(`${prefix}.position_embedding.weight`, [1 + side * side, hidden])
  const classToken = weights.take(`${prefix}.class_embedding`, [hidden])
  const table = layers.vector('positions', addToFirstRow(positions, classToken))
  const norm = {
    weight: weights.take('vision_model.pre_layrnorm.weight', [hidden]),
    bias: weights.take('vision_model.pre_layrnorm.bias', [hidden]),
  }
  return layers.layerNorm(
    'pre_layrnorm',
    g.op('Add', [padded, table]),
    norm.weight,
    norm.bias,
    config.layer_norm_eps,
  )
}

function addToFirstRow(table: LazyTensor, row: LazyTensor): LazyTensor {
  return computed(table.shape, () => {
    const sum = table.read().slice()
    for (const [column, value] of row.read().entries()) sum[column] = (sum[column] ?? 0) + value
    return sum
  })
}

function clipBlock(weights: StrictWeights, config: ClipVisionConfig, index: number): VisionBlock {
  const { hidden_size: hidden, intermediate_size: wide } = config
  const prefix = `vision_model.encoder.layers.${index}`
  const linear = (part: string, out: number, into: number) => ({
    weight: weights.take(`${prefix}.${part}.weight`, [out, into]),
    bias: weights.take(`${prefix}.${part}.bias`, [out]),
  })
  const norm = (part: string) => ({
    weight: weights.take(`${prefix}.${part}.weight`, [hidden]),
    bias: weights.take(`${prefix}.${part}.bias`, [hidden]),
  })
  return {
    name: `block${index}`,
    attentionNorm: norm('layer_norm1'),
    query: linear('self_attn.q_proj', hidden, hidden),
    key: linear('self_attn.k_proj', hidden, hidden),
    value: linear('self_attn.v_proj', hidden, hidden),
    projection: linear('self_attn.out_proj', hidden, hidden),
    mlpNorm: norm('layer_norm2'),
    mlpIn: linear('mlp.fc1', wide, hidden),
    mlpOut: linear('mlp.fc2', hidden, wide),
  }
}

/** Class tokens of all crops [(1 + 4 + …) · n, hidden] -> per picture, a mean over each scale's tiles. */
function meanPerScale(g: GraphBuilder, classTokens: Value, scales: readonly number[], hidden: number): Value {
  if (scales.length === 1 && scales[0] === 1) return classTokens
  const crops = scales.map(scale => scale * scale)
  const total = crops.reduce((sum, count) => sum + count, 0)
  // Crop-major, pictures inside: [crops, n, hidden].
  const stacked = g.op('Reshape', [classTokens, g.ints([total, -1, hidden])])
  let start = 0
  const means = crops.map(count => {
    const part = g.op('Slice', [stacked, g.ints([start]), g.ints([start + count]), g.ints([0])])
    start += count
    return g.op('ReduceMean', [part, g.ints([0])], { keepdims: 0 })
  })
  return g.op('Concat', means, { axis: 1 })
}
