/** The published parts a SpaMo bundle is made of, opened and checked against each other. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { ClipVisionConfig } from '../graph/clip-vit.ts'
import type { Preprocessing } from '../pipelines/preprocess.ts'
import type { AdapterSizes } from '../graph/sign-adapter.ts'
import { T5Config } from '../graph/t5-config.ts'
import { VideoMaeConfig } from '../graph/videomae.ts'
import { openModelFolder, openWeights, readJson } from '../weights/open-weights.ts'
import { StrictWeights } from '../weights/strict.ts'
import { holdsT5 } from '../weights/t5-weights.ts'
import type { TensorStore } from '../weights/tensor.ts'
import { modelType } from './find-parts.ts'
import { filesOf, parseConfig, type SourceFile } from './model-sources.ts'
import { readPreprocessing } from './preprocessor-config.ts'

/** SpaMo's settings that its checkpoint does not contain (its yaml file does); defaults of the release. */
export const SpamoConfig = z.object({
  lora_alpha: z.number().positive().default(32),
  prompt: z.string().includes('{}').default('Translate the given sentence into {}.'),
  language: z.string().default('German'),
  fusion_mode: z.literal('joint').default('joint'),
  /** Frames from one motion window to the next. */
  window_stride: z.int().positive().optional(),
})
export type SpamoConfig = z.infer<typeof SpamoConfig>

export interface SpamoSources extends Disposable {
  clip: { weights: StrictWeights; config: ClipVisionConfig; preprocessing: Preprocessing; scales: number[] }
  videomae: { weights: StrictWeights; config: VideoMaeConfig; preprocessing: Preprocessing }
  t5: { config: T5Config; modelType: string | undefined; tokenizerFiles: string[]; maxPromptTokens: number }
  /** The language model's own weights, where the checkpoint holds only adapter and LoRA. */
  t5Base: StrictWeights | undefined
  checkpoint: StrictWeights
  facts: { epoch?: number; globalStep?: number }
  adapter: AdapterSizes
  loraScale: number
  settings: SpamoConfig
  files: SourceFile[]
}

export interface SourcePaths {
  clipDir: string
  videomaeDir: string
  /** config.json and the tokenizer; weights only where the checkpoint has none. */
  t5Dir: string
  checkpoint: string
  config?: string | object | undefined
}

export function openSpamoSources(paths: SourcePaths): SpamoSources {
  const stack = new DisposableStack()
  try {
    const clipStore = stack.use(openModelFolder(paths.clipDir))
    const maeStore = stack.use(openModelFolder(paths.videomaeDir))
    const store = stack.use(openWeights(paths.checkpoint))
    const checkpoint = new StrictWeights(store)
    const baseStore = holdsT5(checkpoint) ? undefined : stack.use(openModelFolder(paths.t5Dir))
    const clip = readClip(paths.clipDir, clipStore)
    const videomae = readVideoMae(paths.videomaeDir, maeStore)
    const t5 = readT5(paths.t5Dir)
    const adapter = adapterSizes(checkpoint, clip.config, videomae.config, t5.config)
    const scales = Array.from({ length: adapter.spatial / clip.config.hidden_size }, (_, index) => index + 1)
    const settings = readSettings(paths.config)
    const stores = {
      clip: clipStore,
      videomae: maeStore,
      checkpoint: store,
      ...(baseStore ? { t5: baseStore } : {}),
    }
    const files = Object.entries(stores).flatMap(([part, store]) => filesOf(part, store))
    const owned = stack.move()
    return {
      clip: { ...clip, scales },
      videomae,
      t5,
      t5Base: baseStore && new StrictWeights(baseStore),
      checkpoint,
      facts: lightningFacts(store),
      adapter,
      loraScale: settings.lora_alpha / loraRank(store),
      settings,
      files,
      [Symbol.dispose]: () => owned.dispose(),
    }
  } finally {
    stack.dispose()
  }
}

