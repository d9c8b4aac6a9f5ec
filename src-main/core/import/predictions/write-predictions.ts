import type { ClipId, ReferenceId, RunId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../../context.ts'
import type { EditTransaction } from '../../edit/edit.service.ts'
import { nextOrdinal } from '../../reference/reference.queries.ts'
import { rememberModel } from '../../run/run.queries.ts'
import { latticeRow } from '../../run/lattice.queries.ts'
import { absentMediaRow, wholeAbsentSpan } from '../absent-media.ts'
import { importFingerprint } from './import-fingerprint.ts'
import { freeName } from './free-name.ts'
import type { PlannedRow, PlannedSystem, PredictionPlan } from './plan-predictions.ts'
import type { ReferenceChange } from './plan-references.ts'

/** Where an imported sentence came from. */
const SOURCE = 'predictions'

export interface WrittenPredictions {
  runIds: RunId[]
  clips: number
  hypotheses: number
}

/** Writes the plan inside one edit: all of it is there, or nothing; and one undo takes it back. */
export function writePredictions(
  context: CorpusContext,
  tx: EditTransaction,
  plan: PredictionPlan,
): WrittenPredictions {
  const clipIds = new Map<string, ClipId>([...plan.clips].map(([name, { id }]) => [name, id]))
  makeClips(tx, plan, clipIds)
  const idOf = (clip: string): ClipId => {
    const id = clipIds.get(clip)
    if (id === undefined) throw new Error(`The plan has no clip ${clip}`)
    return id
  }
  for (const change of plan.references.changes) writeReference(context, tx, plan, change, idOf(change.clip))
  const written: WrittenPredictions = { runIds: [], clips: plan.newClips.length, hypotheses: 0 }
  for (const system of plan.systems) {
    const rows = system.rows.filter(row => row.clip !== null)
    if (rows.length === 0) continue
    const runId = writeRun(context, tx, plan, system, rows.length)
    const outputs = new Map(
      rows.map(row => [row.clip ?? '', writeHypothesis(tx, runId, idOf(row.clip ?? ''), row)]),
    )
    writeRatings(tx, plan, system.name, runId, outputs)
    written.runIds.push(runId)
    written.hypotheses += rows.length
  }
  return written
}

function makeClips(tx: EditTransaction, plan: PredictionPlan, clipIds: Map<string, ClipId>): void {
  const recordings = new Set(plan.recordings)
  for (const name of plan.newClips) {
    const note = plan.read.videos.get(name) ?? ''
    const recordingId = tx.insert('recording', { name: freeName(name, recordings), note })
    const path = `no video: ${name}`
    const mediaId = tx.insert('media', {
      recording_id: recordingId,
      ...absentMediaRow({ path, role: 'video', frames: 0, licence: '' }),
    })
    const place = { name, recording_id: recordingId, media_id: mediaId, split: plan.source.split ?? '' }
    clipIds.set(name, tx.insert('clip', { ...place, ...wholeAbsentSpan(0) }) as ClipId)
  }
}

function writeReference(
  context: CorpusContext,
  tx: EditTransaction,
  plan: PredictionPlan,
  { clip, kind, text }: ReferenceChange,
  clipId: ClipId,
): void {
  const version = (number: number) => ({
    text,
    version: number,
    source: SOURCE,
    changed_at: context.now(),
    changed_by: context.author(),
  })
  const known = plan.clips.get(clip)
  if (kind === 'replace' && known?.referenceId != null) {
    const next = version((known.version ?? 0) + 1)
    tx.update('reference', known.referenceId, next)
    tx.insert('reference_version', { reference_id: known.referenceId, ...next })
    // Further references of the file stand beside the new first one.
    known.referenceId = null
    return
  }
  const language = plan.source.language ?? (known?.language || plan.read.language)
  const place = { clip_id: clipId, ordinal: nextOrdinal(context.db, clipId), language }
  const id = tx.insert('reference', { ...place, ...version(1) }) as ReferenceId
  tx.insert('reference_version', { reference_id: id, ...version(1) })
}

function writeRun(
  { db, now }: CorpusContext,
  tx: EditTransaction,
  plan: PredictionPlan,
  { name, run, rows }: PlannedSystem,
  clips: number,
): RunId {
  const { source, read } = plan
  const files = read.files.map(({ path, sha256, bytes }) => ({ file: path, bytes: bytes.length, sha256 }))
  const count = (status: PlannedRow['status']) => rows.filter(row => row.status === status).length
  const parameters = {
    origin: 'imported predictions: made elsewhere, not verified',
    system: name,
    format: read.format,
    alignment:
      plan.alignment === 'names' ? 'by clip name' : `by line number against clips in ${plan.alignment}`,
    files,
    rows: { imported: count('imported'), repaired: count('repaired'), skipped: count('skipped') },
    references: source.referenceChoice,
    ...(read.format === 'ctc' && {
      decoding: source.ctc.decoding,
      beams: source.ctc.decoding === 'beam' ? source.ctc.beams : 1,
    }),
  }
  const fingerprint = importFingerprint(name, files)
  const manifest = JSON.stringify({ files })
  const facts = { name, version: '', kind: 'imported' }
  const modelId = rememberModel(db, { ...facts, bundle: '', fingerprint, manifest })
  return tx.insert('run', {
    name: run,
    model_id: modelId,
    kind: 'imported',
    task: source.task,
    parameters: JSON.stringify(parameters),
    created_at: now(),
    clips,
  }) as RunId
}

function writeHypothesis(
  tx: EditTransaction,
  runId: RunId,
  clipId: ClipId,
  { text, entry }: PlannedRow,
): number {
  if (entry.lattice)
    tx.insert('ctc_lattice', { run_id: runId, clip_id: clipId, ...latticeRow(entry.lattice) })
  return tx.insert('hypothesis', { run_id: runId, clip_id: clipId, rank: 0, text, score: entry.score })
}

function writeRatings(
  tx: EditTransaction,
  { ratings }: PredictionPlan,
  system: string,
  runId: RunId,
  outputs: ReadonlyMap<string, number>,
): void {
  for (const rated of ratings.outputs) {
    const [first, ...again] = rated.system === system ? rated.ratings : []
    const hypothesisId = outputs.get(rated.clip)
    if (!first || hypothesisId === undefined) continue
    const { annotator } = rated
    const judgement = { hypothesis_id: hypothesisId, annotator, value: first.value, rated_at: first.ratedAt }
    const ratingId = tx.insert('rating', judgement)
    for (const { value, ratedAt } of again)
      tx.insert('repeated_rating', { rating_id: ratingId, value, rated_at: ratedAt })
  }
  for (const { system: of, document, annotator, value, ratedAt } of ratings.documents)
    if (of === system)
      tx.insert('document_rating', { run_id: runId, document, annotator, value, rated_at: ratedAt })
}
