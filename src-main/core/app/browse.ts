import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { DirectoryEntry } from '#shared/contract/app.ts'
import { AppError } from '#shared/contract/errors.ts'
import { CORPUS_SUFFIX } from '../corpus/folder.ts'

export interface Directory {
  dir: string
  parent: string | null
  entries: DirectoryEntry[]
}

const MANIFEST = 'signwright-model.json'
const LOOKS_AT_ONCE = 64
/** "clip 9" before "clip 10", whatever the language of the names. */
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** What is in a folder of this machine: folders first, hidden ones left out. */
export async function browse(dir: string): Promise<Directory> {
  const place = resolve(dir)
  const names = (await namesIn(place)).filter(name => !name.startsWith('.'))
  const entries: DirectoryEntry[] = []
  for (let at = 0; at < names.length; at += LOOKS_AT_ONCE) {
    const looked = await Promise.all(names.slice(at, at + LOOKS_AT_ONCE).map(name => entryOf(place, name)))
    entries.push(...looked.filter(entry => entry !== null))
  }
  entries.sort(
    (a, b) => Number(a.kind === 'file') - Number(b.kind === 'file') || natural.compare(a.name, b.name),
  )
  const parent = dirname(place)
  return { dir: place, parent: parent === place ? null : parent, entries }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    throw unreadable(dir, error)
  }
}

/** Null for what vanished meanwhile, leads nowhere or is no file: sockets, devices. */
async function entryOf(dir: string, name: string): Promise<DirectoryEntry | null> {
  const path = join(dir, name)
  const stats = await stat(path).catch(() => null)
  if (stats?.isFile()) return { name, path, kind: 'file', bytes: stats.size }
  if (!stats?.isDirectory()) return null
  if (name.endsWith(CORPUS_SUFFIX)) return { name, path, kind: 'corpus', bytes: null }
  const manifest = await stat(join(path, MANIFEST)).catch(() => null)
  return { name, path, kind: manifest?.isFile() ? 'model' : 'folder', bytes: null }
}

function unreadable(dir: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code
  const options = { cause, details: { dir } }
  if (code === 'ENOENT')
    return new AppError(
      'not-found',
      `There is no folder ${dir}. It may have been moved, or its drive is not connected.`,
      options,
    )
  if (code === 'ENOTDIR') return new AppError('invalid-input', `${dir} is a file, not a folder.`, options)
  return new AppError('invalid-input', `The folder ${dir} cannot be read. Check its permissions.`, options)
}
