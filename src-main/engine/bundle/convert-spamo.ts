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
import type { GraphBuilder } from '../graph/builder.ts'
import { planData, writeModel } from '../graph/onnx-file.ts'
import type { FrameBatch } from '../pipelines/spamo.ts'
import { buildManifest } from './build-manifest.ts'
import type { ChosenStorage } from './choose-storage.ts'
import {
  BundleCard,
  type BundleFile,
  type BundleManifest,
  MANIFEST_NAME,
  type Precision,
} from './manifest.ts'
import { hashFile } from './open-bundle.ts'
import { buildSpamoGraphs } from './spamo-graphs.ts'
import { type SourcePaths, type SpamoSources, openSpamoSources } from './spamo-sources.ts'

export interface ConvertOptions extends SourcePaths {
  /** Created; must not exist, or be empty. */
  outDir: string
  precision: Precision
  card: z.input<typeof BundleCard>
  /** Frames of the user's own video (at least one motion window) on which int8 is compared with fp16. */
  checkFrames?: FrameBatch
  signal?: AbortSignal
  /** Bytes; while checking, runs. */
  onProgress?: (progress: { stage: 'reading' | 'checking' | 'writing'; done: number; total: number }) => void
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
  const plainGraphs = buildSpamoGraphs(sources, { spatial: 'fp16', motion: 'fp16', language: 'fp16' })
  mkdirSync(dirname(outDir), { recursive: true })
  refuseFullDisk(dirname(outDir), neededBytes(sources, plainGraphs, options.precision))

  const provenance = await describeSources(sources, options)
  const temporary = join(dirname(outDir), `.${basename(outDir)}-${randomUUID()}`)
  mkdirSync(temporary)
  try {
    const { precision } = options
    const chosen = await storagesFor(sources, temporary, options)
    const files = await writeFiles(buildSpamoGraphs(sources, chosen.storages), sources, temporary, options)
    const manifest = buildManifest(sources, { card, precision, chosen, plainGraphs, files, provenance })
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

async function storagesFor(
  sources: SpamoSources,
  workDir: string,
  options: ConvertOptions,
): Promise<ChosenStorage> {
  const { precision, checkFrames, signal, onProgress } = options
  if (precision === 'fp32' || precision === 'fp16')
    return {
      storages: { spatial: precision, motion: precision, language: precision },
      cosines: { spatial: null, motion: null },
    }
  // Loads ONNX Runtime, which the other conversions do without.
  const { chooseStorages } = await import('./choose-storage.ts')
  const onRun = (done: number, total: number) => onProgress?.({ stage: 'checking', done, total })
  return chooseStorages(precision, sources, workDir, checkFrames, { signal, onRun })
}

/** What will be written, and for a quantised bundle the 16-bit tower it is compared with. */
function neededBytes(
  sources: SpamoSources,
  plainGraphs: readonly GraphBuilder[],
  precision: Precision,
): number {
  const isPlain = precision === 'fp32' || precision === 'fp16'
  const language = { int8: 'block8', int4: 'block4', fp16: 'fp16', fp32: 'fp32' } as const
  const tower = isPlain ? precision : 'int8'
  const graphs = buildSpamoGraphs(sources, { spatial: tower, motion: tower, language: language[precision] })
  const towers = plainGraphs.filter(({ name }) => name === 'spatial' || name === 'motion')
  return totalBytes(graphs) + (isPlain ? 0 : totalBytes(towers)) + SPARE_BYTES
}

function totalBytes(graphs: readonly GraphBuilder[]): number {
  return graphs.reduce((sum, graph) => sum + planData(graph).bytes, 0)
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
  options: ConvertOptions,
): Promise<BundleFile[]> {
  const total = totalBytes(graphs)
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
