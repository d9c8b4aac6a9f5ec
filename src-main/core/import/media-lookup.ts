import { basename, dirname, isAbsolute, relative, sep } from 'node:path'
import { nameOfFile } from '../../formats/listed-clip.ts'
import type { FolderScan } from './folder-scan.ts'
import type { MediaPlace } from './plan.ts'

export interface MediaLookup {
  places: readonly MediaPlace[]
  /** What a table means by a path, a file name or a bare name; several where the name alone is not enough. */
  find: (listed: string) => readonly MediaPlace[]
}

/** Finds media by what people write in tables: paths from any parent folder, names with and without their ending. */
export function createMediaLookup(root: string, scan: FolderScan): MediaLookup {
  const places: MediaPlace[] = [
    ...scan.videos.map(path => ({ kind: 'video' as const, path })),
    ...scan.frameFolders.map(path => ({ kind: 'frames' as const, path })),
  ]
  const byPath = new Map<string, MediaPlace[]>()
  const byName = new Map<string, MediaPlace[]>()
  for (const place of places) {
    add(byPath, keyOf(place.path), place)
    add(byPath, keyOf(relative(root, place.path)), place)
    add(byPath, keyOf(withoutEnding(relative(root, place.path))), place)
    add(byName, keyOf(basename(place.path)), place)
    add(byName, keyOf(mediaName(place)), place)
  }

  function find(listed: string): readonly MediaPlace[] {
    const path = pathOf(listed)
    if (path === '') return []
    const exact = byPath.get(keyOf(path))
    if (exact) return exact
    // Tables made elsewhere carry folders that are not here.
    const parts = path.split('/')
    for (let from = 1; from < parts.length; from++) {
      const tail = byPath.get(keyOf(parts.slice(from).join('/')))
      if (tail) return tail
    }
    return byName.get(keyOf(parts.at(-1) ?? '')) ?? []
  }

  return { places, find }
}

/** The name of a clip that is a whole file; frame folders of PHOENIX end in a level `1`. */
export function mediaName(place: MediaPlace): string {
  if (place.kind === 'video') return nameOfFile(place.path)
  return basename(place.path) === '1' ? basename(dirname(place.path)) : basename(place.path)
}

/** The path from the import's root without the ending: unique where names are not. */
export function mediaNameFromRoot(root: string, place: MediaPlace): string {
  const path = place.kind === 'frames' && basename(place.path) === '1' ? dirname(place.path) : place.path
  const fromRoot = relative(root, path).split(sep).join('/')
  return place.kind === 'video' ? withoutEnding(fromRoot) : fromRoot
}

/** `x/1/*.png` names the folder of the pictures. */
function pathOf(listed: string): string {
  const path = listed
    .trim()
    .replace(/\\/g, '/')
    .replace(/\/\*\.[a-z]+$/i, '')
    .replace(/\/+$/, '')
  return isAbsolute(path) ? path : path.replace(/^(\.\/)+/, '')
}

function withoutEnding(path: string): string {
  const folder = dirname(path)
  return folder === '.' ? nameOfFile(path) : `${folder}/${nameOfFile(path)}`
}

/** macOS hands out decomposed names, and Windows ignores case. */
function keyOf(path: string): string {
  return path.split(sep).join('/').normalize('NFC').toLowerCase()
}

function add(map: Map<string, MediaPlace[]>, key: string, place: MediaPlace): void {
  const known = map.get(key)
  if (!known) map.set(key, [place])
  else if (!known.includes(place)) known.push(place)
}
