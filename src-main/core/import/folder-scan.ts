import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'

/** In lower case, with the dot. */
export const VIDEO_ENDINGS: ReadonlySet<string> = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .mts .m2ts .ts .wmv .flv .ogv .3gp .mxf .vob .gif'.split(' '),
)
const PICTURE_ENDINGS = new Set(['.png', '.jpg', '.jpeg'])
const TABLE_ENDINGS = new Set(['.csv', '.tsv', '.tab', '.txt'])

export const isVideoName = (name: string): boolean => VIDEO_ENDINGS.has(extname(name).toLowerCase())
export const isPictureName = (name: string): boolean => PICTURE_ENDINGS.has(extname(name).toLowerCase())
export const isTableName = (name: string): boolean => TABLE_ENDINGS.has(extname(name).toLowerCase())

const isMediaOrTable = (name: string): boolean =>
  isVideoName(name) || isPictureName(name) || isTableName(name)

export interface FolderScan {
  /** Absolute paths, each list sorted. */
  videos: string[]
  frameFolders: string[]
  /** Folders with nothing in them. */
  emptyFolders: string[]
  tables: string[]
  /** What cannot be read, with the reason; the rest is. */
  leftOut: LeftOut[]
}

export interface LeftOut {
  path: string
  why: string
}

/** One picture is a poster or a logo, two are a sequence. */
const MIN_PICTURES = 2

/** Everything below a folder that an import may use, at any depth; hidden folders and corpora are left out. */
export async function scanFolder(root: string, signal?: AbortSignal): Promise<FolderScan> {
  const found: FolderScan = { videos: [], frameFolders: [], emptyFolders: [], tables: [], leftOut: [] }
  const seen = new Set<string>()
  const open = [root]
  for (let dir = open.pop(); dir !== undefined; dir = open.pop()) {
    signal?.throwIfAborted()
    const real = await realpath(dir)
    if (seen.has(real)) continue
    seen.add(real)
    for (const folder of await readFolder(dir, dir === root, found)) open.push(folder)
  }
  for (const list of [found.videos, found.frameFolders, found.emptyFolders, found.tables]) list.sort()
  return found
}

/** Sorts the files of one folder into `found` and answers its folders. */
async function readFolder(dir: string, isRoot: boolean, found: FolderScan): Promise<string[]> {
  const folders: string[] = []
  let videos = 0
  let pictures = 0
  const entries = await listFolder(dir).catch((error: unknown) => {
    if (isRoot || !(error instanceof AppError)) throw error
    found.leftOut.push({ path: dir, why: 'This folder may not be opened; it is left out.' })
    return null
  })
  if (!entries) return []
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = join(dir, entry.name)
    const kind = await kindOf(entry, path)
    if (kind === 'folder') {
      if (!entry.name.endsWith('.signwright')) folders.push(path)
    } else if (kind !== 'file') {
      if (isMediaOrTable(entry.name)) found.leftOut.push({ path, why: WHY_LEFT_OUT[kind] })
    } else if (isVideoName(entry.name)) {
      videos++
      found.videos.push(path)
    } else if (isPictureName(entry.name)) pictures++
    else if (isTableName(entry.name)) found.tables.push(path)
  }
  if (videos === 0 && pictures >= MIN_PICTURES) found.frameFolders.push(dir)
  if (entries.length === 0 && !isRoot) found.emptyFolders.push(dir)
  return folders
}

export async function listFolder(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EACCES' || code === 'EPERM')
      throw new AppError('not-found', `${dir} may not be read. Give this user the right to open it.`, {
        cause: error,
        details: { file: dir },
      })
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError('not-found', `There is no folder ${dir}.`, { cause: error, details: { file: dir } })
    throw error
  }
}

const WHY_LEFT_OUT = {
  'dead-link':
    'This link leads to a file that is not there; it is left out. Connect the drive that holds the file, or make the link anew.',
  special: 'This is no plain file but a pipe, socket or device; it is left out.',
}

/** Follows links. */
async function kindOf(entry: Dirent, path: string): Promise<'folder' | 'file' | keyof typeof WHY_LEFT_OUT> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry
  if (!found) return 'dead-link'
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'special'
}
