import { stat } from 'node:fs/promises'
import { type FrameSource, openSource } from './source.ts'

/** Recordings that stay open: clips come in hundreds out of one, and the index of an hour takes a second to make. */
const KEPT = 8

/** Opens sources and remembers the last ones, as long as their files do not change. */
export function createSourceCache(): (path: string, signal: AbortSignal) => Promise<FrameSource> {
  const kept = new Map<string, FrameSource>()
  return async (path, signal) => {
    const facts = await stat(path).catch(() => null)
    const key = facts ? `${path}\n${facts.size}\n${facts.mtimeMs}` : null
    const known = key === null ? undefined : kept.get(key)
    const source = known ?? (await openSource(path, { signal }))
    if (key === null) return source
    kept.delete(key)
    kept.set(key, source)
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest)
    return source
  }
}
