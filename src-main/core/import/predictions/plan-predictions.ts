import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { PredictedRow, PredictionPreview, PredictionSource } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { writesGlosses } from '#shared/domain/task-type.ts'
import type { ReadDb } from '../../../db/types.ts'
import { nameOfFile } from '../../../formats/listed-clip.ts'
import type { PredictionEntry } from '../../../formats/predictions/prediction-entry.ts'
import { alignmentIssues } from './alignment-issues.ts'
import { freeName } from './free-name.ts'
import { withLineFiles } from './line-files.ts'
import { type Candidate, createMatcher, type Match } from './match-clips.ts'
import { importFingerprint } from './import-fingerprint.ts'
import { misfitIssues } from './misfit-issues.ts'
import {
  findRunMadeWith,
  listMatchableClips,
  listRecordingNames,
  listRunNames,
} from './predictions.queries.ts'
import { planRatings, type PlannedRatings } from './plan-ratings.ts'
import { planReferences, type PlannedReferences } from './plan-references.ts'
import { readPredictions } from './read-source.ts'
import type { ReadPredictions } from './what-was-read.ts'

/** A row with the clip that it goes to; `clip` is null where it is left out. */
export interface PlannedRow {
  entry: PredictionEntry
  clip: string | null
  isNewClip: boolean
  text: string
  status: PredictedRow['status']
  reason: string | null
}

export interface PlannedSystem {
  name: string
  run: string
  rows: PlannedRow[]
  missing: string[]
}

export interface PredictionPlan {
  source: PredictionSource
  read: ReadPredictions
  alignment: PredictionPreview['alignment']
  clips: ReadonlyMap<string, Candidate>
  systems: PlannedSystem[]
  /** Names of clips that have to be made. */
  newClips: string[]
  /** Names that recordings already have. */
  recordings: ReadonlySet<string>
  references: PlannedReferences
  ratings: PlannedRatings
  /** Clips of the scope that no system says anything about. */
  missing: string[]
  issues: ImportIssue[]
}

/** Glosses in a column of references are no sentences: they would be what every translation is scored against. */
function glossIssues({ source, task }: PredictionSource, given: PlannedReferences): ImportIssue[] {
  if (given.changes.length + given.differences.length + given.same === 0) return []
  const message = `The references in the file belong to ${task}, so they are glosses and are not imported. The run is scored against the glosses of the clips, or a tier.`
  return [{ severity: 'info', file: source, line: null, message }]
}

const NO_REFERENCES: PlannedReferences = { changes: [], differences: [], same: 0, filled: 0 }

/** Reads the files and says what every row would become; changes nothing. */
export async function planPredictions(db: ReadDb, asked: PredictionSource): Promise<PredictionPlan> {
  const read = await withLineFiles(asked, await readPredictions(asked))
  // What has frame labels is recognition, whatever the task was left at.
  const isRecognition = read.format === 'ctc' && !writesGlosses(asked.task)
  const source: PredictionSource = isRecognition ? { ...asked, task: 'CSLR' } : asked
  const found = listMatchableClips(db, source.split ?? null)
  const clips = found.map(clip => ({ ...clip, references: JSON.parse(clip.references) as string[] }))
  const known = new Map(clips.map(clip => [clip.name, clip]))
  const stem = nameOfFile(basename(source.source))
  const bySystem = Map.groupBy(read.entries, entry => entry.system || source.run || stem)
  const names = listRunNames(db)
  const planned = [...bySystem].map(([name, entries]) => {
    const matcher = createMatcher(clips, entries, stem, source.makeClips)
    const rows = planRows(entries, matcher.match, source.makeClips)
    const isOnly = bySystem.size === 1 && source.run !== undefined && source.run !== ''
    return {
      matcher,
      system: { name, run: freeName(isOnly ? (source.run ?? name) : name, names), rows, missing: [] },
    }
  })
  const systems: PlannedSystem[] = planned.map(({ system }) => system)
  const scope = scopeOf(clips, source, systems)
  for (const system of systems) system.missing = missingOf(scope, [system])
  const newClips = [
    ...new Set(systems.flatMap(({ rows }) => rows.filter(row => row.isNewClip).map(row => row.clip ?? ''))),
  ]
  const alignment = planned[0]?.matcher.alignment ?? 'names'
  const ofAlignment = alignmentIssues(alignment, scope, systems)
  const isExplained = ofAlignment.some(({ severity }) => severity === 'error')
  const given = planReferences(read, systems, known, source.referenceChoice)
  const references = writesGlosses(source.task) ? NO_REFERENCES : given
  return {
    source,
    read,
    alignment,
    clips: known,
    systems,
    newClips,
    recordings: listRecordingNames(db),
    references,
    ratings: planRatings(read.ratings, systems),
    missing: missingOf(scope, systems),
    issues: [
      ...read.issues,
      ...ofAlignment,
      ...misfitIssues({ alignment, clips, systems, references, isExplained }),
      ...(writesGlosses(source.task) ? glossIssues(source, given) : []),
      ...systems.flatMap(system => [...strideIssues(system, known), ...againIssue(db, read, system)]),
    ],
  }
}

