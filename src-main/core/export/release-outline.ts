import { setImmediate } from 'node:timers/promises'
import { writesGlosses } from '#shared/domain/task-type.ts'
import { referencesDigest } from './references-digest.ts'
import type { DatasetClip, DatasetReference, DatasetRun, EvaluatedDataset } from './dataset.types.ts'

/** What the parts of a release need to know of a clip that is not the one they are at. */
export interface OutlinedClip {
  name: string
  split: string
  recording: string
  startMs: number
  endMs: number
  state: string
  licence: string
  signer: string | null
  /** References in the language of the text: the clip is scored where there is one. */
  references: number
  /** Of all its references. */
  digest: string
}

export interface OutlinedRun {
  name: string
  createdAt: number
  hypotheses: number
  ratings: number
  /** Whether its outputs are sentences, so that they can be scored against the references. */
  isScored: boolean
  /** By position: whether the clip has an output that can be scored. */
  hasOutput: Uint8Array
  /** Scored clips that have an output. */
  scored: number
}

/** A release without its texts: small enough to be held while the texts pass by. */
export interface Outline {
  clips: readonly OutlinedClip[]
  positions: ReadonlyMap<string, number>
  runs: readonly OutlinedRun[]
  /** Clips with a reference. */
  scored: number
  /** References that every scored clip has. */
  streams: number
  /** Milliseconds since 1970 of the last change of anything in it. */
  lastChange: number
}

/** Items that are walked in one go before others get their turn. */
const TURN = 200

/** Walks what is read as it is walked; whatever else the process has to do gets its turn in between. */
export async function* inTurns<T>(items: Iterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  let walked = 0
  for (const item of items) {
    yield item
    if (++walked % TURN !== 0) continue
    signal?.throwIfAborted()
    await setImmediate()
  }
}

export async function outlineOf(dataset: EvaluatedDataset, signal?: AbortSignal): Promise<Outline> {
  const clips: OutlinedClip[] = []
  const positions = new Map<string, number>()
  let lastChange = 0
  let streams = Infinity
  for await (const clip of inTurns(dataset.clips, signal)) {
    const references = scoredReferences(clip, dataset.corpus.textLanguage).length
    if (references > 0) streams = Math.min(streams, references)
    for (const { versions } of clip.references)
      for (const { changedAt } of versions) lastChange = Math.max(lastChange, changedAt)
    const { name, split, recording, startMs, endMs, state, licence, signer } = clip
    positions.set(name, clips.length)
    const digest = referencesDigest(clip.references)
    clips.push({ name, split, recording, startMs, endMs, state, licence, signer, references, digest })
  }
  const runs: OutlinedRun[] = []
  for (const run of dataset.runs) {
    const outlined = newRun(run, clips.length)
    for await (const { clip, rank, ratings } of inTurns(run.hypotheses, signal)) {
      const position = positions.get(clip)
      if (position === undefined) throw new Error(`An output of ${run.name} belongs to no clip: ${clip}`)
      outlined.hypotheses += 1
      outlined.ratings += ratings.length
      for (const { ratedAt } of ratings) lastChange = Math.max(lastChange, ratedAt)
      if (rank !== 0 || !outlined.isScored) continue
      outlined.hasOutput[position] = 1
      if (clips[position]!.references > 0) outlined.scored += 1
    }
    lastChange = Math.max(lastChange, run.createdAt)
    runs.push(outlined)
  }
  const scored = clips.reduce((sum, { references }) => sum + (references > 0 ? 1 : 0), 0)
  return { clips, positions, runs, scored, streams: scored === 0 ? 0 : streams, lastChange }
}

function newRun(
  { name, createdAt, task }: Pick<DatasetRun, 'name' | 'createdAt' | 'task'>,
  clips: number,
): OutlinedRun {
  const isScored = !writesGlosses(task)
  return { name, createdAt, isScored, hypotheses: 0, ratings: 0, hasOutput: new Uint8Array(clips), scored: 0 }
}

/** A translation is compared with references in its language; one without a language may be in any. */
export function scoredReferences(
  { references }: Pick<DatasetClip, 'references'>,
  wanted: string,
): readonly DatasetReference[] {
  const primary = (tag: string) => tag.toLowerCase().split(/[-_]/)[0]
  if (wanted === '') return references
  return references.filter(({ language }) => language === '' || primary(language) === primary(wanted))
}
