import type { ClipId } from '#shared/contract/ids.ts'
import type { FeatureKind } from '../../engine/feature-kind.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface FeatureRecord {
  key: string
  kind: FeatureKind
  contentHash: string
  firstFrame: number
  lastFrame: number
  extractorFingerprint: string
  /** Path inside the corpus folder, with forward slashes. */
  file: string
  rows: number
  columns: number
  device: string
  madeAt: number
}

const BY_KEY = prepared<[string], FeatureRecord>(`
  SELECT key, kind, content_hash AS contentHash, first_frame AS firstFrame, last_frame AS lastFrame,
    extractor_fingerprint AS extractorFingerprint, file, rows, columns, device, made_at AS madeAt
  FROM feature WHERE key = ?`)

export function findFeature(db: ReadDb, key: string): FeatureRecord | undefined {
  return BY_KEY(db).get(key)
}

const SAVE = prepared<FeatureRecord>(`
  INSERT OR REPLACE INTO feature
    (key, kind, content_hash, first_frame, last_frame, extractor_fingerprint, file, rows, columns, device, made_at)
  VALUES (:key, :kind, :contentHash, :firstFrame, :lastFrame, :extractorFingerprint, :file, :rows, :columns, :device, :madeAt)`)

export function saveFeature(db: WriteDb, feature: FeatureRecord): void {
  SAVE(db).run(feature)
}

const REMOVE = prepared<[string]>('DELETE FROM feature WHERE key = ?')

export function forgetFeature(db: WriteDb, key: string): void {
  REMOVE(db).run(key)
}

const ABSENT_SPAN = prepared<[ClipId], { contentHash: string; firstFrame: number; lastFrame: number }>(`
  SELECT content_hash AS contentHash, first_frame AS firstFrame, last_frame AS lastFrame
  FROM clip JOIN media ON media.id = media_id WHERE clip.id = ? AND media.is_absent = 1`)

/** What features of a clip without pictures are about; undefined where there are pictures. */
export function findAbsentSpan(
  db: ReadDb,
  id: ClipId,
): { contentHash: string; firstFrame: number; lastFrame: number } | undefined {
  return ABSENT_SPAN(db).get(id)
}
