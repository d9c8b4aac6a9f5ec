/**
 * DINOv2's vision transformer (Oquab et al. 2023) with Sign2GPT's LoRA merged, and behind its class token the linear
 * layer and batch norm of the spatial model (Wong et al. 2024, section 3.1).
 */
import { bicubicSampling } from './bicubic.ts'
import { GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage, unquantised } from './layers.ts'
import { foldBatchNorm, rowsOf, scaledRows } from '../weights/fold.ts'
import { mergedLora } from '../weights/lora.ts'
import type { NamedWeights } from '../weights/strict.ts'
import { type LazyTensor, computed, reshaped } from '../weights/tensor.ts'
import { type VisionBlock, firstTokenAfterBlocks } from './vision-transformer.ts'

export interface Dinov2Sizes {
  width: number
  mlp: number
  depth: number
  heads: number
  patch: number
  /** Side of the picture that the tower sees, px. */
  image: number
  /** Rows of the stored position table: 37 for towers trained at 518 px. */
  grid: number
  /** Width of a row of features. */
  features: number
  epsilon: number
  /** LoRA's alpha; its rank follows from the shapes. */
  loraAlpha: number
}

/** Guards against rounding in DINOv2's own interpolation, and enters the sampling step. */
const INTERPOLATION_OFFSET = 0.1

/** Weights: those of DINOv2 (and its LoRA) by their own names, those of the layers behind it. */
export interface SpatialModelWeights {
  tower: NamedWeights
  head: NamedWeights
}

/** pixels [n, 3, image, image] -> features Z* [n, features]. */
export function buildSpatialModel(
  { tower, head }: SpatialModelWeights,
  sizes: Dinov2Sizes,
  storage: Storage,
): GraphBuilder {
  const g = new GraphBuilder('spatial')
  const layers = new Layers(g, storage)
  const { width, heads, epsilon, image, features } = sizes
  const tokens = embed(layers, g.input('pixels', 'float32', ['n', 3, image, image]), tower, sizes)
  const blocks = Array.from({ length: sizes.depth }, (_, index) => dinoBlock(tower, sizes, index))
  const shape = { hidden: width, heads, epsilon, activation: 'gelu' } as const
  const classToken = firstTokenAfterBlocks(layers, tokens, blocks, shape)
  const [scale, shift] = [tower.take('norm.weight', [width]), tower.take('norm.bias', [width])]
  const normed = layers.layerNorm('norm', classToken, scale, shift, epsilon)
  const channel = (name: string) => head.take(name, [features])
  const projection = foldBatchNorm(head.take('lin.weight', [features, width]), channel('lin.bias'), {
    gamma: channel('bn.weight'),
    beta: channel('bn.bias'),
    mean: channel('bn.running_mean'),
    variance: channel('bn.running_var'),
  })
  g.output(
    new Layers(g, unquantised(storage)).linear('projection', normed, projection.kernel, projection.bias),
    'features',
    'float32',
    ['n', features],
  )
  return g
}

/** Patches, class token, positions: [n, 3, image, image] -> [n, 1 + patches, width]. */
function embed(layers: Layers, pixels: Value, tower: NamedWeights, sizes: Dinov2Sizes): Value {
  const { g } = layers
  const { patch, width, image, grid } = sizes
  const side = image / patch
  const inputs = 3 * patch * patch
  const cells = g.op('Reshape', [pixels, g.ints([-1, 3, side, patch, side, patch])])
  const patches = g.op('Reshape', [
    g.op('Transpose', [cells], { perm: [0, 2, 4, 1, 3, 5] }),
    g.ints([-1, side * side, inputs]),
  ])
  const kernel = reshaped(tower.take('patch_embed.proj.weight', [width, 3, patch, patch]), [width, inputs])
  const bias = tower.take('patch_embed.proj.bias', [width])
  const plain = new Layers(g, unquantised(layers.storage))
  const projected = plain.linear('patch_embedding', patches, kernel, bias)
  // The class token is a constant: put a zero row in front and add it together with its position.
  const padded = g.op('Pad', [projected, g.ints([0, 1, 0, 0, 0, 0])])
  const stored = tower.take('pos_embed', [1, 1 + grid * grid, width])
  const classToken = tower.take('cls_token', [1, 1, width])
  const positions = positionTable(stored, { grid, side, width })
  return g.op('Add', [padded, layers.vector('positions', withClassToken(positions, classToken))])
}

