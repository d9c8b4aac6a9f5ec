import { existsSync, mkdirSync, readdirSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import type { GraphBuilder } from '../graph/builder.ts'
import { writeModel, type WriteOptions } from '../graph/onnx-file.ts'
import { countParameters } from './build-manifest.ts'
import { chooseTowers } from './choose-storage.ts'
import { ConversionProgress, type ConversionState } from './conversion-progress.ts'
import { encodeFidelity, FIDELITY_NAME } from './fidelity.ts'
import {
  BundleCard,
  type BundleFile,
  type BundleManifest,
  MANIFEST_NAME,
  type PrecisionChoice,
} from './manifest.ts'
import type { ManifestFacts, ModelSources, Storages } from './model-sources.ts'
import { allTowers, isTowerOf, settledPrecision, spaceNeeded, wantedStorages } from './precision.ts'
import { discardConversion, unfinishedBytes, WorkFolder } from './work-folder.ts'
import { sha256, sha256OfFile } from '../../formats/sha256.ts'

export interface ConvertOptions {
  /** Created; must not exist, or be empty. */
  outDir: string
  precision: PrecisionChoice
  card: z.input<typeof BundleCard>
  signal?: AbortSignal | undefined
  onProgress?: ((state: ConversionState) => void) | undefined
}

const CONVERTER = 'signwright 0.1.0'

/**
 * Turns published weights into a bundle, tensor by tensor, so that memory does not grow with the model. The folder
 * appears under its name when it is complete. After an interruption (cancelled, killed, disk full) the same call goes
 * on with what is finished and sound; after any other failure nothing is left behind.
 */
export async function convertSources(
  openSources: () => ModelSources,
  options: ConvertOptions,
): Promise<BundleManifest> {
  const outDir = resolve(options.outDir)
  const card = parseCard(options.card)
  refuseExisting(outDir)
  using sources = openSources()
  const space = spaceNeeded(sources, options.precision)
  mkdirSync(dirname(outDir), { recursive: true })
  refuseFullDisk(dirname(outDir), space.disk - unfinishedBytes(outDir))
  try {
    using work = new WorkFolder(outDir, identityOf(sources, options.precision))
    const progress = new ConversionProgress(space.work, options.onProgress)
    const manifest = await fill(work, { sources, card, progress, options })
    writeFileSync(join(work.bundleDir, MANIFEST_NAME), `${JSON.stringify(manifest, undefined, 2)}\n`)
    work.publish()
    return manifest
  } catch (error) {
    if (!isInterruption(error)) discardConversion(outDir)
    throw diskFull(error, outDir)
  }
}

interface Filling {
  sources: ModelSources
  card: BundleCard
  progress: ConversionProgress
  options: ConvertOptions
}

/** Everything but the manifest, which makes a folder a bundle. */
async function fill(
  work: WorkFolder,
  { sources, card, progress, options }: Filling,
): Promise<BundleManifest> {
  const { signal } = options
  const provenance = await describeSources(sources, work, progress, signal)
  const { towers } = sources
  const chosen = await chooseTowers(towers, options.precision, { work, progress, signal })
  const { language } = wantedStorages(towers, options.precision)
  const storages: Storages = {
    towers: Object.fromEntries(Object.entries(chosen).map(([name, { storage }]) => [name, storage])),
    language,
  }
  const isTower = isTowerOf(sources)
  const rest = sources.graphs(storages).filter(graph => !isTower(graph))
  const onBytes = (bytes: number) => progress.add('writing', bytes)
  const written = await writeAll(rest, work.bundleDir, { signal, onBytes, log: work.parts })
  const reference = Object.entries(chosen).map(([name, tower]) => [name, tower.reference])
  const fidelity = saveFile(work.bundleDir, FIDELITY_NAME, encodeFidelity(Object.fromEntries(reference)))
  const companions = sources.companions().map(({ path, bytes }) => saveFile(work.bundleDir, path, bytes))
  return sources.manifest({
    card,
    precision: settledPrecision(options.precision, storages.towers),
    chosen,
    language,
    parameters: countParameters(sources.graphs({ ...allTowers(towers, 'fp16'), language: 'fp16' })),
    files: [...Object.values(chosen).flatMap(tower => tower.files), ...written, ...companions, fidelity],
    provenance,
  })
}

async function writeAll(
  graphs: readonly GraphBuilder[],
  dir: string,
  options: WriteOptions,
): Promise<BundleFile[]> {
  const files: BundleFile[] = []
  for (const graph of graphs) files.push(...(await writeModel(graph, dir, options)))
  return files
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
  if (existsSync(outDir) && (!statSync(outDir).isDirectory() || readdirSync(outDir).length > 0))
    throw new AppError(
      'conflict',
      `${outDir} already exists and is not empty. Choose another folder, or remove it.`,
      { details: { file: outDir } },
    )
}

function identityOf({ settings, files }: ModelSources, precision: PrecisionChoice): unknown {
  return [CONVERTER, precision, settings, files]
}

function refuseFullDisk(dir: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(dir)
  const free = bavail * bsize
  if (free < bytes)
    throw new AppError(
      'disk-full',
      `The model needs ${gigabytes(bytes)} GB and ${dir} has ${gigabytes(free)} GB free. Make room, choose another disk, or a smaller precision.`,
      { details: { file: dir, neededBytes: bytes, freeBytes: free } },
    )
}

function isInterruption(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isHeld = error instanceof AppError && (error.code === 'cancelled' || error.code === 'locked')
  return error.name === 'AbortError' || isHeld || isDiskFull(error)
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}

function diskFull(error: unknown, outDir: string): unknown {
  if (!isDiskFull(error)) return error
  return new AppError(
    'disk-full',
    `The disk of ${outDir} is full. What was done is kept: make room and convert again to go on.`,
    { cause: error, details: { file: outDir } },
  )
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)
}

function saveFile(dir: string, path: string, bytes: Uint8Array): BundleFile {
  writeFileSync(join(dir, path), bytes)
  return { path, sha256: sha256(bytes), bytes: bytes.byteLength }
}

async function describeSources(
  sources: ModelSources,
  work: WorkFolder,
  progress: ConversionProgress,
  signal: AbortSignal | undefined,
): Promise<ManifestFacts['provenance']> {
  const onBytes = (bytes: number) => progress.add('reading', bytes)
  const known = work.journal.sources
  if (known) onBytes(sources.files.reduce((sum, file) => sum + file.bytes, 0))
  const described = known ?? []
  if (!known)
    for (const { part, path } of sources.files)
      described.push({ part, file: basename(path), ...(await sha256OfFile(path, { signal, onBytes })) })
  work.journal.sources = described
  work.save()
  return { converter: CONVERTER, sources: described }
}
