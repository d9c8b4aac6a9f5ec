import { rmSync } from 'node:fs'
import { mkdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type DownloadedModel,
  DownloadPlan,
  type DownloadPreview,
  type PlannedFile,
  RepositoryName,
  RevisionName,
} from '#shared/contract/download.ts'
import { AppError } from '#shared/contract/errors.ts'
import { asStorageError } from '../../db/failures.ts'
import { inParallel } from '../media/parallel.ts'
import { fetchFile, noteOf, partOf, PATIENT, type Patience, wrongOf } from './fetch-file.ts'
import {
  blobPath,
  findShared,
  listModels,
  placeInSnapshot,
  repositoryFolder,
  sharedCaches,
  sizeOf,
  snapshotFolder,
  takeOver,
  writeRef,
} from './hub-cache.ts'
import { asUnreachable, askHub, checkBase, describeFile, fileAddress, type HubPlace, refusal } from './hub.ts'
import { PRESETS, wantedFiles } from './presets.ts'

const FILES_AT_ONCE = 3
/** Room that a full disk still has, so that the system and the corpus can go on writing. */
const SPARE_BYTES = 256 * 1024 * 1024

export interface DownloadDeps {
  /** Empty while downloads are off. */
  base: () => string
  /** Where downloads go unless a plan says otherwise. */
  dir: () => string
  env?: NodeJS.ProcessEnv
  patience?: Patience
}

export interface DownloadControl {
  signal: AbortSignal
  progress: (doneBytes: number, totalBytes: number) => void
  log: (message: string) => void
}

export interface PreviewWish {
  repository: string
  revision: string
  withWeights: boolean
  files?: readonly string[] | undefined
  dir?: string | undefined
}

/** Fetches public weights when a user asks for them by name; knows one server at most, and none unless it was set. */
export function createDownloadService({ base, dir, env = process.env, patience = PATIENT }: DownloadDeps) {
  const caches = sharedCaches(env)

  /** Names, sizes and checksums, and what of it is here already. */
  async function preview(wish: PreviewWish, signal: AbortSignal): Promise<DownloadPreview> {
    checkWish(wish)
    const place = { base: checkBase(base()), repository: wish.repository, revision: wish.revision }
    const found = await lookUp(place, wish, signal)
    const commit = found.find(each => each.commit !== null)?.commit ?? wish.revision
    const plan = checkPlan({
      ...place,
      commit,
      dir: wish.dir ?? dir(),
      files: found.map(each => each.file),
    })
    const files = await Promise.all(plan.files.map(file => stateOf(plan, file, caches)))
    const preset = PRESETS.find(each => each.repository === wish.repository)
    return {
      plan,
      bytes: sum(plan.files.map(file => file.bytes)),
      bytesToFetch: sum(files.map(file => file.missing)),
      freeBytes: await freeBytes(plan.dir),
      files: files.map(({ name, bytes, state }) => ({ name, bytes, state })),
      licence: preset?.licence ?? null,
      licenceSource: preset?.licenceSource ?? `${place.base}/${place.repository}`,
    }
  }

  /** Does what a plan says; what is there is not fetched again. Gives the snapshot's folder. */
  async function run(plan: DownloadPlan, control: DownloadControl): Promise<string> {
    if (checkBase(base()) !== plan.base)
      throw new AppError(
        'conflict',
        `This download is from ${plan.base}, which is no longer the server in Settings. Look the repository up again.`,
      )
    await assertRoom(plan, caches)
    const { repository, commit, revision } = plan
    const total = sum(plan.files.map(file => file.bytes))
    const done = new Map<string, number>()
    const tell = (name: string, bytes: number) => {
      done.set(name, bytes)
      control.progress(sum([...done.values()]), total)
    }
    await forEachFile(plan.files, control.signal, async (file, signal) => {
      const blob = blobPath(plan.dir, repository, file)
      const onBytes = (bytes: number) => tell(file.name, bytes)
      await obtain(plan, { file, blob, onBytes, signal, log: control.log }, caches, patience)
      tell(file.name, file.bytes)
      await placeInSnapshot(blob, join(snapshotFolder(plan.dir, repository, commit), file.name))
    })
    await writeRef(plan.dir, repository, { revision, commit })
    return snapshotFolder(plan.dir, repository, commit)
  }

  return {
    presets: () => [...PRESETS],
    preview,
    run,
    discard,
    list: (): Promise<DownloadedModel[]> => listModels(dir()),
  }
}

export type DownloadService = ReturnType<typeof createDownloadService>

/** Takes away what an unfinished transfer of this plan has left. */
function discard(plan: DownloadPlan): void {
  for (const file of plan.files) {
    const part = partOf(blobPath(plan.dir, plan.repository, file))
    for (const path of [part, noteOf(part)]) rmSync(path, { force: true })
  }
}

