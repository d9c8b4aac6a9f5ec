/** The parts of a Sign2GPT model, opened and checked against each other. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { readProcessedWords, readReplacements, type Replacement } from '../../formats/processed-words.ts'
import { LENGTH_RULES } from '../decoding/length-rule.ts'
import { ROTARY_FORMS } from '../graph/rotary.ts'
import { XglmConfig } from '../graph/xglm.ts'
import { openModelFolder, openWeights, readJson } from '../weights/open-weights.ts'
import { firstOf, type NamedWeights, StrictWeights, under } from '../weights/strict.ts'
import type { TensorStore } from '../weights/tensor.ts'
import { FRAME_FITS } from './manifest.ts'
import { filesOf, parseConfig, type SourceFile } from './model-sources.ts'

/** What checkpoints do not contain; defaults of the public configuration. */
const SignSettings = z.object({
  stored: z.int().positive().default(256),
  image: z.int().positive().default(224),
  /** resize: as the released evaluation; crop: the middle, as the paper says. */
  fit: z.enum(FRAME_FITS).default('resize'),
  stride: z.int().positive().default(2),
  vit_heads: z.int().positive().optional(),
  vit_lora_alpha: z.number().positive().default(4),
  vit_ln_eps: z.number().positive().default(1e-6),
  encoder_heads: z.int().positive().optional(),
  encoder_window: z.int().positive().default(7),
  encoder_ln_eps: z.number().positive().default(1e-5),
  layer_norm_type: z.literal('post').default('post'),
  /** as-trained: rotary tables in bfloat16, as autocast computes them. */
  rotary: z.enum(ROTARY_FORMS).default('exact'),
  max_len: z.int().positive().default(512),
  temperature_clamp: z.tuple([z.number().positive(), z.number().positive()]).default([0.01, 1]),
})
export type SignSettings = z.infer<typeof SignSettings>

const LanguageSettings = z.object({
  lm_lora_alpha: z.number().positive().default(4),
  lm_ln_eps: z.number().positive().default(1e-5),
  gate_type: z.literal('clamp').default('clamp'),
  pos_type: z.literal('sine').default('sine'),
  pre_pos: z.literal(true).default(true),
  pretext: z.string().default(''),
  max_length: z.int().positive().default(64),
  num_beams: z.int().positive().default(4),
  length_rule: z.enum(LENGTH_RULES).default('pinned'),
})
export type LanguageSettings = z.infer<typeof LanguageSettings>

export interface Sign2gptPaths {
  /** At least one of the two stages. */
  stage1?: string | undefined
  stage2?: string | undefined
  /** DINOv2's own file; only where the checkpoint has no more than adapters. */
  dinov2?: string | undefined
  /** config.json and the tokenizer of the language model; weights only where the checkpoint has none. */
  xglmDir?: string | undefined
  /** `processed_words.*_pkl` of the first stage. */
  vocabulary?: string | undefined
  /** `replacement.pkl`, where training added tokens. */
  replacement?: string | undefined
  /** Settings of the checkpoints, JSON; those of the second stage may hold those of the first. */
  config?: string | object | undefined
}

export interface Sign2gptSources extends Disposable {
  /** DINOv2 and its LoRA, by DINOv2's names. */
  tower: NamedWeights
  /** What is behind the tower, by the names inside `sign_model.`. */
  sign: NamedWeights
  head: HeadSources | undefined
  language: LanguageSources | undefined
  settings: SignSettings
  languageSettings: LanguageSettings
  /** Every opened store: after the graphs are built nothing may be left over. */
  finish: () => void
  files: SourceFile[]
}

export interface HeadSources {
  /** By the names inside `post_model.`. */
  weights: NamedWeights
  /** In the order of their ids. */
  glosses: readonly string[]
  counts: readonly number[]
  /** Different sentences of the corpus, which the counts are measured against. */
  sentences: number
}

export interface LanguageSources {
  /** By the names inside `lang_model.`. */
  weights: NamedWeights
  /** `post_model.`: what turns cells into rows for the decoder. */
  post: NamedWeights
  config: z.infer<typeof XglmConfig>
  tokenizerFiles: string[]
  maxPromptTokens: number
  replacements: readonly Replacement[]
}

/** Where a checkpoint of each stage keeps the sign model. */
const SIGN = { stage1: 'sign_model.', stage2: 'sign_model.sign_model.' } as const
const TOWER = 'spatial_model.spatial_model.'
const LANGUAGE = 'lang_model.'
const POST = 'post_model.'
const PATCHES = 'patch_embed.proj.weight'
const TOKENS = 'model.embed_tokens.weight'

