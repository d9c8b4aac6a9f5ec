import type { AnnotationExport } from '#shared/contract/annotation-file.ts'
import type { AnnotationFileId, RecordingId, TierId, VocabularyId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  emptyDocument,
  plainAnnotation,
  plainTier,
  uniqueName,
} from '../../formats/annotation-document.ts'
import { pathToFileURL } from 'node:url'
import { listTiers, type TierRecord } from '../annotation/annotation.queries.ts'
import { listFreeClipsOf } from '../annotation/sentence-view.queries.ts'
import { listFiles, listPlacedRows, type PlacedRow } from './annotation-file.queries.ts'
import { originProperties } from './origin-properties.ts'
import { documentVocabulary } from './save-types.ts'

const MEDIA = prepared<[RecordingId], { path: string; offsetMs: number; role: string }>(
  `SELECT path, offset_ms AS offsetMs, role FROM media WHERE recording_id = ? AND role <> 'frames' ORDER BY id`,
)

const HYPOTHESES = prepared<[RecordingId], { run: string; startMs: number; endMs: number; value: string }>(
  `SELECT run.name AS run, clip.start_ms - offset_ms AS startMs, clip.end_ms - offset_ms AS endMs, hypothesis.text AS value
   FROM clip JOIN media ON media.id = clip.media_id JOIN hypothesis ON hypothesis.clip_id = clip.id AND rank = 0
   JOIN run ON run.id = run_id WHERE clip.recording_id = ? ORDER BY run.id, startMs`,
)

interface Wanted extends Pick<AnnotationExport, 'recordingId' | 'withSentences' | 'withHypotheses'> {
  /** Null for all. */
  chosen: ReadonlySet<TierId> | null
  /** The EAF that the tiers came from: what rows have no column for is in it still. */
  origin?: { fileId: AnnotationFileId; document: AnnotationDocument }
}

/** Everything that is annotated on a recording, as all formats take it. */
export function documentOf(db: ReadDb, wanted: Wanted): AnnotationDocument {
  const { recordingId } = wanted
  const tiers = tiersOf(db, wanted)
  const extra = viewTiers(db, wanted, new Set(tiers.map(({ name }) => name)))
  const vocabularyIds = new Set(chosenTiers(db, wanted).map(({ vocabularyId }) => vocabularyId))
  return {
    ...emptyDocument(),
    media: mediaOf(db, recordingId),
    properties: originProperties(db, wanted),
    vocabularies: [...vocabularyIds]
      .filter((id): id is VocabularyId => id !== null)
      .map(id => documentVocabulary(db, id)),
    tiers: [...extra, ...tiers],
  }
}

function mediaOf(db: ReadDb, recordingId: RecordingId): AnnotationDocument['media'] {
  const named = listFiles(db, recordingId)[0]?.media
  if (named && named.length > 0) return named
  return MEDIA(db)
    .all(recordingId)
    .map(({ path, offsetMs, role }) => ({
      url: pathToFileURL(path).href,
      relativeUrl: '',
      mimeType: role === 'audio' ? 'audio/x-wav' : 'video/mp4',
      timeOriginMs: offsetMs,
      extractedFrom: '',
    }))
}

function chosenTiers(db: ReadDb, { recordingId, chosen }: Wanted): TierRecord[] {
  return listTiers(db, recordingId).filter(({ id }) => chosen === null || chosen.has(id))
}

function tiersOf(db: ReadDb, wanted: Wanted): AnnotationTier[] {
  const { recordingId } = wanted
  const records = chosenTiers(db, wanted)
  const names = new Map(records.map(tier => [tier.id, tier.name]))
  const rows = Map.groupBy(listPlacedRows(db, recordingId), ({ tierId }) => tierId)
  const originOf = ({ fileId, filePlace }: TierRecord) =>
    wanted.origin && fileId === wanted.origin.fileId && filePlace !== null
      ? wanted.origin.document.tiers[filePlace]?.annotations
      : undefined
  return records.map(tier => ({
    ...plainTier(tier.name),
    typeName: tier.typeName,
    stereotype: tier.stereotype,
    parent: tier.parentId === null ? null : (names.get(tier.parentId) ?? null),
    participant: tier.participant,
    annotator: tier.annotator,
    language: tier.language,
    vocabulary: tier.vocabularyId === null ? '' : documentVocabulary(db, tier.vocabularyId).name,
    annotations: (rows.get(tier.id) ?? []).map(row =>
      annotationOf(row, {
        isSymbolic: tier.stereotype.startsWith('symbolic'),
        hasParent: names.has(tier.parentId as TierId),
        origin: row.filePlace === null ? undefined : originOf(tier)?.[row.filePlace],
      }),
    ),
  }))
}

function annotationOf(
  { id, startMs, endMs, value, parentId, cveId }: PlacedRow,
  {
    isSymbolic,
    hasParent,
    origin,
  }: { isSymbolic: boolean; hasParent: boolean; origin: DocumentAnnotation | undefined },
) {
  const isWhereItWas = origin?.startMs === startMs && origin.endMs === endMs
  return {
    ...plainAnnotation({ id: `a${id}`, startMs, endMs, value }),
    parentId: parentId === null || !hasParent ? null : `a${parentId}`,
    entryId: cveId ?? '',
    isAligned: !isSymbolic && (!isWhereItWas || origin.isAligned),
    externalRef: origin?.externalRef ?? '',
  }
}

/** Clips that are on no tier, with their references, and the best outputs of runs, as tiers without parents. */
export function viewTiers(
  db: ReadDb,
  { recordingId, withSentences, withHypotheses }: Omit<Wanted, 'chosen'>,
  taken: Set<string>,
): AnnotationTier[] {
  const tiers: AnnotationTier[] = []
  const add = (name: string, spans: readonly { startMs: number; endMs: number; value: string }[]) =>
    tiers.push({
      ...plainTier(uniqueName(name, taken)),
      annotations: spans.map(span => plainAnnotation({ id: '', ...span })),
    })
  if (withSentences)
    add(
      'Sentences',
      listFreeClipsOf(db, { recordingId }).map(({ startMs, endMs, text }) => ({
        startMs,
        endMs,
        value: text,
      })),
    )
  if (withHypotheses)
    for (const [run, spans] of Map.groupBy(HYPOTHESES(db).all(recordingId), row => row.run))
      add(
        run,
        spans.map(({ startMs, endMs, value }) => ({ startMs, endMs, value })),
      )
  return tiers
}
