import type { NamedWeights } from '../weights/strict.ts'
import { reshaped } from '../weights/tensor.ts'
import { GraphBuilder } from './builder.ts'
import { Layers, type Storage } from './layers.ts'
import type { XglmWeights } from './xglm.ts'

/**
 * cells Z [n, s, width of a cell] -> rows u [n, s, d] = linear(Z + sinusoid), and what every layer of the decoder will
 * read of them: cross_k_I, cross_v_I [n, heads, s, d / heads], values already weighted by the gates. Each layer puts its
 * own self-attention norm before its projections.
 */
export function buildXglmSight(post: NamedWeights, xglm: XglmWeights, storage: Storage): GraphBuilder {
  const g = new GraphBuilder('sight')
  const layers = new Layers(g, storage)
  const { width, heads, epsilon, cells: cellWidth, cellPositions } = xglm.sizes
  const cells = g.input('cells', 'float32', ['n', 's', cellWidth])
  const count = g.op('Shape', [cells], { start: 1, end: 2 })
  const stored = post.take('pos_encoder.pos', [1, cellPositions, cellWidth])
  const sinusoid = layers.fixed('sinusoid', reshaped(stored, [cellPositions, cellWidth]))
  const placed = g.op('Add', [cells, g.op('Slice', [sinusoid, g.ints([0]), count, g.ints([0])])])
  const weight = post.take('fc.weight', [width, cellWidth])
  const rows = layers.linear('fc', placed, weight, post.take('fc.bias', [width]))
  g.output(rows, 'rows', 'float32', ['n', 's', width])
  for (let index = 0; index < xglm.sizes.layers; index += 1) {
    const norm = xglm.norm(`layers.${index}.self_attn_layer_norm`)
    const normed = layers.layerNorm(`layer${index}.norm`, rows, norm.weight, norm.bias, epsilon)
    const projections = { k: xglm.projection(index, 'k', 'sight'), v: xglm.gatedValue(index) }
    for (const [part, projection] of Object.entries(projections)) {
      const wide = layers.linear(`layer${index}.${part}`, normed, projection.weight, projection.bias)
      const split = g.op('Reshape', [wide, g.ints([0, 0, heads, width / heads])])
      const perHead = g.op('Transpose', [split], { perm: [0, 2, 1, 3] })
      g.output(perHead, `cross_${part}_${index}`, 'float32', ['n', heads, 's', width / heads])
    }
  }
  return g
}
