/**
 * The Sign2GPT pipeline: every second frame -> Z* (DINOv2 with LoRA, linear, batch norm) -> cells Z (sign encoder) ->
 * text (XGLM with gated cross-attention) and localisation of pseudo-glosses (prototype head)
 * (Wong et al. 2024, arXiv 2405.04164). Runs on a thread of its own: `session.run` blocks.
 */
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { AppError } from '#shared/contract/errors.ts'
import { framesOfToken } from '#shared/domain/visual-tokens.ts'
import type { Sign2gptManifest } from '../bundle/manifest.ts'
import { assertKind, type Bundle, type Fingerprints, openBundle } from '../bundle/open-bundle.ts'
import { createRandom } from '../decoding/random.ts'
import { createT5Tokenizer, type T5Tokenizer } from '../decoding/t5-tokenizer.ts'
import { tokenWords } from '../decoding/words.ts'
import { readJson } from '../weights/open-weights.ts'
import { CellLocaliser, type Localisation } from './cell-localiser.ts'
import type { PartialFeatures } from './partial-features.ts'
import { createStages, Sessions } from './sessions.ts'
import type {
  ExtractOptions,
  FeatureMatrix,
  FrameBatch,
  Hypothesis,
  OpenOptions,
  PseudoGloss,
  TranslateOptions,
} from './spamo.ts'
import { decode, type Generated, type ReadSource } from './step-decoder.ts'
import { StoredFramePreprocessor } from './stored-frames.ts'
import { float32, int64 } from './tensors.ts'

export interface CellTranslation {
  hypotheses: Hypothesis[]
  /** Rows of Z* and the cells they became. */
  rows: number
  cells: number
  modelMs: number
}

export interface Sign2gptPipeline {
  manifest: Sign2gptManifest
  fingerprints: Fingerprints
  /** Z* of each frame of a batch, whatever the stride: [count, dim]. */
  spatial(batch: FrameBatch): Promise<Float32Array>
  /** Z* of a whole clip, one row for every frame that the stride selects. */
  extract(
    frames: AsyncIterable<FrameBatch>,
    options: ExtractOptions,
  ): Promise<{ zstar: FeatureMatrix; modelMs: number }>
  /** Z: [cells, dim]. */
  cells(zstar: FeatureMatrix): Promise<FeatureMatrix>
  /** @throws AppError model-unavailable for a model of the first stage */
  translate(zstar: FeatureMatrix, options: TranslateOptions): Promise<CellTranslation>
  /** For each cell its nearest pseudo-glosses and its frames, of `frames` in the clip; without prototypes, no names. */
  nearest(zstar: FeatureMatrix, frames: number): Promise<PseudoGloss[]>
  /** @throws AppError model-unavailable for a model without prototypes */
  localise(zstar: FeatureMatrix, words: readonly string[] | null): Promise<Localisation>
  release(): Promise<void>
}

const FRAMES_AT_ONCE = { cpu: 4, otherwise: 32 }
const VISION_GRAPHS = ['spatial']
const CELL_GRAPHS = ['encoder', 'head', 'sight', 'step']

/** Checks the bundle's structure and opens it; graphs are loaded when they are first used. */
export async function openSign2gpt(bundleDir: string, options: OpenOptions): Promise<Sign2gptPipeline> {
  const bundle = openBundle(bundleDir)
  assertKind(bundle, 'sign2gpt')
  const sessions = new Sessions(bundleDir, options)
  const frames = new FrameEncoder(sessions, bundle.manifest, options.device === 'cpu')
  const translator = new CellTranslator(sessions, bundle)
  const localiser = new CellLocaliser(sessions, bundle)
  const keepOnly = createStages(sessions, bundle.manifest.files)
  return {
    manifest: bundle.manifest,
    fingerprints: bundle.fingerprints,
    spatial: batch => frames.run(batch),
    async extract(batches, extractOptions) {
      await keepOnly(VISION_GRAPHS)
      return frames.extract(batches, extractOptions)
    },
    async cells(zstar) {
      await keepOnly(CELL_GRAPHS)
      return cellsOf(sessions, bundle.manifest, zstar)
    },
    async translate(zstar, translateOptions) {
      await keepOnly(CELL_GRAPHS)
      const before = sessions.modelMs
      const cells = await cellsOf(sessions, bundle.manifest, zstar)
      const hypotheses = await translator.translate(cells, translateOptions)
      const [rows, count] = [zstar.shape[0], cells.shape[0]]
      return { hypotheses, rows, cells: count, modelMs: sessions.modelMs - before }
    },
    async nearest(zstar, frames) {
      const cells = await cellsOf(sessions, bundle.manifest, zstar)
      const named = bundle.manifest.prototypes ? await localiser.nearest(cells) : []
      const hop = 2 * bundle.manifest.spatial.stride
      const count = cells.shape[0]
      const geometry = { layout: 'cells', frames, windows: count, window: hop, stride: hop } as const
      return Array.from({ length: count }, (_, cell) => ({
        ...(named[cell] ?? { ids: [], pieces: [] }),
        ...framesOfToken(cell, geometry),
      }))
    },
    async localise(zstar, words) {
      await keepOnly(CELL_GRAPHS)
      return localiser.localise(await cellsOf(sessions, bundle.manifest, zstar), words)
    },
    release: () => sessions.releaseAllBut([]),
  }
}

