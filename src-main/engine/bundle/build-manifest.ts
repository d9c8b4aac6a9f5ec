import type { z } from 'zod'
import type { GraphBuilder, Initializer } from '../graph/builder.ts'
import { elementCount } from '../graph/dtype.ts'
import type { ChosenTowers } from './choose-storage.ts'
import { FIDELITY_NAME, MIN_COSINE } from './fidelity.ts'
import {
  type BundleCard,
  type BundleFile,
  BundleManifest,
  MANIFEST_FORMAT,
  type Precision,
} from './manifest.ts'
import { PART_IDS, publishedPart } from './published-parts.ts'
import type { Storages } from './spamo-graphs.ts'
import type { SpamoSources } from './spamo-sources.ts'

export interface ManifestParts {
  card: BundleCard
  precision: Precision
  chosen: ChosenTowers
  language: Storages['language']
  /** Of the bundle as it would be unquantised: its weights are counted. */
  plainGraphs: readonly GraphBuilder[]
  files: BundleFile[]
  provenance: BundleManifest['provenance']
}

export function buildManifest(sources: SpamoSources, parts: ManifestParts): BundleManifest {
  const { card, precision, chosen, files, provenance } = parts
  const { clip, videomae, t5, settings, adapter } = sources
  const window = videomae.config.num_frames
  return BundleManifest.parse({
    format: MANIFEST_FORMAT,
    kind: 'spamo',
    name: card.name,
    version: card.version,
    description: card.description,
    languages: { sign: card.signLanguage, text: card.textLanguages },
    domain: card.domain,
    warning: card.warning,
    precision,
    parameters: countParameters(parts.plainGraphs),
    licences: card.licences.length > 0 ? card.licences : publishedLicences(t5.modelType),
    files,
    spatial: {
      dim: adapter.spatial,
      scales: clip.scales,
      layers: clip.config.num_hidden_layers,
      preprocessing: clip.preprocessing,
      storage: chosen.storages.spatial,
      storageCosine: chosen.cosines.spatial,
    },
    motion: {
      dim: adapter.motion,
      window,
      stride: settings.window_stride ?? Math.floor(window / 2),
      layers: videomae.config.num_hidden_layers,
      preprocessing: videomae.preprocessing,
      storage: chosen.storages.motion,
      storageCosine: chosen.cosines.motion,
    },
    fidelity: { file: FIDELITY_NAME, minCosine: MIN_COSINE },
    adapter: { inner: adapter.inner },
    t5: { ...describeT5(t5), storage: parts.language },
    generation: {
      beams: 5,
      maxLength: 64,
      lengthPenalty: 1,
      prompt: settings.prompt,
      language: settings.language,
    },
    provenance,
    card: { scores: card.scores, objectives: card.objectives, repeat: card.repeat },
  } satisfies z.input<typeof BundleManifest>)
}

/** Licences of the parts as their authors published them; the card may say otherwise for other weights. */
function publishedLicences(modelType: string): BundleManifest['licences'] {
  return PART_IDS.map(id => publishedPart(id, modelType)).map(({ name, licence, source }) => ({
    part: name,
    licence,
    source,
  }))
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

/** Weights of the bundle; a table that two graphs share counts once. */
function countParameters(graphs: readonly GraphBuilder[]): number {
  const own = graphs.flatMap(graph => graph.initializers.filter(isParameter))
  return own.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0)
}

function isParameter(tensor: Initializer): boolean {
  return typeof tensor.place === 'string' && !/^(const_|fixed\.)/.test(tensor.name)
}
