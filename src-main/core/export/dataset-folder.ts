import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { asDiskError } from '#main/formats/atomic-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import { sha256OfFile } from '../../formats/sha256.ts'

export const MANIFEST = 'manifest.json'
export const DATASET_FORMAT = 'signwright-dataset'

/** A file of a release as its manifest lists it. */
export interface ListedFile {
  path: string
  bytes: number
  sha256: string
}

/** What a file is written from, piece by piece. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** Writes the files of a release; pieces are joined as they come. */
export interface FolderWriter {
  write: (path: string, pieces: Pieces) => Promise<void>
  /** A file that another program writes at the place it is told. */
  produce: (path: string, make: (place: string) => Promise<void>) => Promise<void>
  /** Those written so far, by path. */
  files: () => ListedFile[]
}

type OpenFile = (path: string) => Promise<{
  write: (block: Uint8Array) => Promise<unknown>
  sync: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}>

export interface FolderOptions {
  signal?: AbortSignal
  /** Opens a new file for writing; a test passes one that fails. */
  openFile?: OpenFile
}

/**
 * Fills a new folder beside `outDir` and puts it in its place in one step: there is the old release or the
 * whole new one. A folder that holds anything but an untouched earlier release is not replaced.
 */
export async function writeFolder(
  outDir: string,
  fill: (folder: FolderWriter) => Promise<void>,
  { signal, openFile = path => open(path, 'wx') }: FolderOptions = {},
): Promise<void> {
  const target = existsSync(outDir) ? await realpath(outDir) : outDir
  await assertReplaceable(target)
  const suffix = `${process.pid}-${randomBytes(4).toString('hex')}`
  const temporary = join(dirname(target), `.${basename(target)}.${suffix}.part`)
  try {
    await mkdir(temporary, { recursive: true })
    await fill(createWriter(temporary, { openFile, signal }))
    signal?.throwIfAborted()
    // Somebody may have put something there in the meantime.
    await assertReplaceable(target)
    await replaceFolder(temporary, target, suffix)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw asDiskError(error, outDir)
  }
}

function createWriter(
  root: string,
  { openFile, signal }: { openFile: OpenFile; signal: AbortSignal | undefined },
): FolderWriter {
  const files: ListedFile[] = []

  async function write(path: string, pieces: Pieces): Promise<void> {
    signal?.throwIfAborted()
    await mkdir(dirname(join(root, path)), { recursive: true })
    await using file = await openFile(join(root, path))
    const hash = createHash('sha256')
    let bytes = 0
    for await (const block of inBlocks(pieces)) {
      signal?.throwIfAborted()
      await file.write(block)
      hash.update(block)
      bytes += block.byteLength
    }
    await file.sync()
    files.push({ path, bytes, sha256: hash.digest('hex') })
  }

  async function produce(path: string, make: (place: string) => Promise<void>): Promise<void> {
    signal?.throwIfAborted()
    const place = join(root, path)
    await mkdir(dirname(place), { recursive: true })
    await make(place)
    files.push({ path, ...(await sha256OfFile(place, { signal })) })
  }

  return { write, produce, files: () => files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
}

const BLOCK = 1 << 18

/** Joins small pieces, so that a line is not a system call. */
async function* inBlocks(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let block = ''
  for await (const piece of pieces) {
    if (typeof piece !== 'string') {
      if (block !== '') yield Buffer.from(block)
      block = ''
      yield piece
      continue
    }
    block += piece
    if (block.length < BLOCK) continue
    yield Buffer.from(block)
    block = ''
  }
  if (block !== '') yield Buffer.from(block)
}

async function replaceFolder(temporary: string, target: string, suffix: string): Promise<void> {
  if (!existsSync(target)) return rename(temporary, target)
  const old = join(dirname(target), `.${basename(target)}.${suffix}.old`)
  await rename(target, old)
  try {
    await rename(temporary, target)
  } catch (error) {
    await rename(old, target)
    throw error
  }
  await rm(old, { recursive: true, force: true })
}

/** Refuses a folder that is not ours, or that somebody has worked in since. */
async function assertReplaceable(target: string): Promise<void> {
  if (!existsSync(target)) return
  const present = await filesBelow(target)
  if (present.length === 0) return
  const listed = await listedFiles(target)
  if (!listed)
    throw new AppError(
      'conflict',
      `${target} holds something else than an earlier export. Choose another folder.`,
      {
        details: { path: target },
      },
    )
  const known = new Map(listed.map(file => [file.path, file]))
  for (const path of present) {
    if (path === MANIFEST) continue
    const file = known.get(path)
    if (!file) throw touched(target, path, 'was added to')
    const found = await sha256OfFile(join(target, path))
    if (found.sha256 !== file.sha256) throw touched(target, path, 'was changed in')
  }
}

function touched(target: string, path: string, what: string): AppError {
  return new AppError(
    'conflict',
    `${path} ${what} the export in ${target}. Move it away or choose another folder, so that it is not lost.`,
    { details: { path: target, file: path } },
  )
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    throw new AppError('conflict', `${folder} is not a folder. Choose another name.`, { cause: error })
  })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
}

async function listedFiles(folder: string): Promise<ListedFile[] | null> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'))
    if (typeof manifest !== 'object' || manifest === null) return null
    if (!('format' in manifest) || manifest.format !== DATASET_FORMAT || !('files' in manifest)) return null
    return Array.isArray(manifest.files) ? (manifest.files as ListedFile[]) : null
  } catch {
    return null
  }
}
