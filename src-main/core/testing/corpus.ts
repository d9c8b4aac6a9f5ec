import type { CorpusChange } from '#shared/contract/corpus.ts'
import type { ClipId, MediaId, RecordingId, RunId } from '#shared/contract/ids.ts'
import { memoryDatabase } from '../../db/open.ts'
import type { WriteDb } from '../../db/types.ts'
import type { CorpusContext, Log } from '../context.ts'
import { createEmitter } from '../emitter.ts'

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

export interface TestContext extends CorpusContext {
  /** Every change announced so far. */
  announced: CorpusChange[]
}

/** A corpus in memory whose clock goes on by a second with every look at it. */
export function testContext(db: WriteDb = memoryDatabase(), dir = '/corpora/Test.signwright'): TestContext {
  const announced: CorpusChange[] = []
  const changes = createEmitter<CorpusChange>()
  changes.on(change => announced.push(change))
  let clock = Date.UTC(2026, 0, 1)
  return { dir, db, changes, log: silentLog, now: () => (clock += 1000), author: () => 'Ada', announced }
}

/** One recording of ten minutes at 25 frames a second with its video. */
export function addRecording(db: WriteDb, name = 'rec-1'): { recordingId: RecordingId; mediaId: MediaId } {
  const recordingId = insert(db, `INSERT INTO recording (name) VALUES (?)`, name) as RecordingId
  const mediaId = insert(
    db,
    `INSERT INTO media (recording_id, path, bytes, mtime_ms, content_hash, frames, duration_ms, facts, frame_index)
     VALUES (?, ?, 1000, 0, ?, 15000, 600000, '{}', x'00')`,
    recordingId,
    `/videos/${name}.mp4`,
    `hash of ${name}`,
  ) as MediaId
  return { recordingId, mediaId }
}

export interface ClipSeed {
  name: string
  startMs?: number
  endMs?: number
  split?: string
  signer?: string
  gloss?: string
  /** Texts of its references, in order. */
  references?: string[]
}

export function addClip(
  db: WriteDb,
  place: { recordingId: RecordingId; mediaId: MediaId },
  {
    name,
    startMs = 0,
    endMs = startMs + 2000,
    split = 'test',
    signer,
    gloss = '',
    references = [],
  }: ClipSeed,
): ClipId {
  const signerId = signer === undefined ? null : addSigner(db, signer)
  const clipId = insert(
    db,
    `INSERT INTO clip (name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame, split, signer_id, gloss)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    name,
    place.recordingId,
    place.mediaId,
    startMs,
    endMs,
    Math.floor(startMs / 40),
    Math.floor(endMs / 40) - 1,
    split,
    signerId,
    gloss,
  ) as ClipId
  references.forEach((text, ordinal) => addReference(db, clipId, ordinal, text))
  return clipId
}

function addSigner(db: WriteDb, name: string): number {
  db.prepare(`INSERT INTO signer (name) VALUES (?) ON CONFLICT DO NOTHING`).run(name)
  return db.prepare<[string], number>(`SELECT id FROM signer WHERE name = ?`).pluck().get(name) as number
}

function addReference(db: WriteDb, clipId: ClipId, ordinal: number, text: string): void {
  const columns = `version, text, source, changed_at, changed_by`
  const values = `1, ?, 'import', 0, ''`
  const id = insert(
    db,
    `INSERT INTO reference (clip_id, ordinal, language, ${columns}) VALUES (?, ?, 'de', ${values})`,
    clipId,
    ordinal,
    text,
  )
  insert(db, `INSERT INTO reference_version (reference_id, ${columns}) VALUES (?, ${values})`, id, text)
}

/** Everybody has consented to everything, and all media are free. */
export function giveRights(db: WriteDb): void {
  db.prepare(
    `INSERT INTO consent (signer_id, research, publish, commercial, train, face_visible)
     SELECT id, 1, 1, 1, 1, 1 FROM signer`,
  ).run()
  db.prepare(`UPDATE media SET licence = 'CC0-1.0'`).run()
}

/** A finished run; the n-best list of each clip, best first. */
export function addRun(db: WriteDb, name: string, outputs: ReadonlyMap<ClipId, string[]>): RunId {
  db.prepare(
    `INSERT INTO model (bundle, fingerprint, name, version, kind, manifest)
     VALUES ('tiny', 'f', 'Tiny', '1', 'spamo', '{}') ON CONFLICT DO NOTHING`,
  ).run()
  const runId = insert(
    db,
    `INSERT INTO run (name, model_id, kind, parameters, created_at, clips)
     VALUES (?, (SELECT id FROM model WHERE fingerprint = 'f'), 'spamo', '{}', 0, ?)`,
    name,
    outputs.size,
  ) as RunId
  for (const [clipId, texts] of outputs)
    texts.forEach((text, rank) =>
      insert(
        db,
        `INSERT INTO hypothesis (run_id, clip_id, rank, text, score) VALUES (?, ?, ?, ?, ?)`,
        runId,
        clipId,
        rank,
        text,
        -rank,
      ),
    )
  return runId
}

/** The whole content of every table that edits may touch. */
export function contentOf(db: WriteDb): Record<string, unknown[]> {
  const tables = `recording media signer clip clip_tag reference reference_version vocabulary vocabulary_entry
    vocabulary_value tier_type tier annotation proposal suggestion run
    hypothesis rating clip_search output_search`
  return Object.fromEntries(
    tables
      .split(/\s+/)
      .map(table => [table, db.prepare(`SELECT rowid AS at, * FROM ${table} ORDER BY rowid`).all()]),
  )
}

function insert(db: WriteDb, sql: string, ...values: unknown[]): number {
  return Number(db.prepare(sql).run(...values).lastInsertRowid)
}