function planRows(
  entries: readonly PredictionEntry[],
  match: (entry: PredictionEntry, position: number) => Match,
  makeClips: boolean,
): PlannedRow[] {
  const taken = new Map<string, PlannedRow>()
  return entries.map((entry, position) => {
    const row = planRow(entry, match(entry, position), makeClips)
    const first = row.clip === null ? undefined : taken.get(row.clip)
    if (first) return skipped(entry, doubleReason(row, first))
    if (row.clip !== null) taken.set(row.clip, row)
    return row
  })
}

function planRow(entry: PredictionEntry, match: Match, makeClips: boolean): PlannedRow {
  if (entry.problem) return skipped(entry, entry.problem)
  if (match.kind === 'none') return skipped(entry, match.reason)
  if (match.kind === 'unknown' && !makeClips) return skipped(entry, `The corpus has no clip ${match.name}.`)
  const text = cleaned(entry.text)
  const repairs = [
    match.kind === 'known' ? match.repair : null,
    text === entry.text ? null : 'White space and invisible marks around the sentence are left out.',
  ].filter(each => each !== null)
  return {
    entry,
    clip: match.kind === 'known' ? match.clip.name : match.name,
    isNewClip: match.kind === 'unknown',
    text,
    status: repairs.length > 0 ? 'repaired' : 'imported',
    reason:
      repairs.length > 0
        ? repairs.join(' ')
        : text === ''
          ? 'The output is empty; it is kept as that.'
          : null,
  }
}

/** Outer white space, byte order marks and zero-width spaces are of the file, not of the sentence. */
function cleaned(text: string): string {
  return text.replaceAll(/^[\s\u200B\uFEFF]+|[\s\u200B\uFEFF]+$/g, '').replaceAll(/[\r\n\t]+/g, ' ')
}

function skipped(entry: PredictionEntry, reason: string): PlannedRow {
  return { entry, clip: null, isNewClip: false, text: entry.text, status: 'skipped', reason }
}

function doubleReason(row: PlannedRow, first: PlannedRow): string {
  const place = first.entry.line === null ? 'an earlier row' : `line ${first.entry.line}`
  return row.text === first.text
    ? `The same output for ${row.clip} stands in ${place}.`
    : `Another output for ${row.clip} stands in ${place}; that one is taken.`
}

/** The chosen split; else the splits that the file is about. */
function scopeOf(
  clips: readonly Candidate[],
  { split }: PredictionSource,
  systems: readonly PlannedSystem[],
): Candidate[] {
  if (split !== undefined) return [...clips]
  const named = new Set(systems.flatMap(({ rows }) => rows.map(row => row.clip)))
  const splits = new Set(clips.filter(clip => named.has(clip.name)).map(clip => clip.split))
  return clips.filter(clip => splits.has(clip.split))
}

function missingOf(scope: readonly Candidate[], systems: readonly PlannedSystem[]): string[] {
  const said = new Set(systems.flatMap(({ rows }) => rows.map(row => row.clip)))
  return scope.filter(clip => !said.has(clip.name)).map(clip => clip.name)
}

/** Steps that reach far beyond the clip, or not to its end, were counted in other frames. */
function strideIssues({ rows }: PlannedSystem, clips: ReadonlyMap<string, Candidate>): ImportIssue[] {
  return rows.flatMap(({ entry: { file, line, lattice }, clip }): ImportIssue[] => {
    const frames = clips.get(clip ?? '')?.frames ?? 0
    if (!lattice || lattice.stride === null || frames === 0) return []
    const covered = lattice.offset + lattice.steps.length * lattice.stride
    if (Math.abs(covered - frames) <= Math.max(2 * lattice.stride, frames / 10)) return []
    const message = `${clip}: ${lattice.steps.length} steps of ${lattice.stride} frames end at frame ${covered}, the clip has ${frames}. Its labels lie at wrong times unless the stride is right.`
    return [{ severity: 'warning', file: basename(file), line, message }]
  })
}

function againIssue(db: ReadDb, { files }: ReadPredictions, { name }: PlannedSystem): ImportIssue[] {
  const run = findRunMadeWith(db, importFingerprint(name, files))
  if (run === undefined) return []
  const message = `${name} was imported from the same files before, as the run “${run}”. Importing it again makes a second run.`
  return [{ severity: 'warning', file: basename(files[0]?.path ?? ''), line: null, message }]
}

/** @throws AppError where there is nothing to write */
export function assertUseful(plan: PredictionPlan): void {
  const rows = plan.systems.flatMap(system => system.rows)
  if (rows.some(row => row.clip !== null)) return
  const [first] = rows
  throw new AppError(
    'invalid-input',
    first
      ? `No row of ${plan.source.source} belongs to a clip of this corpus: ${first.reason ?? ''} Choose the split and the names of the clips, or have clips made for them.`
      : `${plan.source.source} holds no outputs.`,
    { details: { file: plan.source.source } },
  )
}