/** The frame, from the clip's first, that an interrupted extraction reads next: the start of a batch. */
export function resumeSign2gpt(
  { spatial }: Pick<Sign2gptManifest, 'spatial'>,
  { rows, batchSize }: Pick<PartialFeatures, 'rows' | 'batchSize'>,
): number {
  const next = rowCount(rows.zstar, spatial.dim) * spatial.stride
  return next - (next % batchSize)
}

function rowCount(parts: readonly Float32Array[], dim: number): number {
  return parts.reduce((sum, part) => sum + part.length, 0) / dim
}

/** Frames to Z*. */
class FrameEncoder {
  readonly #sessions: Sessions
  readonly #facts: Sign2gptManifest['spatial']
  readonly #pixels: StoredFramePreprocessor
  readonly #atOnce: number

  constructor(sessions: Sessions, { spatial }: Sign2gptManifest, isCpu: boolean) {
    this.#sessions = sessions
    this.#facts = spatial
    this.#pixels = new StoredFramePreprocessor(spatial.preprocessing)
    this.#atOnce = isCpu ? FRAMES_AT_ONCE.cpu : FRAMES_AT_ONCE.otherwise
  }

  async run(batch: FrameBatch, signal?: AbortSignal): Promise<Float32Array> {
    const { dim, preprocessing } = this.#facts
    const { image } = preprocessing
    const features = new Float32Array(batch.count * dim)
    const bytes = batch.width * batch.height * 3
    for (let start = 0; start < batch.count; start += this.#atOnce) {
      signal?.throwIfAborted()
      const count = Math.min(this.#atOnce, batch.count - start)
      const part = { ...batch, count, pixels: batch.pixels.subarray(start * bytes, (start + count) * bytes) }
      const pixels = new Tensor('float32', this.#pixels.run(part), [count, 3, image, image])
      const results = await this.#sessions.run('spatial', { pixels }, ['features'])
      features.set(float32(results['features']), start * dim)
    }
    return features
  }

  async extract(
    frames: AsyncIterable<FrameBatch>,
    { signal, partial, onFrames }: ExtractOptions,
  ): Promise<{ zstar: FeatureMatrix; modelMs: number }> {
    const before = this.#sessions.modelMs
    const { dim, stride } = this.#facts
    const parts = [...(partial?.rows.zstar ?? [])]
    let known = rowCount(parts, dim)
    let done = partial ? resumeSign2gpt({ spatial: this.#facts }, partial) : 0
    for await (const batch of frames) {
      signal.throwIfAborted()
      const rows = await this.run(selected(batch, done, known * stride, stride), signal)
      known += rows.length / dim
      if (rows.length > 0) {
        parts.push(rows)
        partial?.add('zstar', rows)
      }
      done += batch.count
      onFrames(done)
    }
    if (done === 0) throw new AppError('invalid-input', 'The clip has no frames.')
    const data = new Float32Array(known * dim)
    let at = 0
    for (const part of parts) {
      data.set(part, at)
      at += part.length
    }
    return { zstar: { data, shape: [known, dim] }, modelMs: this.#sessions.modelMs - before }
  }
}

/** The frames of a batch that begins with frame `first` of the clip: every `stride`th, from frame `next` on. */
function selected(batch: FrameBatch, first: number, next: number, stride: number): FrameBatch {
  const bytes = batch.width * batch.height * 3
  const places: number[] = []
  for (let at = Math.max(0, next - first); at < batch.count; at += 1)
    if ((first + at) % stride === 0) places.push(at)
  const pixels = new Uint8Array(places.length * bytes)
  for (const [index, at] of places.entries())
    pixels.set(batch.pixels.subarray(at * bytes, (at + 1) * bytes), index * bytes)
  return { ...batch, pixels, count: places.length }
}

/** Z* to Z. */
async function cellsOf(
  sessions: Sessions,
  { spatial, encoder }: Sign2gptManifest,
  { data, shape: [rows, width] }: FeatureMatrix,
): Promise<FeatureMatrix> {
  if (width !== spatial.dim || rows < 1 || data.length !== rows * width)
    throw new AppError(
      'invalid-input',
      `This model needs features of width ${spatial.dim}; these have the shape [${rows}, ${width}]. Extract them with this model.`,
    )
  if (rows > encoder.maxLength)
    throw new AppError(
      'invalid-input',
      `The clip has ${rows} selected frames; Sign2GPT takes ${encoder.maxLength} at most (${encoder.maxLength * spatial.stride} frames of video). Cut it into shorter clips.`,
    )
  const features = new Tensor('float32', data, [1, rows, width])
  const { cells } = await sessions.run('encoder', { features }, ['cells'])
  const values = float32(cells)
  return { data: values, shape: [values.length / width, width] }
}

/** Cells to sentences. */
class CellTranslator {
  readonly #sessions: Sessions
  readonly #bundle: Bundle<Sign2gptManifest>
  #tokenizer: T5Tokenizer | undefined

  constructor(sessions: Sessions, bundle: Bundle<Sign2gptManifest>) {
    this.#sessions = sessions
    this.#bundle = bundle
  }

  async translate(cells: FeatureMatrix, options: TranslateOptions): Promise<Hypothesis[]> {
    const { layers, model: width, vocabulary } = this.#language()
    const source = await this.#source(cells, layers)
    const prompt = this.#prompt()
    const found = await decode(
      this.#sessions,
      { layers, width, vocabulary },
      source,
      [this.#search(options, prompt)],
      options.signal,
    )
    return (found[0] ?? []).map(each => this.#hypothesis(each, prompt.length, cells.shape[0]))
  }

  #language(): NonNullable<Sign2gptManifest['language']> {
    const { dir, manifest } = this.#bundle
    if (manifest.language) return manifest.language
    throw new AppError(
      'model-unavailable',
      `${manifest.name} localises pseudo-glosses and does not translate: it was converted from a checkpoint of Sign2GPT's first stage.`,
      { details: { file: dir } },
    )
  }

  async #source({ data, shape: [count, width] }: FeatureMatrix, layers: number): Promise<ReadSource> {
    const names = Array.from({ length: layers }, (_, layer) => [
      `cross_k_${layer}`,
      `cross_v_${layer}`,
    ]).flat()
    const cells = new Tensor('float32', data, [1, count, width])
    const cross = await this.#sessions.run('sight', { cells }, names)
    const mask = int64(
      [1, count],
      Array.from({ length: count }, () => 1),
    )
    return { rows: [count], longest: count, mask, cross }
  }

  /** Ids after the start token. A prompt that ends in a blank loses its last id, as in the release. */
  #prompt(): number[] {
    const { prompt } = this.#bundle.manifest.generation
    if (prompt === '') return []
    const [, ...ids] = this.#tokens().encode(prompt)
    return prompt.endsWith(' ') ? ids.slice(0, -1) : ids
  }

  #search({ sampling, ...options }: TranslateOptions, prompt: readonly number[]) {
    const { generation } = this.#bundle.manifest
    const { startId, endId } = this.#language()
    const beams = options.beams ?? generation.beams
    return {
      beams,
      maxLength: options.maxLength ?? generation.maxLength,
      lengthPenalty: options.lengthPenalty ?? generation.lengthPenalty,
      lengthRule: options.lengthRule ?? generation.lengthRule,
      nBest: Math.min(options.nBest ?? beams, beams),
      startId,
      endId,
      prompt,
      strategy: sampling
        ? ({ ...sampling, kind: 'sample', random: createRandom(sampling.seed) } as const)
        : ({ kind: 'beam' } as const),
    }
  }

  #hypothesis({ tokens, score, attention }: Generated, promptLength: number, cells: number): Hypothesis {
    const generated = tokens.slice(1 + promptLength)
    const text = this.#text(generated)
    const language = this.#bundle.manifest.languages.text[0] ?? ''
    const rows = attention.slice(promptLength)
    const onVideo = new Float32Array(rows.length * cells)
    for (const [at, row] of rows.entries()) onVideo.set(row, at * cells)
    const words = tokenWords(text, generated, { decode: ids => this.#text(ids) }, language)
    return { text, score, tokens, words, attention: onVideo }
  }

  /** Added tokens become the characters that they stand for. */
  #text(ids: readonly number[]): string {
    const text = this.#tokens().decode(ids)
    return this.#language().replacements.reduce(
      (replaced, { token, original }) => replaced.replaceAll(token, original),
      text,
    )
  }

  #tokens(): T5Tokenizer {
    const read = (name: string) => readJson(join(this.#bundle.dir, name)) as object
    this.#tokenizer ??= createT5Tokenizer(
      read('tokenizer.json'),
      read('tokenizer_config.json'),
      this.#language().maxPromptTokens,
    )
    return this.#tokenizer
  }
}