/**
 * The stored positions [1, 1 + grid², width] for a picture of side² patches, [1 + side², width]: bicubic, sampled with
 * the step grid / (side + 0.1).
 */
export function positionTable(
  stored: LazyTensor,
  { grid, side, width }: { grid: number; side: number; width: number },
): LazyTensor {
  if (side === grid) return reshaped(stored, [1 + grid * grid, width])
  return computed([1 + side * side, width], () => {
    const step = grid / (side + INTERPOLATION_OFFSET)
    const weights = bicubicSampling(grid, side, place => (place + 0.5) * step - 0.5).read()
    const source = stored.read()
    const wide = new Float64Array(grid * side * width)
    for (let row = 0; row < grid; row += 1)
      for (let from = 0; from < grid; from += 1)
        for (let to = 0; to < side; to += 1)
          addScaled(
            wide,
            (row * side + to) * width,
            source,
            (1 + row * grid + from) * width,
            weights[from * side + to] ?? 0,
            width,
          )
    const table = new Float64Array((1 + side * side) * width)
    table.set(source.subarray(0, width))
    for (let from = 0; from < grid; from += 1)
      for (let to = 0; to < side; to += 1)
        addScaled(
          table,
          (1 + to * side) * width,
          wide,
          from * side * width,
          weights[from * side + to] ?? 0,
          side * width,
        )
    return Float32Array.from(table)
  })
}

/** target[at …] += factor · source[from …], `count` values. */
function addScaled(
  target: Float64Array,
  at: number,
  source: Float32Array | Float64Array,
  from: number,
  factor: number,
  count: number,
): void {
  if (factor === 0) return
  for (let offset = 0; offset < count; offset += 1)
    target[at + offset] = (target[at + offset] ?? 0) + factor * (source[from + offset] ?? 0)
}

function withClassToken(table: LazyTensor, classToken: LazyTensor): LazyTensor {
  return computed(table.shape, () => {
    const sum = table.read().slice()
    for (const [column, value] of classToken.read().entries()) sum[column] = (sum[column] ?? 0) + value
    return sum
  })
}

function dinoBlock(tower: NamedWeights, sizes: Dinov2Sizes, index: number): VisionBlock {
  const { width, mlp } = sizes
  const prefix = `blocks.${index}`
  const norm = (part: string) => ({
    weight: tower.take(`${prefix}.${part}.weight`, [width]),
    bias: tower.take(`${prefix}.${part}.bias`, [width]),
  })
  const linear = (part: string, lora: string, out: number, into: number) => ({
    weight: adapted(tower, sizes, {
      base: `${prefix}.${part}.weight`,
      lora: `${prefix}.${lora}`,
      shape: [out, into],
    }),
    bias: tower.take(`${prefix}.${part}.bias`, [out]),
  })
  const scaled = ({ weight, bias }: { weight: LazyTensor; bias: LazyTensor }, layerScale: string) => {
    const gamma = tower.take(`${prefix}.${layerScale}.gamma`, [width])
    return { weight: scaledRows(weight, gamma), bias: scaledRows(bias, gamma) }
  }
  const fused = linear('attn.qkv', 'attn.lora_w1', 3 * width, width)
  const third = (part: number) => ({
    weight: rowsOf(fused.weight, part * width, (part + 1) * width),
    bias: rowsOf(fused.bias, part * width, (part + 1) * width),
  })
  return {
    name: `block${index}`,
    attentionNorm: norm('norm1'),
    query: third(0),
    key: third(1),
    value: third(2),
    projection: scaled(linear('attn.proj', 'attn.lora_w2', width, width), 'ls1'),
    mlpNorm: norm('norm2'),
    mlpIn: linear('mlp.fc1', 'mlp.lora_w1', mlp, width),
    mlpOut: scaled(linear('mlp.fc2', 'mlp.lora_w2', width, mlp), 'ls2'),
  }
}

/** A matrix with its LoRA merged, where it has one. */
function adapted(
  tower: NamedWeights,
  { loraAlpha }: Dinov2Sizes,
  { base, lora, shape }: { base: string; lora: string; shape: readonly [number, number] },
): LazyTensor {
  const weight = tower.take(base, shape)
  if (!tower.has(`${lora}_l1.weight`)) return weight
  const [out, into] = shape
  const down = tower.take(`${lora}_l1.weight`, [-1, into])
  const rank = down.shape[0] ?? 1
  return mergedLora(weight, down, tower.take(`${lora}_l2.weight`, [out, rank]), loraAlpha / rank)
}
