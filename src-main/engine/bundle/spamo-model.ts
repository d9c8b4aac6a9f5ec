import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { z } from 'zod'
import { describedBy, storedAs } from './build-manifest.ts'
import { type CheckFacts, checkInputs } from './check-frames.ts'
import { type BundleManifest, SpamoManifest } from './manifest.ts'
import type { ManifestFacts, ModelSources, TowerPlan } from './model-sources.ts'
import { publishedLicences } from './published-parts.ts'
import { buildSpamoGraphs, buildTower } from './spamo-graphs.ts'
import type { SpamoSources } from './spamo-sources.ts'

/** A large vision transformer's blocks have 50 MB each in 32 bits: four of them weigh less than what they compute. */
const BLOCKS_PER_PART = 4

/** What the conversion of a SpaMo model is made of. */
export function spamoModel(sources: SpamoSources, blocksPerPart = BLOCKS_PER_PART): ModelSources {
  const { clip, videomae, t5, settings, files } = sources
  return {
    files,
    settings: [clip.config, clip.preprocessing, videomae.config, videomae.preprocessing, t5.config, settings],
    towers: (['spatial', 'motion'] as const).map(tower => towerPlan(tower, sources, blocksPerPart)),
    graphs: ({ towers: { spatial = 'fp32', motion = 'fp32' }, language }) =>
      buildSpamoGraphs(sources, { spatial, motion, language }),
    companions: () => t5.tokenizerFiles.map(path => ({ path: basename(path), bytes: readFileSync(path) })),
    manifest: facts => spamoManifest(sources, facts),
    [Symbol.dispose]: () => sources[Symbol.dispose](),
  }
}

function towerPlan(tower: 'spatial' | 'motion', sources: SpamoSources, blocksPerPart: number): TowerPlan {
  const { clip, videomae } = sources
  const { num_hidden_layers: blocks } = tower === 'spatial' ? clip.config : videomae.config
  const facts: CheckFacts = {
    kind: 'spamo',
    spatial: { preprocessing: clip.preprocessing },
    motion: { preprocessing: videomae.preprocessing, window: videomae.config.num_frames },
  }
  return {
    name: tower,
    parts: Array.from({ length: Math.ceil(blocks / blocksPerPart) }, (_, index) => ({
      from: index * blocksPerPart,
      to: Math.min(blocks, (index + 1) * blocksPerPart),
    })),
    build: (storage, range) => buildTower(tower, sources, storage, range),
    inputs: () => checkInputs(tower, facts),
  }
}

function spamoManifest(sources: SpamoSources, facts: ManifestFacts): BundleManifest {
  const { clip, videomae, t5, settings, adapter } = sources
  const window = videomae.config.num_frames
  return SpamoManifest.parse({
    kind: 'spamo',
    ...describedBy(facts, publishedLicences('spamo', t5.modelType)),
    spatial: {
      dim: adapter.spatial,
      scales: clip.scales,
      layers: clip.config.num_hidden_layers,
      preprocessing: clip.preprocessing,
      ...storedAs(facts, 'spatial'),
    },
    motion: {
      dim: adapter.motion,
      window,
      stride: settings.window_stride ?? Math.floor(window / 2),
      layers: videomae.config.num_hidden_layers,
      preprocessing: videomae.preprocessing,
      ...storedAs(facts, 'motion'),
    },
    adapter: { inner: adapter.inner },
    t5: { ...describeT5(t5), storage: facts.language },
    generation: {
      beams: 5,
      maxLength: 64,
      lengthPenalty: 1,
      prompt: settings.prompt,
      language: settings.language,
    },
    provenance: { ...facts.provenance, checkpoint: sources.facts, loraScale: sources.loraScale },
  } satisfies z.input<typeof SpamoManifest>)
}

function describeT5({ config, maxPromptTokens }: SpamoSources['t5']) {
  return {
    model: config.d_model,
    heads: config.num_heads,
    headWidth: config.d_kv,
    encoderLayers: config.num_layers,
    decoderLayers: config.num_decoder_layers,
    vocabulary: config.vocab_size,
    startId: config.decoder_start_token_id,
    endId: config.eos_token_id,
    maxPromptTokens,
  }
}
