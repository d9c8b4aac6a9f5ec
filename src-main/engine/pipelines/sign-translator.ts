import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { AppError } from '#shared/contract/errors.ts'
import type { SpamoManifest } from '../bundle/manifest.ts'
import type { Bundle } from '../bundle/open-bundle.ts'
import type { SearchOptions } from '../decoding/beam-search.ts'
import { type T5Tokenizer, createT5Tokenizer } from '../decoding/t5-tokenizer.ts'
import { MIN_JOINT_ROWS } from '../graph/sign-adapter.ts'
import { readJson } from '../weights/open-weights.ts'
import { framesOfToken, type VisualGeometry } from '#shared/domain/visual-tokens.ts'
import { createRandom } from '../decoding/random.ts'
import { tokenWords } from '../decoding/words.ts'
import { NearestRows } from './nearest-rows.ts'
import type { Sessions } from './sessions.ts'
import type { FeatureMatrix, Hypothesis, PseudoGloss, TranslateOptions, TranslateResult } from './spamo.ts'
import { type Generated, T5Runtime, float32 } from './t5-runtime.ts'

const TABLE_ROWS_AT_ONCE = 2048
const NEAREST_WORDS = 3
export const LANGUAGE_GRAPHS = ['adapter', 'embed', 'encoder', 'step']

interface Features {
  spatial: FeatureMatrix
  motion: FeatureMatrix
}

/** Features to sentences: adapter, prompt, T5. */
export class SignTranslator {
  readonly #sessions: Sessions
  readonly #bundle: Bundle<SpamoManifest>
  readonly #t5: T5Runtime
  #tokenizer: T5Tokenizer | undefined

  constructor(sessions: Sessions, bundle: Bundle<SpamoManifest>) {
    this.#sessions = sessions
    this.#bundle = bundle
    this.#t5 = new T5Runtime(sessions, bundle.manifest.t5)
  }

  async translate(features: Features, options: TranslateOptions): Promise<TranslateResult> {
    const [result] = await this.translateAll([{ features, examples: options.examples }], options)
    if (!result) throw new Error('One clip gives one result')
    return result
  }

