import { readdir, stat } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { readStreams } from '../../engine/frames/streams.ts'
import { findFfmpeg } from '../../engine/frames/ffmpeg.ts'
import { readMp4Boxes } from '../../formats/mp4-boxes.ts'
import { SHORT_FRAMES, shortMessage } from './apply.ts'
import { shownFile } from './check-clips.ts'
import { isPictureName } from './folder-scan.ts'
import { asMediaError, isMp4Name, mediaProblem } from './media-problem.ts'
import type { MediaPlace, PlannedClip } from './plan.ts'
import { inParallel } from '../media/parallel.ts'

/** A preview looks at so many files and takes about so long; the rest is looked at while importing. */
const MAX_GLANCED = 1000
const MAX_PROBED = 200
const MAX_PROBING_MS = 2500
const GLANCES_AT_ONCE = 16
const PROBES_AT_ONCE = 3

/** What a few bytes of a file, or the names in a folder, tell. */
interface Glance {
  place: MediaPlace
  problem: string | null
  warning: string | null
  frames: number | null
  bytes: number | undefined
  /** Not what its name says: worth asking ffprobe first. */
  isOdd: boolean
}

/** Looks at the beginnings of the media files: is it video, is it whole, is it long enough. Marks broken clips. */
export async function probeHeaders(root: string, clips: readonly PlannedClip[]): Promise<ImportIssue[]> {
  const usable = clips.filter(clip => clip.media && !clip.media.absent && !clip.problem)
  const clipsOf = Map.groupBy(usable, clip => clip.media?.path ?? '')
  const places = [...clipsOf.values()].flatMap(group => group[0]?.media ?? []).slice(0, MAX_GLANCED)
  const glances: Glance[] = []
  for await (const seen of inParallel(places, GLANCES_AT_ONCE, glance)) glances.push(seen)
  const missingTool = await findFfmpeg().then(
    () => null,
    (error: unknown) => toolIssue(root, error),
  )
  if (!missingTool) await probeStreams(glances)
  const issues = glances.flatMap(seen =>
    (clipsOf.get(seen.place.path) ?? []).flatMap(clip => clipIssues(root, clip, seen)),
  )
  return missingTool ? [missingTool, ...issues] : issues
}

async function glance(place: MediaPlace): Promise<Glance> {
  const seen: Glance = { place, problem: null, warning: null, frames: null, bytes: undefined, isOdd: false }
  try {
    await look(seen)
  } catch (thrown) {
    const error = asMediaError(thrown, place.path)
    if (!(error instanceof AppError)) throw error
    seen.problem = error.message
  }
  return seen
}

async function look(seen: Glance): Promise<void> {
  const { place } = seen
  if (place.kind === 'frames') {
    seen.frames = (await readdir(place.path)).filter(isPictureName).length
    if (seen.frames === 0) seen.problem = 'The folder holds no pictures.'
    return
  }
  seen.bytes = (await stat(place.path)).size
  const boxes = isMp4Name(place.path) ? await readMp4Boxes(place.path) : undefined
  seen.isOdd = seen.bytes === 0 || boxes === null || boxes?.hasMoov === false
  if (boxes && boxes.missingBytes > 0)
    seen.warning = `The file is cut off: ${boxes.missingBytes} bytes are missing at its end. Its clip is imported as far as it goes; copy the file again to get the rest.`
}

/** Asks ffprobe, odd files first, as long as a preview may take. */
async function probeStreams(glances: readonly Glance[]): Promise<void> {
  const until = performance.now() + MAX_PROBING_MS
  const videos = glances.filter(seen => seen.place.kind === 'video' && !seen.problem)
  const order = videos.toSorted((a, b) => Number(b.isOdd) - Number(a.isOdd)).slice(0, MAX_PROBED)
  for await (const _ of inParallel(order, PROBES_AT_ONCE, probe)) if (performance.now() > until) break
}

async function probe(seen: Glance): Promise<void> {
  try {
    const { claimedFrames, claimedDuration, claimedRates } = await readStreams(seen.place.path)
    const rate = claimedRates[0]
    seen.frames =
      claimedFrames ?? (claimedDuration !== null && rate ? Math.round(claimedDuration * rate) : null)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    seen.problem = await mediaProblem(seen.place.path, error)
  }
}

function clipIssues(root: string, clip: PlannedClip, seen: Glance): ImportIssue[] {
  clip.problem = seen.problem
  clip.bytes = seen.bytes
  const isFromTable = clip.origin !== seen.place.path
  const issue = (severity: ImportIssue['severity'], message: string): ImportIssue => ({
    severity,
    file: shownFile(root, seen.place.path),
    line: isFromTable ? clip.line : null,
    message,
  })
  if (seen.problem) return [issue('error', seen.problem)]
  if (seen.warning) return [issue('warning', seen.warning)]
  const isWhole = clip.startMs === null && clip.endMs === null
  const isShort = isWhole && seen.frames !== null && seen.frames < SHORT_FRAMES
  return isShort ? [issue('info', shortMessage(clip.name, seen.frames ?? 0))] : []
}

function toolIssue(root: string, error: unknown): ImportIssue {
  if (!(error instanceof AppError)) throw error
  return { severity: 'error', file: root, line: null, message: error.message }
}
