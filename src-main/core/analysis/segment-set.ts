import type { ReviewState } from '#shared/contract/clip.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { requireSentenceRun } from '../run/run-tasks.ts'
import { leftOutOf, outputsOf, segmentsOf } from './analysis.queries.ts'

/** The segments of an analysis as columns: everything at one place belongs to one segment. */
export interface SegmentSet {
  size: number
  runIds: readonly RunId[]
  runNames: readonly string[]
  clipIds: ClipId[]
  names: string[]
  splits: string[]
  signers: string[]
  states: ReviewState[]
  durationsMs: number[]
  glosses: string[]
  languages: string[]
  tags: string[][]
  references: string[][]
  /** By run, then segment. */
  outputs: string[][]
  /** Clips that only some of the runs have translated. */
  leftOut: number
  /** The language of most segments. */
  language: string
}

/** Reads the segments that every run has translated. */
export function readSegments(
  db: ReadDb,
  scope: { runIds: readonly RunId[]; split: string | null },
): SegmentSet {
  const { runIds } = scope
  const set: SegmentSet = {
    size: 0,
    runIds,
    runNames: runIds.map(runId => requireSentenceRun(db, runId).name),
    clipIds: [],
    names: [],
    splits: [],
    signers: [],
    states: [],
    durationsMs: [],
    glosses: [],
    languages: [],
    tags: [],
    references: [],
    outputs: [],
    leftOut: leftOutOf(db, scope),
    language: '',
  }
  for (const row of segmentsOf(db, scope)) {
    set.clipIds.push(row.clipId)
    set.names.push(row.name)
    set.splits.push(row.split)
    set.signers.push(row.signer)
    set.states.push(row.state)
    set.durationsMs.push(row.durationMs)
    set.glosses.push(row.gloss)
    set.languages.push(row.language)
    set.tags.push(row.tags === '[]' ? NO_TAGS : (JSON.parse(row.tags) as string[]))
    set.references.push(JSON.parse(row.references) as string[])
  }
  set.size = set.clipIds.length
  const rowOf = new Map(set.clipIds.map((clipId, row) => [clipId, row]))
  for (const runId of runIds) set.outputs.push(outputsByRow(db, runId, rowOf))
  set.language = mostFrequent(set.languages)
  return set
}

const NO_TAGS: string[] = []

function outputsByRow(db: ReadDb, runId: RunId, rowOf: ReadonlyMap<ClipId, number>): string[] {
  const texts = Array.from({ length: rowOf.size }, () => '')
  for (const { clipId, text } of outputsOf(db, runId)) {
    const row = rowOf.get(clipId)
    if (row !== undefined) texts[row] = text
  }
  return texts
}

function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
