import { stat } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import { contentHash } from '../media/content-hash.ts'
import { type MediaColumns, mediaColumns } from '../media/media-row.ts'
import { probeMedia } from '../media/probe.ts'
import { findMediaByPath, listMediaByHash, type KnownMedia } from './import.queries.ts'
import { describeAbsent } from './absent-media.ts'
import { asMediaError, mediaProblem } from './media-problem.ts'
import type { MediaPlace } from './plan.ts'

/** A media file as found for an import. */
export type ReadMedia =
  | { state: 'known'; media: KnownMedia }
  | {
      state: 'read'
      columns: MediaColumns
      index: FrameIndex
      /** Rows of the same content whose file is gone: this one has been moved. */
      moved: KnownMedia[]
    }
  | { state: 'broken'; problem: string }

/** Failures that every other file would meet as well. */
const STOPPING_CODES = new Set(['ffmpeg-missing', 'disk-full', 'cancelled'])

/** Facts, frame index and hash of a file; nothing is read again that the corpus already knows. */
export async function readMedia(db: ReadDb, place: MediaPlace, signal: AbortSignal): Promise<ReadMedia> {
  try {
    if (place.absent) return absentMedia(db, place, place.absent)
    const known = findMediaByPath(db, place.path)
    if (known && (await isUnchanged(known))) return { state: 'known', media: known }
    const [probe, hash] = await Promise.all([
      probeMedia(place.path, { signal }),
      contentHash(place.path, signal),
    ])
    if (probe.frames === 0) return { state: 'broken', problem: `${place.path} has no frames.` }
    const twins = listMediaByHash(db, hash).filter(twin => twin.path !== place.path)
    const isGone = await Promise.all(twins.map(async twin => !(await exists(twin.path))))
    return {
      state: 'read',
      columns: mediaColumns(place.path, probe, hash),
      index: probe.index,
      moved: twins.filter((_, at) => isGone[at]),
    }
  } catch (thrown) {
    const error = asMediaError(thrown, place.path)
    if (!(error instanceof AppError) || STOPPING_CODES.has(error.code)) throw error
    return { state: 'broken', problem: await mediaProblem(place.path, error) }
  }
}

function absentMedia(
  db: ReadDb,
  { path, kind }: MediaPlace,
  { frames, problem }: NonNullable<MediaPlace['absent']>,
): ReadMedia {
  const media = findMediaByPath(db, path)
  if (media) return { state: 'known', media }
  const { columns, index } = describeAbsent({ path, role: kind, frames })
  return { state: 'read', columns: { ...columns, problem }, index, moved: [] }
}

/** By size and time; of a folder only the time says something without reading it all. */
async function isUnchanged(known: KnownMedia): Promise<boolean> {
  const found = await stat(known.path)
  return Math.round(found.mtimeMs) === known.mtimeMs && (found.isDirectory() || found.size === known.bytes)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
