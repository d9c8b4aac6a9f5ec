import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { RecentCorpus } from '#shared/contract/corpus.ts'
import { readText, writeJson } from '../json-file.ts'
import { corpusPaths, isCorpusFolder } from './folder.ts'

const Entry = z.object({ dir: z.string(), name: z.string(), clips: z.int(), openedAt: z.int().nonnegative() })
type Entry = z.infer<typeof Entry>

const KEPT = 30
/** A picture on Home travels inside the answer: the corpus it belongs to is not open, so it has no URL. */
const LARGEST_PICTURE = 64 * 1024

/** The corpora that were opened last, newest first, kept in `dataDir`. */
export function createRecentList(dataDir: string, now: () => number) {
  const file = join(dataDir, 'recent.json')

  function entries(): Entry[] {
    try {
      return z.array(Entry).parse(JSON.parse(readText(file) ?? '[]'))
    } catch {
      // A convenience, not data: an unreadable list is an empty one.
      return []
    }
  }

  function list(): RecentCorpus[] {
    return entries().map(entry => ({
      ...entry,
      isThere: isCorpusFolder(entry.dir),
      thumbnailUrl: picture(entry.dir),
    }))
  }

  function remember({ dir, name, clips }: { dir: string; name: string; clips: number }): void {
    const others = entries().filter(entry => entry.dir !== dir)
    writeJson(file, [{ dir, name, clips, openedAt: now() }, ...others].slice(0, KEPT))
  }

  /** Takes it off the list; the corpus itself stays where it is. */
  function forget(dir: string): void {
    const kept = entries().filter(entry => entry.dir !== dir && entry.dir !== resolve(dir))
    writeJson(file, kept)
  }

  return { list, remember, forget }
}

export type RecentList = ReturnType<typeof createRecentList>

function picture(dir: string): string | null {
  try {
    const { thumbnails } = corpusPaths(dir)
    const name = readdirSync(thumbnails)
      .sort()
      .find(candidate => candidate.endsWith('.jpg'))
    const file = name && join(thumbnails, name)
    if (!file || statSync(file).size > LARGEST_PICTURE) return null
    return `data:image/jpeg;base64,${readFileSync(file, 'base64')}`
  } catch {
    return null
  }
}
