import { existsSync } from 'node:fs'
import { AppError, type ErrorCode } from '#shared/contract/errors.ts'
import { ClipId, MediaId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../context.ts'
import { makeClipThumbnail, thumbnailPath } from './clip-thumbnail.ts'
import { createFolderPictures } from './folder-pictures.ts'
import { findClipFrames, findMedia } from './media.queries.ts'
import { ABSENT_MESSAGE } from './presence.ts'
import { proxyReason } from './playable.ts'
import { serveFile } from './serve.ts'
import { createLimit, createSharing } from './sharing.ts'
import { probeOf, proxyPath } from './stored-media.ts'

const ADDRESS = /^\/media\/(play|thumbnail|frame)\/(\d{1,15})(\.jpg)?$/
const STATUS: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'media-missing': 404,
  'not-permitted': 403,
  conflict: 409,
  'corrupt-file': 422,
  'disk-full': 507,
}
const THUMBNAILS_AT_ONCE = 2

/** Answers for the addresses of videos, pictures of frame folders, and thumbnails: by id, never by path. */
export function createMediaFiles({ db, dir }: CorpusContext) {
  const limited = createLimit(THUMBNAILS_AT_ONCE)
  const thumbnails = createSharing<void>()
  /** A frame that could not be decoded is not decoded again at every scroll. */
  const failures = new Map<string, AppError>()
  const folders = createFolderPictures(db)

  /** Null where the address is none of ours. */
  async function fetch(request: Request): Promise<Response | null> {
    const match = ADDRESS.exec(new URL(request.url).pathname)
    if (!match || (match[1] === 'thumbnail') !== (match[3] !== undefined)) return null
    try {
      const id = Number(match[2])
      if (match[1] === 'play') return await play(request, id)
      if (match[1] === 'frame') return await folders.picture(request, id)
      return await thumbnail(request, id)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
      return new Response(error.message, { status: STATUS[error.code] ?? 500, headers })
    }
  }

  async function play(request: Request, id: number): Promise<Response> {
    const media = findMedia(db, MediaId.parse(id))
    if (!media) throw new AppError('not-found', `There is no video ${id}.`)
    if (proxyReason(probeOf(media)) === null) return serveFile(request, media.path)
    const proxy = proxyPath(dir, media)
    if (!existsSync(proxy))
      throw new AppError('not-found', 'The copy of this video that can be played is not made yet.')
    return serveFile(request, proxy)
  }

  async function thumbnail(request: Request, id: number): Promise<Response> {
    const clip = findClipFrames(db, ClipId.parse(id))
    const media = clip && findMedia(db, clip.mediaId)
    if (!clip || !media) throw new AppError('not-found', `There is no clip ${id}.`)
    if (media.isAbsent === 1) throw new AppError('media-missing', ABSENT_MESSAGE)
    const path = thumbnailPath(dir, media, clip)
    if (!existsSync(path)) await made(path, () => makeClipThumbnail(dir, media, clip))
    return serveFile(request, path)
  }

  async function made(path: string, make: () => Promise<void>): Promise<void> {
    const failure = failures.get(path)
    if (failure) throw failure
    try {
      await thumbnails.shared(path, () => limited(make))
    } catch (error) {
      if (error instanceof AppError && error.code === 'corrupt-file') failures.set(path, error)
      throw error
    }
  }

  return { fetch, forgetFailures: () => failures.clear() }
}
