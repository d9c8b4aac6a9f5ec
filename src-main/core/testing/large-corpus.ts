import type { WriteDb } from '../../db/types.ts'

const GERMAN =
  'am Abend scheint die Sonne im Norden es regnet morgen bei zwölf Grad und starkem Wind an der Küste'.split(
    ' ',
  )
const CHINESE = ['明天天气很好', '北方有雨', '气温十二度', '晚上有风', '我们去学校', '他喜欢猫']

/** Fills an empty corpus evenly; the same numbers give the same corpus. */
export function fillCorpus(db: WriteDb, size: { clips: number; annotations: number }): void {
  db.transaction(() => {
    const recordings = Math.max(1, Math.ceil(size.clips / 200))
    fillRecordings(db, recordings)
    fillClips(db, size.clips, recordings)
    fillRuns(db, size.clips)
    fillAnnotations(db, size.annotations)
  })()
}

function fillRecordings(db: WriteDb, recordings: number): void {
  const recording = db.prepare(`INSERT INTO recording (name) VALUES (?)`)
  const media = db.prepare(
    `INSERT INTO media (recording_id, path, bytes, mtime_ms, content_hash, frames, duration_ms, facts, frame_index)
     VALUES (?, ?, 1, 0, ?, 150000, 6000000, '{}', zeroblob(4096))`,
  )
  for (let n = 1; n <= recordings; n++) {
    recording.run(`recording-${n}`)
    media.run(n, `/videos/${n}.mp4`, `hash-${n}`)
  }
  const signer = db.prepare(`INSERT INTO signer (name) VALUES (?)`)
  for (let n = 1; n <= 20; n++) signer.run(`Signer${n}`)
}

