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
    const [result] = await this.translateAll([{ features, options }])
    if (!result) throw new Error('One clip gives one result')
    return result
  }

  /** Several clips in lockstep, which agree in beams, maximal length and whether they sample; each result is that of the clip alone. */
  async translateAll(
    clips: readonly { features: Features; options: TranslateOptions }[],
  ): Promise<TranslateResult[]> {
    const before = this.#sessions.modelMs
    const signal = AbortSignal.any(clips.map(({ options }) => options.signal))
    const visual: FeatureMatrix[] = []
    const inputs: Float32Array[] = []
    for (const { features, options } of clips) {
      const tokens = await this.visualTokens(features)
      signal.throwIfAborted()
      visual.push(tokens)
      inputs.push(concatenated(tokens.data, await this.#embeddedPrompt(options)))
    }
    const encoded = await this.#t5.encode(inputs)
    const found = await this.#t5.generate(
      encoded,
      clips.map(({ options }) => this.#search(options)),
      signal,
    )
    const geometries = clips.map(({ features }) => this.#geometry(features))
    const nearest = await this.#nearest(visual, geometries, signal)
    const modelMs = (this.#sessions.modelMs - before) / clips.length
    return geometries.map((geometry, index) => ({
      hypotheses: (found[index] ?? []).map(each => this.#hypothesis(each, visual[index]?.shape[0] ?? 0)),
      geometry,
      pseudoGlosses: nearest[index] ?? [],
      tooShort: geometry.frames + geometry.windows < MIN_JOINT_ROWS,
      modelMs,
    }))
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

  #geometry({ spatial, motion }: Features): VisualGeometry {
    const { window, stride } = this.#bundle.manifest.motion
    return { frames: spatial.shape[0], windows: motion.shape[0], window, stride }
  }

  async #embeddedPrompt(options: TranslateOptions): Promise<Float32Array> {
    return this.#t5.embed(this.#tokens().encode(this.#prompt(options)))
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
    const [found] = await this.#nearest(
      [await this.visualTokens(features)],
      [this.#geometry(features)],
      signal,
    )
    return found ?? []
  }

  /** The table is read once for all clips. */
  async #nearest(
    visual: readonly FeatureMatrix[],
    geometries: readonly VisualGeometry[],
    signal: AbortSignal,
  ): Promise<PseudoGloss[][]> {
    const { vocabulary } = this.#bundle.manifest.t5
    const nearest = new NearestRows(this.#sessions, below(visual), NEAREST_WORDS)
    for (let start = 0; start < vocabulary; start += TABLE_ROWS_AT_ONCE) {
      signal.throwIfAborted()
      const count = Math.min(TABLE_ROWS_AT_ONCE, vocabulary - start)
      await nearest.add(await this.#t5.embed(Array.from({ length: count }, (_, at) => start + at)))
    }
    const found = nearest.ids()
    return geometries.map((geometry, clip) =>
      found.splice(0, visual[clip]?.shape[0]).map((ids, token) => ({
        ids,
        pieces: ids.map(id => this.#tokens().piece(id) ?? ''),
        ...framesOfToken(token, geometry),
      })),
    )
  }

  #prompt({ language, examples }: TranslateOptions): string {
    const { generation } = this.#bundle.manifest
    const instruction = generation.prompt.replace('{}', language ?? generation.language)
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

/** One matrix below the other. */
function below(matrices: readonly FeatureMatrix[]): FeatureMatrix {
  const data = new Float32Array(matrices.reduce((sum, { data: { length } }) => sum + length, 0))
  let at = 0
  for (const matrix of matrices) {
    data.set(matrix.data, at)
    at += matrix.data.length
  }
  const [first] = matrices
  const width = first?.shape[1] ?? 1
  return { data, shape: [data.length / width, width] }
}

function concatenated(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
