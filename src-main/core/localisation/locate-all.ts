import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ModelId, RecordingId } from '#shared/contract/ids.ts'
import type {
  LocatedSegment,
  Localisation,
  LocalisationMeasure,
  WordSource,
} from '#shared/contract/localisation.ts'
import { spellingIndex } from '#shared/domain/gloss-spelling.ts'
import { localisedSegments } from '#shared/domain/localised-segments.ts'
import type { ReadDb } from '../../db/types.ts'
import { resolveSelection } from '../clip/selection.ts'
import type { CorpusContext } from '../context.ts'
import { findClipPlace, listTierValues } from './localisation.queries.ts'
import type { LocalisingBundle, Locator } from './locator.ts'

export interface Search {
  selection: ClipSelection
  modelId: ModelId
  words: WordSource
  measure: LocalisationMeasure
  threshold: number
}

export interface LocatedClip {
  clipId: ClipId
  clip: string
  recordingId: RecordingId
  found: Localisation
  segments: LocatedSegment[]
}

interface Tally {
  bundle: LocalisingBundle
  clips: LocatedClip[]
  /** Names. */
  withoutFeatures: string[]
  /** Wanted words that the model has no prototype for. */
  unknown: string[]
}
/** How far it is; at the end with what was found. */
export interface Searched {
  done: number
  total: number
  tally: Tally
}

const EVENT_MS = 100

/** Clip by clip. Clips without features are left out; where no clip has any, that is an error. */
export async function* locateAll(
  { db }: CorpusContext,
  locator: Locator,
  search: Search,
  signal?: AbortSignal,
): AsyncGenerator<Searched, void, void> {
  const clipIds = resolveSelection(db, search.selection)
  const bundle = await locator.bundleOf(search.modelId, signal)
  const words = wantedWords(db, locator, bundle, search.words)
  const tally: Tally = { bundle, clips: [], withoutFeatures: [], unknown: words?.unknown ?? [] }
  let told = performance.now()
  for (const [done, clipId] of clipIds.entries()) {
    signal?.throwIfAborted()
    const place = findClipPlace(db, clipId)
    const found = place && (await locator.locate(clipId, bundle, words?.known ?? null, signal))
    if (place && found)
      tally.clips.push({
        clipId,
        clip: place.name,
        recordingId: place.recordingId,
        found,
        segments: segmentsOf({ clipId, ...place }, found, search),
      })
    else if (place) tally.withoutFeatures.push(place.name)
    if (performance.now() - told < EVENT_MS) continue
    told = performance.now()
    yield { done, total: clipIds.length, tally }
  }
  if (tally.clips.length === 0 && tally.withoutFeatures.length > 0)
    throw new AppError(
      'not-found',
      `${tally.withoutFeatures.length === 1 ? 'The clip has no' : `None of the ${tally.withoutFeatures.length} clips has`} features of ${bundle.manifest.name} yet. Extract them, then localise.`,
      { details: { modelId: search.modelId, missing: 'features' } },
    )
  yield { done: clipIds.length, total: clipIds.length, tally }
}

/** The segments of one measure at one threshold, in time. */
export function segmentsOf(
  clip: { clipId: ClipId; name: string; recordingId: RecordingId },
  found: Localisation,
  { measure, threshold }: Pick<Search, 'measure' | 'threshold'>,
): LocatedSegment[] {
  const { segments } = localisedSegments(found[measure], found.glosses, threshold)
  return segments.map(({ word, firstCell, lastCell, score, mass }) => ({
    clipId: clip.clipId,
    clip: clip.name,
    recordingId: clip.recordingId,
    word,
    startMs: found.cells[firstCell]?.startMs ?? 0,
    endMs: found.cells[lastCell]?.endMs ?? 0,
    score,
    mass,
  }))
}

/** Null: the likeliest of each clip. */
function wantedWords(
  db: ReadDb,
  locator: Locator,
  bundle: LocalisingBundle,
  source: WordSource,
): { known: string[]; unknown: string[] } | null {
  if (source.kind === 'likeliest') return null
  const { glosses } = locator.vocabularyOf(bundle)
  const glossOf = spellingIndex(glosses)
  const wanted = source.kind === 'words' ? source.words : listTierValues(db, source.tier)
  const known = new Set<string>()
  const unknown = new Set<string>()
  for (const word of wanted) {
    const gloss = glossOf(word)
    if (gloss === undefined) unknown.add(word)
    else known.add(gloss)
  }
  if (known.size > 0) return { known: [...known], unknown: [...unknown] }
  const from = source.kind === 'tier' ? `The values of “${source.tier}”` : 'The words'
  throw new AppError(
    'invalid-input',
    `${from} are none that ${bundle.manifest.name} has prototypes for (${[...unknown].slice(0, 5).join(', ') || 'none given'}). It knows ${glosses.length} words.`,
    { details: { unknown: [...unknown] } },
  )
}

/** Progress of a search, and at the end what is made of it. */
export async function* withProgress<Outcome>(
  search: AsyncGenerator<Searched, void, void>,
  finish: (tally: Tally) => Outcome,
): AsyncGenerator<{ kind: 'progress'; done: number; total: number } | Outcome, void, void> {
  for await (const { done, total, tally } of search)
    if (done < total) yield { kind: 'progress', done, total }
    else yield finish(tally)
}

export type { Tally }
