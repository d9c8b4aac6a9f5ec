/**
 * The SpaMo pipeline: frames -> CLIP S2 and VideoMAE features -> sign adapter -> T5 -> text
 * (Hwang et al. 2025, arXiv 2408.10593). Runs on a thread of its own: `session.run` blocks.
 */
import type { SpamoManifest } from '../bundle/manifest.ts'
import { assertKind, type Fingerprints, openBundle } from '../bundle/open-bundle.ts'
import { FeatureExtractor, VISION_GRAPHS } from './feature-extractor.ts'
import type { PartialFeatures } from './partial-features.ts'
import type { LengthRule } from '../decoding/length-rule.ts'
import type { TokenWord } from '../decoding/words.ts'
import type { TokenSpan, VisualGeometry } from '#shared/domain/visual-tokens.ts'
import { createStages, type Device, Sessions } from './sessions.ts'
import { LANGUAGE_GRAPHS, SignTranslator } from './sign-translator.ts'

export type { Device } from './sessions.ts'

/** Consecutive frames of one video, RGB, 8 bit, row-major: n * height * width * 3 bytes. */
export interface FrameBatch {
  pixels: Uint8Array
  count: number
  width: number
  height: number
}

/** Row-major float32 [rows, dim]. */
export interface FeatureMatrix {
  data: Float32Array
  shape: [number, number]
}

export interface ExtractWants {
  spatial: boolean
  motion: boolean
}

export interface ExtractOptions {
  signal: AbortSignal
  /** Called with the number of frames whose spatial features (or motion windows) are done. */
  onFrames: (done: number) => void
  /** What an interrupted extraction left, and where this one leaves its rows as they come. */
  partial?: PartialFeatures | undefined
}

export interface ExtractResult {
  spatial?: FeatureMatrix
  motion?: FeatureMatrix
  /** Time inside ONNX Runtime. */
  modelMs: number
}

/** Beam sampling as SpaMo's release decodes, or with one beam plain sampling. */
export interface Sampling {
  /** Text that the random numbers start from: equal seeds give equal sentences. */
  seed: string
  temperature: number
  /** 0 = all of the vocabulary. */
  topK: number
  topP: number
}

/** The vocabulary items nearest to a visual token, and the frames that the token has seen. */
export interface PseudoGloss extends TokenSpan {
  /** Nearest first. */
  ids: number[]
  /** As in the vocabulary; `▁` marks the start of a word. */
  pieces: string[]
}

export interface TranslateOptions {
  /** Default: deterministic beam search. */
  sampling?: Sampling
  beams?: number
  /** Counts the start token, as in transformers' `max_length`. */
  maxLength?: number
  lengthPenalty?: number
  /** How hypotheses are scored by length; default: as the model's release does. */
  lengthRule?: LengthRule
  nBest?: number
  /** English name of the target language, put into the prompt; default: the bundle's. */
  language?: string
  /** Example pairs appended to the prompt after one space, for in-context use. */
  examples?: string
  /** Frames of the clip, where the features do not say: those of every second frame. */
  frames?: number
  signal: AbortSignal
}

export interface Hypothesis {
  text: string
  /** Sum of log-probabilities divided by length ** lengthPenalty. */
  score: number
  /** Ids with start token and, where generated, `</s>`. */
  tokens: number[]
  words: TokenWord[]
  /** For each token after the first its cross-attention over the visual tokens, [tokens − 1, visual tokens]; the rest went to the prompt. */
  attention: Float32Array
}

export interface TranslateResult {
  hypotheses: Hypothesis[]
  geometry: VisualGeometry
  pseudoGlosses: PseudoGloss[]
  modelMs: number
  /** T + N < 16: joined rows were zero-padded to 16, one visual token was kept. */
  tooShort: boolean
}

export interface SpamoPipeline {
  manifest: SpamoManifest
  /** Hash of weights and preprocessing facts; features of different fingerprints must not be mixed. */
  fingerprints: Fingerprints
  /** Features of each frame: [count, spatialDim]. */
  spatial(batch: FrameBatch): Promise<Float32Array>
  /** Feature of one window of exactly 16 frames: [motionDim]. */
  motion(window: FrameBatch): Promise<Float32Array>
  /** Features of a whole clip; decoded once for both kinds. */
  extract(
    frames: AsyncIterable<FrameBatch>,
    wants: ExtractWants,
    options: ExtractOptions,
  ): Promise<ExtractResult>
  translate(
    features: { spatial: FeatureMatrix; motion: FeatureMatrix },
    options: TranslateOptions,
  ): Promise<TranslateResult>
  /** Several clips at once, of any lengths: a step of the decoder reads the weights once for all of them. */
  translateAll(
    clips: readonly {
      features: { spatial: FeatureMatrix; motion: FeatureMatrix }
      options: TranslateOptions
    }[],
  ): Promise<TranslateResult[]>
  /** Output of the sign adapter, [visual tokens, width of the language model]. */
  visualTokens(features: { spatial: FeatureMatrix; motion: FeatureMatrix }): Promise<FeatureMatrix>
  /** For each visual token the nearest vocabulary item (SpaMo's appendix A.5) and its frames: a view, not a translation. */
  pseudoGlosses(
    features: { spatial: FeatureMatrix; motion: FeatureMatrix },
    options: { signal: AbortSignal },
  ): Promise<PseudoGloss[]>
  release(): Promise<void>
}

export interface OpenOptions {
  device: Device
  /** Intra-op threads; 0 = ONNX Runtime's default. */
  threads: number
}

/** Checks the bundle's structure and opens it; graphs are loaded when they are first used. */
export async function openSpamo(bundleDir: string, options: OpenOptions): Promise<SpamoPipeline> {
  const bundle = openBundle(bundleDir)
  assertKind(bundle, 'spamo')
  const sessions = new Sessions(bundleDir, options)
  const extractor = new FeatureExtractor(sessions, bundle.manifest, options.device)
  const translator = new SignTranslator(sessions, bundle)
  const keepOnly = createStages(sessions, bundle.manifest.files)
  return {
    manifest: bundle.manifest,
    fingerprints: bundle.fingerprints,
    async spatial(batch) {
      await keepOnly(VISION_GRAPHS)
      return extractor.spatial(batch)
    },
    async motion(window) {
      await keepOnly(VISION_GRAPHS)
      return extractor.motion(window)
    },
    async extract(frames, wants, extractOptions) {
      await keepOnly(VISION_GRAPHS)
      return extractor.extract(frames, wants, extractOptions)
    },
    async visualTokens(features) {
      await keepOnly(LANGUAGE_GRAPHS)
      return translator.visualTokens(features)
    },
    async translate(features, translateOptions) {
      await keepOnly(LANGUAGE_GRAPHS)
      return translator.translate(features, translateOptions)
    },
    async translateAll(clips) {
      await keepOnly(LANGUAGE_GRAPHS)
      return translator.translateAll(clips)
    },
    async pseudoGlosses(features, { signal }) {
      await keepOnly(LANGUAGE_GRAPHS)
      return translator.pseudoGlosses(features, signal)
    },
    release: () => sessions.releaseAllBut([]),
  }
}
