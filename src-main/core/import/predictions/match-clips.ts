import type { PredictionPreview } from '#shared/contract/predictions.ts'
import type { PredictionEntry } from '../../../formats/predictions/prediction-entry.ts'
import type { MatchableClip } from './predictions.queries.ts'
import { isSameText } from './compare-references.ts'

export interface Candidate extends Omit<MatchableClip, 'references'> {
  references: string[]
}

/** Which clip a row is about: one of the corpus, or the name of one that has to be made. */
export type Match =
  | { kind: 'known'; clip: Candidate; repair: string | null }
  | { kind: 'unknown'; name: string }
  | { kind: 'none'; reason: string }

export interface Matcher {
  alignment: PredictionPreview['alignment']
  match: (entry: PredictionEntry, position: number) => Match
}

/** By name where the rows have names; else by counting, in the order in which their references fit best. */
export function createMatcher(
  clips: readonly Candidate[],
  entries: readonly PredictionEntry[],
  stem: string,
  canMake: boolean,
): Matcher {
  if (entries.some(({ name }) => name !== '')) return { alignment: 'names', match: byName(clips) }
  if (clips.length === 0 && canMake)
    return { alignment: 'import-order', match: (_, at) => ({ kind: 'unknown', name: numbered(stem, at) }) }
  const byId = [...clips]
  const sorted = clips.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const isSorted = fitting(sorted, entries) > fitting(byId, entries)
  const order = isSorted ? sorted : byId
  return {
    alignment: isSorted ? 'name-order' : 'import-order',
    match: (_, at) => {
      const clip = order[at]
      return clip
        ? { kind: 'known', clip, repair: null }
        : { kind: 'none', reason: `The file has more lines than there are clips (${order.length}).` }
    },
  }
}

function numbered(stem: string, at: number): string {
  return `${stem}-${String(at + 1).padStart(4, '0')}`
}

/** How many references of the file are those of the clips in this order. */
function fitting(order: readonly Candidate[], entries: readonly PredictionEntry[]): number {
  return entries.filter((entry, at) => {
    const [theirs] = entry.references
    return theirs !== undefined && order[at]?.references.some(ours => isSameText(ours, theirs))
  }).length
}

function byName(clips: readonly Candidate[]): Matcher['match'] {
  const exact = new Map(clips.map(clip => [clip.name, clip]))
  const loose = new Map<string, Candidate | null>()
  for (const clip of clips) {
    const key = looseName(clip.name)
    loose.set(key, loose.has(key) ? null : clip)
  }
  return entry => {
    if (entry.name === '') return { kind: 'none', reason: 'The row has no clip name.' }
    for (const name of [entry.name, ...entry.aliases]) {
      const clip = exact.get(name)
      if (clip) return { kind: 'known', clip, repair: null }
    }
    for (const name of [entry.name, ...entry.aliases]) {
      const clip = loose.get(looseName(name))
      if (clip) return { kind: 'known', clip, repair: `The file calls the clip ${entry.name}.` }
    }
    return { kind: 'unknown', name: entry.name }
  }
}

/** `test/Clip_1.mp4` and `clip_1` are one name: folders, endings, case and Unicode form are matters of taste. */
function looseName(name: string): string {
  const base = name.replaceAll('\\', '/').split('/').at(-1) ?? name
  return base
    .replace(/\.(?:mp4|mov|avi|mkv|webm|npy|png|jpg|txt|pt)$/i, '')
    .normalize('NFC')
    .toLowerCase()
}