function fillClips(db: WriteDb, clips: number, recordings: number): void {
  const clip = db.prepare(
    `INSERT INTO clip (name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame, split, signer_id, gloss)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const reference = db.prepare(
    `INSERT INTO reference (clip_id, language, ordinal, text, version, source, changed_at, changed_by)
     VALUES (?, 'de', 0, ?, 1, 'import', 0, '')`,
  )
  const version = db.prepare(
    `INSERT INTO reference_version (reference_id, version, text, source, changed_at, changed_by)
     VALUES (?, 1, ?, 'import', 0, '')`,
  )
  const splits = ['train', 'train', 'train', 'train', 'train', 'train', 'train', 'train', 'dev', 'test']
  for (let n = 1; n <= clips; n++) {
    const at = Math.floor((n - 1) / recordings) * 30_000
    const end = at + 1000 + ((n * 37) % 9000)
    const name = `clip-${String(n).padStart(6, '0')}`
    const home = ((n - 1) % recordings) + 1
    const text = sentence(n)
    clip.run(
      name,
      home,
      home,
      at,
      end,
      at / 40,
      Math.floor(end / 40) - 1,
      splits[n % 10],
      (n % 20) + 1,
      text.toUpperCase(),
    )
    version.run(reference.run(n, text).lastInsertRowid, text)
  }
}

function fillRuns(db: WriteDb, clips: number): void {
  db.exec(
    `INSERT INTO model (bundle, fingerprint, name, version, kind, manifest) VALUES ('b', 'f', 'M', '1', 'spamo', '{}')`,
  )
  const run = db.prepare(
    `INSERT INTO run (name, model_id, kind, parameters, created_at, clips) VALUES (?, 1, 'spamo', '{}', 0, ?)`,
  )
  const hypothesis = db.prepare(
    `INSERT INTO hypothesis (run_id, clip_id, rank, text, score) VALUES (?, ?, 0, ?, -1)`,
  )
  for (const name of ['first', 'second']) {
    const runId = run.run(name, clips).lastInsertRowid
    for (let n = 1; n <= clips; n++) hypothesis.run(runId, n, sentence(n + Number(runId)))
  }
}

function fillAnnotations(db: WriteDb, annotations: number): void {
  const recordings = db.prepare(`SELECT count(*) FROM recording`).pluck().get() as number
  db.exec(`INSERT INTO tier_type (name, stereotype) VALUES ('default', 'none')`)
  const tier = db.prepare(`INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (?, 1, ?, ?)`)
  const annotation = db.prepare(
    `INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)`,
  )
  const tiers: (number | bigint)[] = []
  for (let n = 1; n <= recordings; n++)
    for (let t = 0; t < 4; t++) tiers.push(tier.run(n, `Tier ${t}`, t).lastInsertRowid)
  for (let n = 0; n < annotations; n++) {
    const at = Math.floor(n / tiers.length) * 600
    annotation.run(tiers[n % tiers.length], at, at + 500, GERMAN[n % GERMAN.length])
  }
}

function sentence(n: number): string {
  if (n % 10 === 0) return `${CHINESE[n % 6]}${CHINESE[(n >> 3) % 6]}`
  return Array.from({ length: 6 + (n % 7) }, (_, k) => GERMAN[(n * (k + 3) + (n >> k)) % GERMAN.length]).join(
    ' ',
  )
}

/** Gives a recording many tiers, each annotated evenly from its beginning to its end. */
export function fillTimeline(
  db: WriteDb,
  size: { recordingId: number; tiers: number; annotations: number; durationMs: number },
): void {
  const perTier = Math.ceil(size.annotations / size.tiers)
  const stepMs = size.durationMs / perTier
  db.transaction(() => {
    const typeId = db
      .prepare(`INSERT INTO tier_type (name, stereotype) VALUES ('many', 'none')`)
      .run().lastInsertRowid
    const tier = db.prepare(`INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (?, ?, ?, ?)`)
    const annotation = db.prepare(
      `INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)`,
    )
    for (let t = 0; t < size.tiers; t++) {
      const tierId = tier.run(size.recordingId, typeId, `Tier ${t + 1}`, t).lastInsertRowid
      for (let n = 0; n < perTier; n++) {
        const startMs = Math.floor(n * stepMs)
        const length = Math.max(1, Math.floor(stepMs * (0.4 + ((n * 7 + t) % 10) * 0.05)))
        annotation.run(tierId, startMs, startMs + length, GERMAN[(n * 5 + t) % GERMAN.length])
      }
    }
  })()
}

/** Recordings with sentences and glosses of both hands: many different sentences, ten thousand different tokens. */
export function fillGlosses(db: WriteDb, size: { recordings: number; annotations: number }): void {
  const missing = size.recordings - (db.prepare('SELECT count(*) FROM recording').pluck().get() as number)
  const recording = db.prepare(`INSERT INTO recording (name) VALUES (?)`)
  const perRecording = Math.ceil(size.annotations / size.recordings)
  db.transaction(() => {
    for (let n = 0; n < missing; n++) recording.run(`filmed-${String(n).padStart(5, '0')}`)
    const typeId = db
      .prepare(`INSERT INTO tier_type (name, stereotype) VALUES ('glossed', 'none')`)
      .run().lastInsertRowid
    const tier = db.prepare(`INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (?, ?, ?, ?)`)
    const annotation = db.prepare(
      `INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)`,
    )
    const ids = db.prepare('SELECT id FROM recording ORDER BY id').pluck().all() as number[]
    ids.slice(0, size.recordings).forEach((id, r) => {
      const [sentences, right, left] = ['Sentence', 'Gloss R', 'Gloss L'].map(
        (name, at) => tier.run(id, typeId, name, at).lastInsertRowid,
      )
      for (let n = 0; n < perRecording; n++) {
        const at = n * 500
        if (n % 10 === 0) annotation.run(sentences, at, at + 4800, `${sentence(n * 31 + r)} ${r * 7 + n}`)
        else annotation.run(n % 3 ? right : left, at, at + 450, `TOKEN-${(n * 7919 + r * 104_729) % 10_000}`)
      }
    })
  })()
}
