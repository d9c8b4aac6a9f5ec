import type { GraphBuilder } from '../graph/builder.ts'
import { buildClipVit } from '../graph/clip-vit.ts'
import { type Storage, unquantised } from '../graph/layers.ts'
import { planData } from '../graph/onnx-file.ts'
import { buildSignAdapter } from '../graph/sign-adapter.ts'
import type { T5Config, T5Weights } from '../graph/t5-config.ts'
import { buildT5Encoder } from '../graph/t5-encoder.ts'
import { buildT5Embedding, buildT5Step } from '../graph/t5-step.ts'
import { buildVideoMae } from '../graph/videomae.ts'
import type { BlockRange } from '../graph/vision-transformer.ts'
import { ignoreTiedEmbeddings, spamoT5Weights } from '../weights/t5-weights.ts'
import type { SpamoSources } from './spamo-sources.ts'

export interface SpamoStorages {
  spatial: Storage
  motion: Storage
  language: Storage
}

/** All graphs of a bundle; afterwards every tensor of every source is accounted for. */
export function buildSpamoGraphs(sources: SpamoSources, storages: SpamoStorages): GraphBuilder[] {
  const { clip, videomae, t5, t5Base, checkpoint, adapter, loraScale } = sources
  const t5Weights = spamoT5Weights(checkpoint, loraScale, t5Base)
  const graphs = [
    buildTower('spatial', sources, storages.spatial),
    buildTower('motion', sources, storages.motion),
    buildSignAdapter(checkpoint, adapter, unquantised(storages.language)),
    ...buildT5Graphs(t5Weights, t5.config, storages.language),
  ]
  for (const weights of [checkpoint, t5Base])
    if (weights) ignoreTiedEmbeddings(weights, t5.config.tie_word_embeddings)
  for (const weights of [clip.weights, videomae.weights, checkpoint, t5Base]) weights?.finish()
  return graphs
}

export function buildTower(
  tower: 'spatial' | 'motion',
  { clip, videomae }: SpamoSources,
  storage: Storage,
  blocks?: BlockRange,
): GraphBuilder {
  if (tower === 'spatial') return buildClipVit(clip.weights, clip.config, clip.scales, storage, blocks)
  return buildVideoMae(videomae.weights, videomae.config, storage, blocks)
}

/** embed, encoder and step; the last shares the first's table. */
export function buildT5Graphs(weights: T5Weights, config: T5Config, storage: Storage): GraphBuilder[] {
  const embed = buildT5Embedding(weights, config, storage)
  const table = planData(embed).places.get('shared')
  return [embed, buildT5Encoder(weights, config, storage), buildT5Step(weights, config, storage, table)]
}
