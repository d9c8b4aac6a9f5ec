/**
 * The pre-norm transformer that CLIP's and VideoMAE's vision towers share. Only one token of the
 * last block is read, so that block's queries, projection and MLP are computed for it alone.
 */
import { type LazyTensor, joined, zeros } from '../weights/tensor.ts'
import { attention } from './attention.ts'
import type { Value } from './builder.ts'
import type { Layers } from './layers.ts'

export interface Norm {
  weight: LazyTensor
  bias: LazyTensor
}

export interface Linear {
  /** [out, in] */
  weight: LazyTensor
  bias: LazyTensor
}

export interface VisionBlock {
  name: string
  attentionNorm: Norm
  query: { weight: LazyTensor; bias?: LazyTensor }
  key: { weight: LazyTensor; bias?: LazyTensor }
  value: { weight: LazyTensor; bias?: LazyTensor }
  projection: Linear
  mlpNorm: Norm
  mlpIn: Linear
  mlpOut: Linear
}

export interface VisionShape {
  hidden: number
  heads: number
  epsilon: number
  activation: 'quick_gelu' | 'gelu'
}

/** Blocks `from` up to, not including, `to`: one of the graphs that a tower is cut into where memory is short. */
export interface BlockRange {
  from: number
  to: number
}

/** Tokens [n, t, hidden] -> token 0 after the last block, [n, hidden]; no final norm. */
export function firstTokenAfterBlocks(
  layers: Layers,
  tokens: Value,
  blocks: readonly VisionBlock[],
  shape: VisionShape,
): Value {
  const { g } = layers
  return g.op('Squeeze', [afterBlocks(layers, tokens, blocks, shape, 'first token'), g.ints([1])])
}

/** Tokens [n, t, hidden] -> all of them after these blocks of a tower that goes on. */
export function tokensAfterBlocks(
  layers: Layers,
  tokens: Value,
  blocks: readonly VisionBlock[],
  shape: VisionShape,
): Value {
  return afterBlocks(layers, tokens, blocks, shape, 'all tokens')
}

function afterBlocks(
  layers: Layers,
  tokens: Value,
  blocks: readonly VisionBlock[],
  shape: VisionShape,
  wanted: 'first token' | 'all tokens',
): Value {
  const { g } = layers
  const [first, ...rest] = blocks
  if (!first) throw new Error('A vision tower without blocks')
  let normed = layers.layerNorm(
    `${first.name}.norm1`,
    tokens,
    first.attentionNorm.weight,
    first.attentionNorm.bias,
    shape.epsilon,
  )
  let residual = tokens
  for (const [index, block] of blocks.entries()) {
    const isNarrow = wanted === 'first token' && index === blocks.length - 1
    const queried = isNarrow ? firstToken(layers, normed) : normed
    const attended = selfAttention(layers, block, queried, normed, shape)
    if (isNarrow) residual = firstToken(layers, residual)
    const middle = addAndNorm(
      layers,
      `${block.name}.norm2`,
      attended,
      residual,
      block.projection.bias,
      block.mlpNorm,
      shape,
    )
    const mlp = feedForward(layers, block, middle.normed, shape)
    const next = rest[index]
    if (next) {
      const added = addAndNorm(
        layers,
        `${next.name}.norm1`,
        mlp,
        middle.sum,
        block.mlpOut.bias,
        next.attentionNorm,
        shape,
      )
      normed = added.normed
      residual = added.sum
    } else {
      residual = g.op('Add', [
        g.op('Add', [mlp, layers.vector(`${block.name}.mlpOut.bias`, block.mlpOut.bias)]),
        middle.sum,
      ])
    }
  }
  return residual
}

/** Queries from `x`, keys and values from `context`; without the projection's bias. */
function selfAttention(
  layers: Layers,
  block: VisionBlock,
  x: Value,
  context: Value,
  shape: VisionShape,
): Value {
  const query = layers.linear(`${block.name}.query`, x, block.query.weight)
  const key = layers.linear(`${block.name}.key`, context, block.key.weight)
  const value = layers.linear(`${block.name}.value`, context, block.value.weight)
  const biases = [block.query.bias, block.key.bias, block.value.bias].map(bias => bias ?? zeros(shape.hidden))
  const inputBias = layers.vector(`${block.name}.qkv.bias`, joined(biases))
  const { heads, hidden } = shape
  const mixed = attention(layers.g, { query, key, value, inputBias, heads, width: hidden / heads })
  return layers.linear(`${block.name}.projection`, mixed, block.projection.weight)
}

function feedForward(layers: Layers, block: VisionBlock, x: Value, shape: VisionShape): Value {
  const { g } = layers
  const wide = layers.linear(`${block.name}.mlpIn`, x, block.mlpIn.weight)
  const bias = layers.vector(`${block.name}.mlpIn.bias`, block.mlpIn.bias)
  const active =
    shape.activation === 'gelu'
      ? g.op('BiasGelu', [wide, bias])
      : g.op('QuickGelu', [g.op('Add', [wide, bias])], { alpha: { float: 1.702 } })
  return layers.linear(`${block.name}.mlpOut`, active, block.mlpOut.weight)
}

/** sum = x + bias + skip; normed = LayerNorm(sum). */
function addAndNorm(
  layers: Layers,
  name: string,
  x: Value,
  skip: Value,
  bias: LazyTensor,
  norm: Norm,
  shape: VisionShape,
) {
  const inputs = [
    x,
    skip,
    layers.vector(`${name}.weight`, norm.weight),
    layers.vector(`${name}.bias`, norm.bias),
    layers.vector(`${name}.addedBias`, bias),
  ]
  const [normed, sum] = layers.g.ops('SkipLayerNormalization', inputs, [true, false, false, true], {
    epsilon: { float: shape.epsilon },
  })
  if (!normed || !sum) throw new Error('SkipLayerNormalization has two outputs')
  return { normed, sum }
}

function firstToken(layers: Layers, tokens: Value): Value {
  const { g } = layers
  return g.op('Slice', [tokens, g.ints([0]), g.ints([1]), g.ints([1])])
}