/** One file that fails stops the others; what they have is kept. */
async function forEachFile(
  files: readonly PlannedFile[],
  signal: AbortSignal,
  work: (file: PlannedFile, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  try {
    for await (const _ of inParallel(files, FILES_AT_ONCE, file => work(file, either))) continue
  } finally {
    stop.abort()
  }
}

function checkWish({ repository, revision }: PreviewWish): void {
  const wrong = RepositoryName.safeParse(repository).error ?? RevisionName.safeParse(revision).error
  if (wrong) throw new AppError('invalid-input', wrong.issues[0]?.message ?? wrong.message)
}

/** Versions and names of parts come from the server, and become paths on this disk. */
function checkPlan(plan: DownloadPlan): DownloadPlan {
  const { error } = DownloadPlan.safeParse(plan)
  if (!error) return plan
  const place = error.issues[0]?.path ?? []
  const named = place.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], plan)
  throw new AppError(
    'unsafe-file',
    `${plan.base} names ${JSON.stringify(named)}, which is no name of a file or version of a model. Nothing was fetched; use another server.`,
    { cause: error },
  )
}

interface Found {
  file: PlannedFile
  commit: string | null
}

async function lookUp(place: HubPlace, wish: PreviewWish, signal: AbortSignal): Promise<Found[]> {
  const { required, optional } = wish.files
    ? { required: wish.files.map(name => [name]), optional: [] }
    : wantedFiles(place.repository, wish.withWeights)
  const found = await Promise.all(required.map(names => firstOf(place, names, signal)))
  const more = await Promise.all(optional.map(name => describeFile(place, name, signal)))
  const index = found.find(({ file }) => file.name.endsWith('.index.json'))
  const shards = index ? await shardsOf(place, index.file.name, signal) : []
  const parts = await Promise.all(shards.map(name => firstOf(place, [name], signal)))
  return [...found, ...more.filter(each => each !== null), ...parts]
}

async function firstOf(place: HubPlace, names: readonly string[], signal: AbortSignal): Promise<Found> {
  for (const name of names) {
    const found = await describeFile(place, name, signal)
    if (found) return found
  }
  throw new AppError(
    'not-found',
    `${place.repository} at ${place.revision} has no ${names.join(' or ')} on ${place.base}. Check repository and revision.`,
  )
}

/** Weights in several files are named by an index of a few kilobytes. */
async function shardsOf(place: HubPlace, index: string, signal: AbortSignal): Promise<string[]> {
  const address = fileAddress(place, index)
  try {
    const { response } = await askHub(address, { signal })
    if (!response.ok) throw refusal(address, response)
    const { weight_map } = (await response.json()) as { weight_map: Record<string, string> }
    return [...new Set(Object.values(weight_map))].sort()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw asUnreachable(error, address)
    throw new AppError('corrupt-file', `${address} is no index of weights.`, { cause: error })
  }
}

async function stateOf(plan: DownloadPlan, file: PlannedFile, caches: readonly string[]) {
  const { name, bytes } = file
  const blob = blobPath(plan.dir, plan.repository, file)
  if ((await sizeOf(blob)) === bytes) return { name, bytes, state: 'there', missing: 0, needed: 0 } as const
  if (await findShared(caches, plan.repository, file))
    return { name, bytes, state: 'cached', missing: 0, needed: bytes } as const
  const begun = Math.min(bytes, (await sizeOf(partOf(blob))) ?? 0)
  const missing = bytes - begun
  return { name, bytes, state: begun > 0 ? 'begun' : 'missing', missing, needed: missing } as const
}

async function assertRoom(plan: DownloadPlan, caches: readonly string[]): Promise<void> {
  const files = await Promise.all(plan.files.map(file => stateOf(plan, file, caches)))
  const needed = sum(files.map(file => file.needed))
  const free = await freeBytes(plan.dir)
  if (needed === 0 || free >= needed + SPARE_BYTES) return
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1)
  throw new AppError(
    'disk-full',
    `${plan.repository} needs ${gigabytes(needed)} GB in ${plan.dir}, where ${gigabytes(free)} GB are free. Free some space, or choose another folder.`,
    { details: { file: plan.dir, needed, free } },
  )
}

/** Of the disk that will hold the folder, which need not exist yet. */
async function freeBytes(dir: string): Promise<number> {
  for (let at = dir; ; at = dirname(at)) {
    const facts = await statfs(at).catch(() => null)
    if (facts) return facts.bavail * facts.bsize
    if (at === dirname(at)) return 0
  }
}

interface Obtaining {
  file: PlannedFile
  blob: string
  signal: AbortSignal
  onBytes: (bytes: number) => void
  log: (message: string) => void
}

async function obtain(
  plan: DownloadPlan,
  { file, blob, ...rest }: Obtaining,
  caches: readonly string[],
  patience: Patience,
): Promise<void> {
  if ((await sizeOf(blob)) === file.bytes) return
  const { dir, repository, commit: revision } = plan
  await mkdir(repositoryFolder(dir, repository), { recursive: true }).catch((error: unknown) => {
    throw asStorageError(error, dir)
  })
  const shared = await findShared(caches, repository, file)
  const task = { address: fileAddress({ ...plan, revision }, file.name), file, blob, ...rest }
  // What did not pass before is fetched from the server, not taken from the same place again.
  if (shared && (await sizeOf(wrongOf(blob))) === null) await takeOver(shared, partOf(blob))
  // A file that was taken over is whole: only its checksum is left to compare.
  await fetchFile(task, patience)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
