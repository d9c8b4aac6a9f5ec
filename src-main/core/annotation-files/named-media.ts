import { existsSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NamedMedia } from '#shared/contract/annotation-file.ts'
import type { ReadDb } from '../../db/types.ts'
import type { MediaDescriptor } from '../../formats/annotation-document.ts'
import { VIDEO_ENDINGS } from '../import/folder-scan.ts'
import { findMediaIdByPath } from '../media/media.queries.ts'

/** Where the media are: at the address that the file names, else beside it, under any tail of the path. */
export function locateMedia(
  db: ReadDb,
  file: string,
  media: readonly MediaDescriptor[],
  chosen: readonly { url: string; path: string }[] = [],
): NamedMedia[] {
  return media.map(({ url, relativeUrl, mimeType, timeOriginMs }) => {
    const own = chosen.find(choice => choice.url === url)
    const kind = isSound(mimeType, relativeUrl || url) ? 'sound' : 'video'
    const places = own ? [resolve(own.path)] : placesOf(file, url, relativeUrl).flatMap(withEnding)
    const known = places.find(place => findMediaIdByPath(db, place) !== undefined)
    const path = known ?? places.find(place => existsSync(place)) ?? null
    const mediaId = path === null ? null : (findMediaIdByPath(db, path) ?? null)
    return { url, relativeUrl, mimeType, kind, offsetMs: timeOriginMs, path, mediaId }
  })
}

const SOUND_ENDING = /\.(wav|wave|mp3|m4a|ogg|oga|opus|flac|aac|aiff?)$/i

/** By the ending first: files often say "unknown" of a WAV, and some call an MP4 a sound. */
function isSound(mimeType: string, url: string): boolean {
  if (SOUND_ENDING.test(url)) return true
  return mimeType.startsWith('audio/') && !/\.[a-z0-9]{2,4}$/i.test(url)
}

function placesOf(file: string, url: string, relativeUrl: string): string[] {
  const dir = dirname(resolve(file))
  const places: string[] = []
  for (const text of [relativeUrl, url]) {
    const path = pathOf(text)
    if (path === '') continue
    places.push(isAbsolute(path) ? path : resolve(dir, path))
    // Files travel with their folders; what stays the same is the end of the path.
    const parts = path.split(/[/\\]/).filter(part => part !== '' && part !== '.' && part !== '..')
    for (let from = Math.max(0, parts.length - 4); from < parts.length; from++)
      places.push(join(dir, ...parts.slice(from)))
  }
  return [...new Set(places)]
}

/** CHAT names its video without an ending. */
function withEnding(place: string): string[] {
  return extname(place) === '' ? [...[...VIDEO_ENDINGS].map(ending => `${place}${ending}`), place] : [place]
}

function pathOf(url: string): string {
  if (!url.startsWith('file:')) return /^[a-z][a-z0-9+.-]+:\/\//i.test(url) ? basename(url) : url
  try {
    return fileURLToPath(url)
  } catch {
    // `file:///C:/…` on another system, and addresses with a bare host: the name is what can be found.
    const name = url.split('/').at(-1) ?? ''
    return URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? name) : name
  }
}