  /** Several clips in lockstep; each result is that of the clip alone. */
  async translateAll(
    clips: readonly { features: Features; examples?: string | undefined }[],
    options: TranslateOptions,
  ): Promise<TranslateResult[]> {
    const before = this.#sessions.modelMs
    const visual: FeatureMatrix[] = []
    const inputs: Float32Array[] = []
    for (const { features, examples } of clips) {
      const tokens = await this.visualTokens(features)
      options.signal.throwIfAborted()
      visual.push(tokens)
      inputs.push(concatenated(tokens.data, await this.#embeddedPrompt(options, examples)))
    }
    const encoded = await this.#t5.encode(inputs)
    const found = await this.#t5.generate(
      encoded,
      clips.map(() => this.#search(options)),
      options.signal,
    )
    const results: TranslateResult[] = []
    for (const [index, { features }] of clips.entries()) {
      const tokens = visual[index]
      if (!tokens) throw new Error('Every clip has visual tokens')
      const [frames, windows] = [features.spatial.shape[0], features.motion.shape[0]]
      results.push({
        hypotheses: (found[index] ?? []).map(each => this.#hypothesis(each, tokens.shape[0])),
        geometry: this.#geometry(frames, windows),
        pseudoGlosses: await this.#nearest(tokens, this.#geometry(frames, windows), options.signal),
        tooShort: frames + windows < MIN_JOINT_ROWS,
        modelMs: 0,
      })
    }
    const modelMs = (this.#sessions.modelMs - before) / clips.length
    return results.map(result => ({ ...result, modelMs }))
  }

  #search({ sampling, ...options }: TranslateOptions): SearchOptions {
    const { t5, generation } = this.#bundle.manifest
    const beams = options.beams ?? generation.beams
    return {
      beams,
      maxLength: options.maxLength ?? generation.maxLength,
      lengthPenalty: options.lengthPenalty ?? generation.lengthPenalty,
      ...(options.lengthRule ? { lengthRule: options.lengthRule } : {}),
      nBest: Math.min(options.nBest ?? beams, beams),
      startId: t5.startId,
      endId: t5.endId,
      strategy: sampling
        ? { ...sampling, kind: 'sample', random: createRandom(sampling.seed) }
        : { kind: 'beam' },
    }
  }

  #hypothesis({ tokens, score, attention }: Generated, visualTokens: number): Hypothesis {
    const text = this.#text(tokens)
    const language = this.#bundle.manifest.languages.text[0] ?? ''
    const onVideo = new Float32Array(attention.length * visualTokens)
    for (const [at, row] of attention.entries()) onVideo.set(row.subarray(0, visualTokens), at * visualTokens)
    const words = tokenWords(text, tokens.slice(1), this.#tokens(), language)
    return { text, score, tokens, words, attention: onVideo }
  }

  #geometry(frames: number, windows: number): VisualGeometry {
    const { window, stride } = this.#bundle.manifest.motion
    return { frames, windows, window, stride }
  }

  async #embeddedPrompt(options: TranslateOptions, examples: string | undefined): Promise<Float32Array> {
    return this.#t5.embed(this.#tokens().encode(this.#prompt(options, examples)))
  }

  /** Output of the sign adapter, [visual tokens, model]. */
  async visualTokens({ spatial, motion }: Features): Promise<FeatureMatrix> {
    const { manifest } = this.#bundle
    const feeds = {
      spatial: rows('spatial', spatial, manifest.spatial.dim),
      motion: rows('motion', motion, manifest.motion.dim),
    }
    const { visual } = await this.#sessions.run('adapter', feeds, ['visual'], 'cpu')
    const data = float32(visual)
    return { data, shape: [data.length / manifest.t5.model, manifest.t5.model] }
  }

  /** What the visual tokens resemble most in the language model's vocabulary. */
  async pseudoGlosses(features: Features, signal: AbortSignal): Promise<PseudoGloss[]> {
    const geometry = this.#geometry(features.spatial.shape[0], features.motion.shape[0])
    return this.#nearest(await this.visualTokens(features), geometry, signal)
  }

  async #nearest(
    visual: FeatureMatrix,
    geometry: VisualGeometry,
    signal: AbortSignal,
  ): Promise<PseudoGloss[]> {
    const { vocabulary } = this.#bundle.manifest.t5
    const nearest = new NearestRows(visual, NEAREST_WORDS)
    for (let start = 0; start < vocabulary; start += TABLE_ROWS_AT_ONCE) {
      signal.throwIfAborted()
      const count = Math.min(TABLE_ROWS_AT_ONCE, vocabulary - start)
      nearest.add(await this.#t5.embed(Array.from({ length: count }, (_, at) => start + at)))
    }
    return nearest.ids().map((ids, token) => ({
      ids,
      pieces: ids.map(id => this.#tokens().piece(id) ?? ''),
      ...framesOfToken(token, geometry),
    }))
  }

  #prompt(options: TranslateOptions, examples: string | undefined): string {
    const { prompt, language } = this.#bundle.manifest.generation
    const instruction = prompt.replace('{}', options.language ?? language)
    return examples ? `${instruction} ${examples}` : instruction
  }

  #text(tokens: readonly number[]): string {
    return this.#tokens().decode(tokens).toLowerCase()
  }

  #tokens(): T5Tokenizer {
    const read = (name: string) => readJson(join(this.#bundle.dir, name)) as object
    this.#tokenizer ??= createT5Tokenizer(
      read('tokenizer.json'),
      read('tokenizer_config.json'),
      this.#bundle.manifest.t5.maxPromptTokens,
    )
    return this.#tokenizer
  }
}

function rows(kind: string, { data, shape }: FeatureMatrix, dim: number): Tensor {
  const [count, width] = shape
  if (width !== dim || count < 1 || data.length !== count * width)
    throw new AppError(
      'invalid-input',
      `This model needs ${kind} features of width ${dim}; these have the shape [${shape.join(', ')}]. Extract them with this model.`,
    )
  return new Tensor('float32', data, [1, count, width])
}

function concatenated(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