function readClip(dir: string, store: TensorStore) {
  const json = readJson(join(dir, 'config.json'))
  // A complete CLIP nests its vision tower's settings; a saved vision tower has them at the top.
  const nested = z.object({ vision_config: z.looseObject({}) }).safeParse(json)
  const config = parseConfig(
    ClipVisionConfig,
    join(dir, 'config.json'),
    nested.success ? nested.data.vision_config : json,
  )
  return { weights: new StrictWeights(store), config, preprocessing: preprocessing(dir, config.image_size) }
}

function readVideoMae(dir: string, store: TensorStore) {
  const path = join(dir, 'config.json')
  const config = parseConfig(VideoMaeConfig, path, readJson(path))
  return { weights: new StrictWeights(store), config, preprocessing: preprocessing(dir, config.image_size) }
}

function preprocessing(dir: string, imageSize: number): Preprocessing {
  const path = join(dir, 'preprocessor_config.json')
  return readPreprocessing(path, readJson(path), imageSize)
}

/** A tokenizer's own limit, unless it is the placeholder for "none" (1e30). */
const TokenizerConfig = z.looseObject({ model_max_length: z.number().positive().optional() })
const T5_MAX_PROMPT_TOKENS = 512

function readT5(dir: string) {
  const path = join(dir, 'config.json')
  const config = parseConfig(T5Config, path, readJson(path))
  const tokenizerFiles = ['tokenizer.json', 'tokenizer_config.json'].map(name => join(dir, name))
  for (const file of tokenizerFiles)
    if (!existsSync(file))
      throw new AppError(
        'not-found',
        `${file} is missing. Take it from the language model's page, next to spiece.model.`,
        { details: { file: resolve(file) } },
      )
  const limit = parseConfig(
    TokenizerConfig,
    join(dir, 'tokenizer_config.json'),
    readJson(join(dir, 'tokenizer_config.json')),
  ).model_max_length
  const maxPromptTokens = Math.min(limit ?? T5_MAX_PROMPT_TOKENS, T5_MAX_PROMPT_TOKENS)
  return { config, modelType: modelType(path), tokenizerFiles, maxPromptTokens }
}

function readSettings(config: string | object | undefined): SpamoConfig {
  const [path, json] =
    typeof config === 'string' ? [config, readJson(config)] : ['the settings', config ?? {}]
  return parseConfig(SpamoConfig, path, json)
}

/** Widths come from the checkpoint's own shapes: upstream fixes some of them in its code. */
function adapterSizes(
  checkpoint: StrictWeights,
  clip: ClipVisionConfig,
  mae: VideoMaeConfig,
  t5: T5Config,
): AdapterSizes {
  const [inner = 0, spatial = 0] = checkpoint.take('spatio_proj.weight', [-1, -1]).shape
  const motion = checkpoint.take('spatiotemp_proj.weight', [inner, -1]).shape[1] ?? 0
  const model = checkpoint.take('fusion_proj.0.weight', [-1, inner]).shape[0] ?? 0
  const mismatch = (what: string) =>
    new AppError(
      'invalid-input',
      `The checkpoint was trained with ${what}. Choose the parts it was trained with.`,
      { details: { file: resolve(checkpoint.path) } },
    )
  if (spatial % clip.hidden_size !== 0 || spatial > 3 * clip.hidden_size)
    throw mismatch(`spatial features of ${spatial} numbers, CLIP gives multiples of ${clip.hidden_size}`)
  if (motion !== mae.hidden_size)
    throw mismatch(`motion features of ${motion} numbers, VideoMAE gives ${mae.hidden_size}`)
  if (model !== t5.d_model) throw mismatch(`a language model of width ${model}, this one has ${t5.d_model}`)
  return { inner, spatial, motion, model }
}

function loraRank(store: TensorStore): number {
  for (const [name, tensor] of store.tensors)
    if (name.endsWith('.lora_A.default.weight')) return tensor.shape[0] ?? 1
  return 1
}

function lightningFacts(store: TensorStore): { epoch?: number; globalStep?: number } {
  return 'facts' in store ? (store.facts as { epoch?: number; globalStep?: number }) : {}
}
