import { AppError } from '#shared/contract/errors.ts'
import type { BundleManifest } from '../bundle/manifest.ts'
import { type Fingerprints, openBundle } from '../bundle/open-bundle.ts'
import type { FeatureKind } from '../feature-kind.ts'
import type { Localisation } from './cell-localiser.ts'
import { resumeFrame } from './feature-extractor.ts'
import type { PartialFeatures } from './partial-features.ts'
import { openSign2gpt, resumeSign2gpt, type Sign2gptPipeline } from './sign2gpt.ts'
import {
  type ExtractOptions,
  type FeatureMatrix,
  type FrameBatch,
  openSpamo,
  type OpenOptions,
  type SpamoPipeline,
  type TranslateOptions,
  type TranslateResult,
} from './spamo.ts'

export type Features = Partial<Record<FeatureKind, FeatureMatrix>>

export interface ClipToTranslate {
  features: Features
  options: TranslateOptions
}

/** What the engine does with a bundle of any kind. */
export interface ClipPipeline {
  manifest: BundleManifest
  fingerprints: Fingerprints
  /** The frame, from the clip's first, that an extraction with these rows has to read next. */
  resumeFrame: (kinds: readonly FeatureKind[], partial: PartialFeatures) => number
  /** From one pass over the frames. */
  extract: (
    frames: AsyncIterable<FrameBatch>,
    kinds: readonly FeatureKind[],
    options: ExtractOptions,
  ) => Promise<{ features: Features; modelMs: number }>
  /** One result a clip, that of the clip alone. */
  translate: (clips: readonly ClipToTranslate[]) => Promise<TranslateResult[]>
  /** @throws AppError model-unavailable for a model that cannot localise */
  localise: (features: Features, words: readonly string[] | null) => Promise<Localisation>
  release: () => Promise<void>
}

export async function openPipeline(bundleDir: string, options: OpenOptions): Promise<ClipPipeline> {
  return openBundle(bundleDir).manifest.kind === 'spamo'
    ? ofSpamo(await openSpamo(bundleDir, options))
    : ofSign2gpt(await openSign2gpt(bundleDir, options))
}

function ofSpamo(spamo: SpamoPipeline): ClipPipeline {
  const wantsOf = (kinds: readonly FeatureKind[]) => ({
    spatial: kinds.includes('spatial'),
    motion: kinds.includes('motion'),
  })
  return {
    manifest: spamo.manifest,
    fingerprints: spamo.fingerprints,
    resumeFrame: (kinds, partial) => resumeFrame(spamo.manifest, wantsOf(kinds), partial),
    async extract(frames, kinds, options) {
      const { modelMs, ...features } = await spamo.extract(frames, wantsOf(kinds), options)
      return { features, modelMs }
    },
    translate: clips =>
      spamo.translateAll(
        clips.map(({ features, options }) => ({
          features: { spatial: needed(features, 'spatial'), motion: needed(features, 'motion') },
          options,
        })),
      ),
    async localise() {
      throw new AppError(
        'model-unavailable',
        `${spamo.manifest.name} is a SpaMo model, which has no prototypes to localise. Choose a Sign2GPT model of the first stage.`,
      )
    },
    release: spamo.release,
  }
}

function ofSign2gpt(sign2gpt: Sign2gptPipeline): ClipPipeline {
  const { manifest } = sign2gpt
  return {
    manifest,
    fingerprints: sign2gpt.fingerprints,
    resumeFrame: (_kinds, partial) => resumeSign2gpt(manifest, partial),
    async extract(frames, _kinds, options) {
      const { zstar, modelMs } = await sign2gpt.extract(frames, options)
      return { features: { zstar }, modelMs }
    },
    async translate(clips) {
      const results: TranslateResult[] = []
      for (const clip of clips) results.push(await translateCells(sign2gpt, clip))
      return results
    },
    localise: (features, words) => sign2gpt.localise(needed(features, 'zstar'), words),
    release: sign2gpt.release,
  }
}

async function translateCells(
  sign2gpt: Sign2gptPipeline,
  { features, options }: ClipToTranslate,
): Promise<TranslateResult> {
  const { manifest } = sign2gpt
  const zstar = needed(features, 'zstar')
  const { hypotheses, rows, cells, modelMs } = await sign2gpt.translate(zstar, options)
  const hop = 2 * manifest.spatial.stride
  // The clip's last frames may follow the last selected one.
  const geometry = { layout: 'cells', frames: options.frames ?? rows * manifest.spatial.stride } as const
  return {
    hypotheses,
    geometry: { ...geometry, windows: cells, window: hop, stride: hop },
    pseudoGlosses: await sign2gpt.nearest(zstar, geometry.frames),
    tooShort: false,
    modelMs,
  }
}

function needed(features: Features, kind: FeatureKind): FeatureMatrix {
  const matrix = features[kind]
  if (matrix) return matrix
  throw new AppError('invalid-input', `This model needs ${kind} features. Extract them with this model.`)
}