/** @throws AppError corrupt-file, invalid-input for parts that do not belong together, not-found for absent ones */
export function openSign2gptSources(paths: Sign2gptPaths): Sign2gptSources {
  const stack = new DisposableStack()
  try {
    const opened = openStores(paths, stack)
    const { stage1, stage2, dinov2 } = opened.weights
    const [settings, languageSettings] = readSettings(paths)
    const files = [
      ...opened.stores.flatMap(([part, store]) => filesOf(part, store)),
      ...(['vocabulary', 'replacement'] as const).flatMap(part => plainFile(part, paths[part])),
    ]
    const result = {
      tower: towerOf({ stage1, stage2, dinov2 }),
      sign: stage2 ? under(stage2, SIGN.stage2) : under(neededStage(stage1), SIGN.stage1),
      head: stage1 && headSources(paths, stage1),
      language: stage2 && languageSources(paths, stage2, opened.weights.xglm),
      settings,
      languageSettings,
      finish: () => finishAll(opened.weights),
      files,
    }
    const owned = stack.move()
    return { ...result, [Symbol.dispose]: () => owned.dispose() }
  } finally {
    stack.dispose()
  }
}

interface Opened {
  stage1?: StrictWeights
  stage2?: StrictWeights
  dinov2?: StrictWeights
  xglm?: StrictWeights
}

/** The checkpoints, and of the public weights what they do not hold. */
function openStores(
  { stage1, stage2, dinov2, xglmDir }: Sign2gptPaths,
  stack: DisposableStack,
): { stores: [string, TensorStore][]; weights: Opened } {
  const stores: [string, TensorStore][] = []
  const weights: Opened = {}
  const open = (part: keyof Opened, store: TensorStore) => {
    stores.push([part, stack.use(store)])
    weights[part] = new StrictWeights(store)
    return weights[part]
  }
  if (stage1 !== undefined) open('stage1', openWeights(stage1))
  if (stage2 !== undefined) open('stage2', openWeights(stage2))
  if (stores[0] && stores[1]) assertSameSignModel(stores[0][1], stores[1][1])
  const holds = (name: string) => Object.values(weights).some(each => each?.has(name))
  const hasTower = Object.values(SIGN).some(prefix => holds(prefix + TOWER + PATCHES))
  if (!hasTower) open('dinov2', openWeights(needed(dinov2, "DINOv2's weights (dinov2_vits14_pretrain.pth)")))
  if (weights.stage2 && !holds(LANGUAGE + TOKENS))
    open('xglm', openModelFolder(needed(xglmDir, "the language model's weights")))
  return { stores, weights }
}

function needed(path: string | undefined, what: string): string {
  if (path !== undefined) return path
  throw new AppError('invalid-input', `The checkpoint holds adapters only: it also needs ${what}.`)
}

function neededStage(stage1: StrictWeights | undefined): StrictWeights {
  if (stage1) return stage1
  throw new AppError('invalid-input', 'A Sign2GPT model needs a checkpoint of its first or its second stage.')
}

/** Frozen weights may be missing in a checkpoint; LoRA never is. */
function towerOf({ stage1, stage2, dinov2 }: Opened): NamedWeights {
  const sources = [
    stage2 && under(stage2, SIGN.stage2 + TOWER),
    stage1 && under(stage1, SIGN.stage1 + TOWER),
    dinov2,
  ].filter(source => source !== undefined)
  const [first, ...others] = sources
  if (!first) throw new Error('A model without a checkpoint')
  return firstOf(first, ...others)
}

/** A bundle localises and translates with one sign model: the second stage has to have kept that of the first. */
function assertSameSignModel(one: TensorStore, two: TensorStore): void {
  for (const [name, tensor] of one.tensors) {
    const twin = name.startsWith(SIGN.stage1) && two.tensors.get(SIGN.stage2 + name.slice(SIGN.stage1.length))
    if (!twin || Buffer.compare(tensor.readBytes(), twin.readBytes()) === 0) continue
    throw new AppError(
      'conflict',
      `The second stage has gone on training the sign model of the first (${name} differs). Convert each checkpoint to a model of its own: one localises, the other translates.`,
      { details: { file: resolve(two.path), tensor: name } },
    )
  }
}

