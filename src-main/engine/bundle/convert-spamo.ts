import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import type { GraphBuilder, Initializer } from '../graph/builder.ts'
import { elementCount } from '../graph/dtype.ts'
import type { Precision } from '../graph/layers.ts'
import { planData, writeModel } from '../graph/onnx-file.ts'
import { BundleCard, type BundleFile, BundleManifest, MANIFEST_FORMAT, MANIFEST_NAME } from './manifest.ts'
import { hashFile } from './open-bundle.ts'
import { buildSpamoGraphs } from './spamo-graphs.ts'
import { type SourcePaths, type SpamoSources, openSpamoSources } from './spamo-sources.ts'

export interface ConvertOptions extends SourcePaths {
  /** Created; must not exist, or be empty. */
  outDir: string
  precision: Precision
  card: z.input<typeof BundleCard>
  signal?: AbortSignal
  onProgress?: (progress: { stage: 'reading' | 'writing'; done: number; total: number }) => void
}

const CONVERTER = 'signwright 0.1.0'
/** Manifest, graph files and the file system's own needs. */
const SPARE_BYTES = 16 << 20

/**
 * Turns published weights into a bundle. Nothing is left behind when it fails or is cancelled:
 * the folder appears under its name when it is complete.
 */
export async function convertSpamo(options: ConvertOptions): Promise<BundleManifest> {
  const outDir = resolve(options.outDir)
  const card = parseCard(options.card)
  refuseExisting(outDir)
  using sources = openSpamoSources(options)
  const graphs = buildSpamoGraphs(sources, options.precision)
  const total = graphs.reduce((sum, graph) => sum + planData(graph).bytes, 0)
  mkdirSync(dirname(outDir), { recursive: true })
  refuseFullDisk(dirname(outDir), total + SPARE_BYTES)

  const provenance = await describeSources(sources, options)
  const temporary = join(dirname(outDir), `.${basename(outDir)}-${randomUUID()}`)
  mkdirSync(temporary)
  try {
    const files = await writeFiles(graphs, sources, temporary, total, options)
    const manifest = buildManifest(sources, graphs, files, provenance, { ...options, card })
    writeFileSync(join(temporary, MANIFEST_NAME), `${JSON.stringify(manifest, undefined, 2)}\n`)
    if (existsSync(outDir)) rmdirSync(outDir)
    renameSync(temporary, outDir)
    return manifest
  } catch (error) {
    throw diskFull(error, outDir)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function parseCard(card: z.input<typeof BundleCard>): BundleCard {
  const parsed = BundleCard.safeParse(card)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError(
    'invalid-input',
    `The model card is not usable: ${issue?.path.join('.')}: ${issue?.message}.`,
    { cause: parsed.error },
  )
}

function refuseExisting(outDir: string): void {
  if (existsSync(outDir) && readdirSync(outDir).length > 0)
    throw new AppError(
      'conflict',
      `${outDir} already exists and is not empty. Choose another folder, or remove it.`,
    )
}

function refuseFullDisk(dir: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(dir)
  const free = bavail * bsize
  if (free < bytes)
    throw new AppError(
      'disk-full',
      `The model needs ${gigabytes(bytes)} GB and ${dir} has ${gigabytes(free)} GB free. Make room, choose another disk, or a smaller precision.`,
    )
}

function diskFull(error: unknown, outDir: string): unknown {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
  return isFull
    ? new AppError(
        'disk-full',
        `The disk of ${outDir} is full; nothing was kept. Make room and convert again.`,
        { cause: error },
      )
    : error
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1)
}

async function writeFiles(
  graphs: readonly GraphBuilder[],
  sources: SpamoSources,
  dir: string,
  total: number,
  options: ConvertOptions,
): Promise<BundleFile[]> {
  let done = 0
  const onBytes = (bytes: number) => {
    done += bytes
    options.onProgress?.({ stage: 'writing', done, total })
  }
  const files: BundleFile[] = []
  for (const graph of graphs)
    files.push(...(await writeModel(graph, dir, { signal: options.signal, onBytes })))
  for (const path of sources.t5.tokenizerFiles) files.push(copyFile(path, dir))
  return files
}

function copyFile(source: string, dir: string): BundleFile {
  const bytes = readFileSync(source)
  writeFileSync(join(dir, basename(source)), bytes)
  return {
    path: basename(source),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.byteLength,
  }
}

async function describeSources(
  sources: SpamoSources,
  options: ConvertOptions,
): Promise<BundleManifest['provenance']> {
  let done = 0
  const total = sources.files.reduce((sum, file) => sum + file.bytes, 0)
  const onBytes = (bytes: number) => {
    done += bytes
    options.onProgress?.({ stage: 'reading', done, total })
  }
  const described: BundleManifest['provenance']['sources'] = []
  for (const { part, path } of sources.files)
    described.push({
      part,
      file: basename(path),
      ...(await hashFile(path, { signal: options.signal, onBytes })),
    })
  return { converter: CONVERTER, sources: described, checkpoint: sources.facts, loraScale: sources.loraScale }
}

/** Licences of the parts as their authors published them; the card may say otherwise for other weights. */
const PUBLISHED_LICENCES: BundleManifest['licences'] = [
  { part: 'CLIP', licence: 'MIT', source: 'https://huggingface.co/openai/clip-vit-large-patch14' },
  { part: 'VideoMAE', licence: 'CC-BY-NC-4.0', source: 'https://huggingface.co/MCG-NJU/videomae-large' },
  { part: 'Flan-T5', licence: 'Apache-2.0', source: 'https://huggingface.co/google/flan-t5-xl' },
  { part: 'SpaMo checkpoint', licence: 'none stated', source: 'https://github.com/eddie-euijun-hwang/SpaMo' },
]

function buildManifest(
  sources: SpamoSources,
  graphs: readonly GraphBuilder[],
  files: BundleFile[],
  provenance: BundleManifest['provenance'],
  { card, precision }: { card: BundleCard; precision: Precision },
): BundleManifest {
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
    parameters: countParameters(graphs),
    licences: card.licences.length > 0 ? card.licences : PUBLISHED_LICENCES,
    files,
    spatial: {
      dim: adapter.spatial,
      scales: clip.scales,
      layers: clip.config.num_hidden_layers,
      preprocessing: clip.preprocessing,
    },
    motion: {
      dim: adapter.motion,
      window,
      stride: settings.window_stride ?? Math.floor(window / 2),
      layers: videomae.config.num_hidden_layers,
      preprocessing: videomae.preprocessing,
    },
    adapter: { inner: adapter.inner },
    t5: describeT5(t5),
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

function describeT5({ config, maxPromptTokens }: SpamoSources['t5']): BundleManifest['t5'] {
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
