/**
 * SpaMo's sign adapter, fusion mode "joint": both feature streams projected and joined along time,
 * K5-P2-K5-P2 temporal convolutions, two linear layers with erf GELU (spec: §4.1 of the release).
 */
import { foldBatchNorm } from '../weights/fold.ts'
import type { StrictWeights } from '../weights/strict.ts'
import { GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage } from './layers.ts'

export interface AdapterSizes {
  spatial: number
  motion: number
  /** Width between the projections and the fusion layers. */
  inner: number
  /** Width of the language model. */
  model: number
}

/** Rows that the two 5-wide convolutions and two poolings need for one visual token. */
export const MIN_JOINT_ROWS = 16
const KERNEL = 5

/** spatial [1,t,S], motion [1,w,M] -> visual [1, ⌊(max(t+w,16) − 12) / 4⌋, d]. */
export function buildSignAdapter(
  weights: StrictWeights,
  sizes: AdapterSizes,
  storage: Storage,
): GraphBuilder {
  const g = new GraphBuilder('adapter')
  const layers = new Layers(g, storage)
  const spatial = g.input('spatial', 'float32', [1, 't', sizes.spatial])
  const motion = g.input('motion', 'float32', [1, 'w', sizes.motion])
  const projected = [
    linear(layers, weights, 'spatio_proj', spatial, sizes.inner, sizes.spatial),
    linear(layers, weights, 'spatiotemp_proj', motion, sizes.inner, sizes.motion),
  ]
  const rows = padToMinimum(g, g.op('Concat', projected, { axis: 1 }), sizes.inner)
  let channels = g.op('Transpose', [rows], { perm: [0, 2, 1] })
  for (const index of [0, 4]) {
    const active = g.op('Relu', [convolution(layers, weights, index, channels, sizes.inner)])
    channels = g.op('MaxPool', [active], { kernel_shape: [2], strides: [2] })
  }
  const pooled = g.op('Transpose', [channels], { perm: [0, 2, 1] })
  const wide = g.op('Gelu', [linear(layers, weights, 'fusion_proj.0', pooled, sizes.model, sizes.inner)])
  g.output(linear(layers, weights, 'fusion_proj.2', wide, sizes.model, sizes.model), 'visual', 'float32', [
    1,
    'v',
    sizes.model,
  ])
  weights.ignore(/\.num_batches_tracked$/, 'a counter of training steps')
  weights.ignore(/^logit_scale$/, 'only in the training loss')
  return g
}

function linear(
  layers: Layers,
  weights: StrictWeights,
  name: string,
  x: Value,
  out: number,
  into: number,
): Value {
  return layers.linear(
    name,
    x,
    weights.take(`${name}.weight`, [out, into]),
    weights.take(`${name}.bias`, [out]),
  )
}

/**
 * The release crops a clip of fewer than 16 joined rows to nothing or crashes; the remedy of its
 * public forks is to append zero rows (after the projections) and keep one visual token.
 */
function padToMinimum(g: GraphBuilder, rows: Value, width: number): Value {
  const count = g.op('Shape', [rows], { start: 1, end: 2 })
  const wanted = g.op('Max', [count, g.ints([MIN_JOINT_ROWS])])
  const missing = g.op('Sub', [wanted, count])
  const shape = g.op('Concat', [g.ints([1]), missing, g.ints([width])], { axis: 0 })
  return g.op('Concat', [rows, g.op('Expand', [g.float(0), shape])], { axis: 1 })
}

/** Convolution with the batch norm behind it (in evaluation mode) folded in. */
function convolution(layers: Layers, weights: StrictWeights, index: number, x: Value, width: number): Value {
  const prefix = 'temporal_encoder.temporal_conv'
  const take = (name: string) => weights.take(`${prefix}.${name}`, [width])
  const kernel = weights.take(`${prefix}.${index}.weight`, [width, width, KERNEL])
  const bias = take(`${index}.bias`)
  const norm = {
    gamma: take(`${index + 1}.weight`),
    beta: take(`${index + 1}.bias`),
    mean: take(`${index + 1}.running_mean`),
    variance: take(`${index + 1}.running_var`),
  }
  const folded = foldBatchNorm(kernel, bias, norm)
  const inputs = [
    x,
    layers.matrix(`conv${index}.weight`, folded.kernel),
    layers.vector(`conv${index}.bias`, folded.bias),
  ]
  return layers.g.op('Conv', inputs, { kernel_shape: [KERNEL] })
}