function headSources({ vocabulary }: Sign2gptPaths, stage1: StrictWeights): HeadSources {
  if (vocabulary === undefined)
    throw new AppError(
      'invalid-input',
      'A checkpoint of the first stage also needs the pseudo-glosses that it was trained with (processed_words.*_pkl).',
    )
  const { glosses, counts, sentences } = readProcessedWords(readBytes(vocabulary), vocabulary)
  const [, prototypes = 0] = stage1.take(`${POST}vocab_embedding`, [-1, -1, 1]).shape
  if (prototypes !== glosses.length)
    throw new AppError(
      'conflict',
      `${stage1.path} has ${prototypes} prototypes and ${vocabulary} ${glosses.length} pseudo-glosses. Take the file that the checkpoint was trained with.`,
      { details: { file: resolve(vocabulary) } },
    )
  return { weights: under(stage1, POST), glosses, counts, sentences: sentences.size }
}

const TokenizerLimit = z.looseObject({ model_max_length: z.number().positive().optional() })
const MAX_PROMPT_TOKENS = 64

function languageSources(
  { xglmDir, replacement }: Sign2gptPaths,
  stage2: StrictWeights,
  base: StrictWeights | undefined,
): LanguageSources {
  if (xglmDir === undefined)
    throw new AppError(
      'invalid-input',
      'A checkpoint of the second stage also needs the folder of its language model, XGLM (config.json, tokenizer.json, tokenizer_config.json).',
    )
  const path = join(xglmDir, 'config.json')
  const config = parseConfig(XglmConfig, path, readJson(path))
  const tokenizerFiles = ['tokenizer.json', 'tokenizer_config.json'].map(name => join(xglmDir, name))
  for (const file of tokenizerFiles)
    if (!existsSync(file))
      throw new AppError('not-found', `${file} is missing. Take it from the language model's page.`, {
        details: { file: resolve(file) },
      })
  const [, limits = ''] = tokenizerFiles
  const limit = parseConfig(TokenizerLimit, limits, readJson(limits)).model_max_length ?? MAX_PROMPT_TOKENS
  const own = under(stage2, LANGUAGE)
  return {
    weights: base ? firstOf(own, base) : own,
    post: under(stage2, POST),
    config,
    tokenizerFiles,
    maxPromptTokens: Math.min(limit, MAX_PROMPT_TOKENS),
    replacements: replacement === undefined ? [] : readReplacements(readBytes(replacement), replacement),
  }
}

/** From the settings that are named, or else from `config.json` beside each checkpoint. */
function readSettings({ config, stage1, stage2 }: Sign2gptPaths): [SignSettings, LanguageSettings] {
  const beside = [stage2, stage1].flatMap(checkpoint => {
    const path = checkpoint === undefined ? '' : join(dirname(checkpoint), 'config.json')
    return existsSync(path) && !isLanguageModel(path) ? [path] : []
  })
  const [path = 'the settings'] = typeof config === 'string' ? [config] : beside
  const json = typeof config === 'object' ? config : path === 'the settings' ? {} : readJson(path)
  const nested = z.object({ stage1: z.looseObject({}) }).safeParse(json)
  return [
    parseConfig(SignSettings, path, nested.success ? nested.data.stage1 : json),
    parseConfig(LanguageSettings, path, json),
  ]
}

function isLanguageModel(path: string): boolean {
  return z.object({ model_type: z.string() }).safeParse(readJson(path)).success
}

function finishAll({ stage1, stage2, dinov2, xglm }: Opened): void {
  for (const weights of [stage1, stage2, dinov2]) {
    weights?.ignore(/(^|\.)mask_token$/, "DINOv2's pre-training")
    weights?.ignore(/\.num_batches_tracked$/, 'a counter of training steps')
  }
  stage2?.ignore(/^lang_model\.lm_head\.weight$/, 'a tied copy of the token table')
  xglm?.ignore(/^lm_head\.weight$/, 'a tied copy of the token table')
  if (stage2) stage1?.ignore(/^sign_model\./, 'the same in the second stage, which is read')
  for (const weights of [stage1, stage2, dinov2, xglm]) weights?.finish()
}

function plainFile(part: string, path: string | undefined): SourceFile[] {
  if (path === undefined) return []
  const { size: bytes, mtimeMs: changedMs } = statSync(path)
  return [{ part, path: resolve(path), bytes, changedMs }]
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new AppError('not-found', `${path} cannot be read.`, { cause, details: { file: resolve(path) } })
  }
}
