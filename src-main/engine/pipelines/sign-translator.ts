import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { AppError } from '#shared/contract/errors.ts'
import type { Bundle } from '../bundle/open-bundle.ts'
import { type T5Tokenizer, createT5Tokenizer } from '../decoding/t5-tokenizer.ts'
import { MIN_JOINT_ROWS } from '../graph/sign-adapter.ts'
import { readJson } from '../weights/open-weights.ts'
import { NearestRows, type PseudoGloss, framesOfToken } from './pseudo-glosses.ts'
import type { Sessions } from './sessions.ts'
import type { FeatureMatrix, TranslateOptions, TranslateResult } from './spamo.ts'
import { T5Runtime, float32 } from './t5-runtime.ts'

const TABLE_ROWS_AT_ONCE = 2048
export const LANGUAGE_GRAPHS = ['adapter', 'embed', 'encoder', 'step']

/** Features to sentences: adapter, prompt, T5. */
export class SignTranslator {
  readonly #sessions: Sessions
  readonly #bundle: Bundle
  readonly #t5: T5Runtime
  #tokenizer: T5Tokenizer | undefined

  constructor(sessions: Sessions, bundle: Bundle) {
    this.#sessions = sessions
    this.#bundle = bundle
    this.#t5 = new T5Runtime(sessions, bundle.manifest.t5)
  }

  async translate(
    features: { spatial: FeatureMatrix; motion: FeatureMatrix },
    options: TranslateOptions,
  ): Promise<TranslateResult> {
    const before = this.#sessions.modelMs
    const { t5, generation } = this.#bundle.manifest
    const visual = await this.visualTokens(features)
    options.signal.throwIfAborted()
    const prompt = await this.#t5.embed(this.#tokens().encode(this.#prompt(options)))
    const encoded = await this.#t5.encode([concatenated(visual.data, prompt)])
    const beams = options.beams ?? generation.beams
    const search = {
      beams,
      maxLength: options.maxLength ?? generation.maxLength,
      lengthPenalty: options.lengthPenalty ?? generation.lengthPenalty,
      nBest: Math.min(options.nBest ?? beams, beams),
      startId: t5.startId,
      endId: t5.endId,
    }
    const [found = []] = await this.#t5.generate(encoded, [search], options.signal)
    const hypotheses = found.map(({ tokens, score }) => ({ text: this.#text(tokens), score, tokens }))
    const tooShort = features.spatial.shape[0] + features.motion.shape[0] < MIN_JOINT_ROWS
    return { hypotheses, modelMs: this.#sessions.modelMs - before, tooShort }
  }

  /** Output of the sign adapter, [visual tokens, model]. */
  async visualTokens({
    spatial,
    motion,
  }: {
    spatial: FeatureMatrix
    motion: FeatureMatrix
  }): Promise<FeatureMatrix> {
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
  async pseudoGlosses(
    features: { spatial: FeatureMatrix; motion: FeatureMatrix },
    signal: AbortSignal,
  ): Promise<PseudoGloss[]> {
    const { t5, motion } = this.#bundle.manifest
    const nearest = new NearestRows(await this.visualTokens(features))
    for (let start = 0; start < t5.vocabulary; start += TABLE_ROWS_AT_ONCE) {
      signal.throwIfAborted()
      const count = Math.min(TABLE_ROWS_AT_ONCE, t5.vocabulary - start)
      nearest.add(await this.#t5.embed(Array.from({ length: count }, (_, at) => start + at)))
    }
    return nearest.ids().map((id, token) => ({
      id,
      piece: this.#tokens().piece(id) ?? '',
      frames: framesOfToken(token, features.spatial.shape[0], motion),
    }))
  }

  #prompt(options: TranslateOptions): string {
    const { prompt, language } = this.#bundle.manifest.generation
    const instruction = prompt.replace('{}', options.language ?? language)
    return options.examples ? `${instruction} ${options.examples}` : instruction
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
