/** T5's encoder, and with it the keys and values that every decoder layer will read in cross-attention. */
import { GraphBuilder } from './builder.ts'
import { Layers, type Storage } from './layers.ts'
import type { T5Config, T5Weights } from './t5-config.ts'
import { T5Layers } from './t5-layers.ts'

/** embeds [n,s,d], mask int64 [n,s] -> hidden [n,s,d], cross_k_I and cross_v_I [n,heads,s,d_kv]. */
export function buildT5Encoder(weights: T5Weights, config: T5Config, storage: Storage): GraphBuilder {
  const g = new GraphBuilder('encoder')
  const t5 = new T5Layers(new Layers(g, storage), weights, config)
  const embeds = g.input('embeds', 'float32', ['n', 's', config.d_model])
  const mask = g.input('mask', 'int64', ['n', 's'])
  const positions = t5.positions(embeds, 1)
  const relative = t5.relativeBias('encoder.block.0.layer.0.SelfAttention', positions, positions, true)
  const bias = g.op('Add', [relative, t5.maskBias(mask)])

  let sum = embeds
  let normed = t5.norm('encoder.block.0.layer.0.layer_norm', embeds)
  for (let index = 0; index < config.num_layers; index += 1) {
    const block = `encoder.block.${index}`
    const attention = `${block}.layer.0.SelfAttention`
    const [query, key, value] = ['q', 'k', 'v'].map(part => t5.intoHeads(`${attention}.${part}`, normed))
    if (!query || !key || !value) throw new Error('three projections')
    const mixed = t5.attention({ query, key, value, bias })
    const middle = t5.addAndNorm(`${block}.layer.1.layer_norm`, t5.outOfHeads(`${attention}.o`, mixed), sum)
    const isLast = index + 1 === config.num_layers
    const nextNorm = isLast ? 'encoder.final_layer_norm' : `encoder.block.${index + 1}.layer.0.layer_norm`
    const next = t5.addAndNorm(
      nextNorm,
      t5.feedForward(`${block}.layer.1.DenseReluDense`, middle.normed),
      middle.sum,
    )
    sum = next.sum
    normed = next.normed
  }

  g.output(normed, 'hidden', 'float32', ['n', 's', config.d_model])
  for (let index = 0; index < config.num_decoder_layers; index += 1) {
    const shape = ['n', config.num_heads, 's', config.d_kv]
    const attention = `decoder.block.${index}.layer.1.EncDecAttention`
    for (const part of ['k', 'v'])
      g.output(
        t5.splitHeads(t5.intoHeads(`${attention}.${part}`, normed)),
        `cross_${part}_${index}`,
        'float32',
        shape,
      )
  }
  return g
}
