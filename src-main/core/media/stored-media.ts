import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaFacts } from '#shared/contract/media.ts'
import type { FrameSource } from '../../engine/frames/source.ts'
import { openSource } from '../../engine/frames/source.ts'
import { readStreams } from '../../engine/frames/streams.ts'
import { unpackFrameIndex } from './frame-index-blob.ts'
import type { MediaRecord } from './media.queries.ts'
import { proxyReason } from './playable.ts'
import { ABSENT_MESSAGE, changedMessage, missingMessage, type Presence } from './presence.ts'
import type { MediaProbe } from './probe.ts'

export type StoredFacts = Omit<
  MediaProbe,
  'index' | 'bytes' | 'mtimeMs' | 'frames' | 'durationMs' | 'problem'
>

/** What the probe found when the file came in, index included. */
export function probeOf(media: MediaRecord): MediaProbe {
  const facts = JSON.parse(media.facts) as StoredFacts
  const { bytes, mtimeMs, frames, durationMs, problem } = media
  return { ...facts, bytes, mtimeMs, frames, durationMs, problem, index: unpackFrameIndex(media.frameIndex) }
}

/** Content names the proxy: the same file in two recordings has one. */
export function proxyPath(dir: string, media: MediaRecord): string {
  return join(dir, 'proxies', `${fileNameOf(media.contentHash)}.mp4`)
}

/** `sha256:1234:ab…` has colons, which Windows does not allow. */
export function fileNameOf(contentHash: string): string {
  return contentHash.replaceAll(':', '-')
}

export function mediaFacts(dir: string, media: MediaRecord, presence: Presence): MediaFacts {
  const probe = probeOf(media)
  const isAbsent = presence === 'absent'
  const isProxy = !isAbsent && proxyReason(probe) !== null
  const isPlayable = isProxy ? existsSync(proxyPath(dir, media)) : presence === 'there'
  const {
    kind,
    fps,
    variableFrameRate,
    firstPtsMs,
    width,
    height,
    displayWidth,
    displayHeight,
    rotation,
    videoCodec,
    audioCodec,
  } = probe
  return {
    id: media.id,
    recordingId: media.recordingId,
    path: media.path,
    kind,
    offsetMs: media.offsetMs,
    frames: media.frames,
    durationMs: media.durationMs,
    fps,
    variableFrameRate,
    firstPtsMs,
    width,
    height,
    displayWidth,
    displayHeight,
    rotation,
    videoCodec,
    audioCodec,
    bytes: media.bytes,
    isThere: presence !== 'missing' && !isAbsent,
    isAbsent,
    problem: problemOf(media, presence),
    licence: media.licence,
    consent: media.consent,
    playUrl: isPlayable ? playUrl(media) : null,
    isProxy,
    pictureUrl: kind === 'frames' && presence === 'there' ? pictureUrl(media) : null,
  }
}

/** The content in the address keeps a browser from showing the video of another corpus or of before a change. */
function playUrl(media: MediaRecord): string {
  return `/media/play/${media.id}?content=${fileNameOf(media.contentHash).slice(-16)}`
}

function pictureUrl(media: MediaRecord): string {
  return `/media/frame/${media.id}?content=${fileNameOf(media.contentHash).slice(-16)}&n=`
}

function problemOf(media: MediaRecord, presence: Presence): string | null {
  if (presence === 'absent') return ABSENT_MESSAGE
  if (presence === 'missing') return missingMessage(media.path)
  if (presence === 'changed') return changedMessage(media.path)
  return media.problem
}

/** Opens the file for decoding with the index that is stored, instead of making it again. */
export async function openStored(media: MediaRecord, signal?: AbortSignal): Promise<FrameSource> {
  const index = unpackFrameIndex(media.frameIndex)
  if (media.role === 'frames')
    return { ...(await openSource(media.path, { signal, folderBytes: media.bytes })), index }
  return {
    kind: 'video',
    path: media.path,
    video: await readStreams(media.path, signal),
    index,
    problem: media.problem,
  }
}
