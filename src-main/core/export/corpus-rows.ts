import { basename } from 'node:path'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { DatasetClip, DatasetHypothesis, DatasetReference } from './dataset.types.ts'
import {
  type ExportedClip,
  type ExportedReference,
  listExportedClips,
  listExportedHypotheses,
  listExportedRatings,
  listExportedReferences,
  listExportedRepeats,
  listExportedVersions,
} from './export.queries.ts'
import type { PseudonymOf } from './pseudonyms.ts'

/** Clips that are read at once: enough for few questions to the database, few enough to be forgotten soon. */
const PAGE = 256

/** A clip that leaves, and the consent that lets it. */
export interface KeptClip {
  id: ClipId
  consentId: number | null
}

interface RowSource {
  db: ReadDb
  /** In the order of the release. */
  kept: readonly KeptClip[]
  pseudonymOf: PseudonymOf
}

/** The clips of a release, read page by page each time they are walked. */
export function clipRows({ db, kept, pseudonymOf }: RowSource): Iterable<DatasetClip> {
  return {
    *[Symbol.iterator]() {
      for (const page of pages(kept)) {
        const ids = page.map(({ id }) => id)
        const references = Map.groupBy(listExportedReferences(db, ids), ({ clipId }) => clipId)
        const versions = Map.groupBy(listExportedVersions(db, ids), ({ referenceId }) => referenceId)
        const dated = ({ id, clipId: _clipId, ...reference }: ExportedReference): DatasetReference => ({
          ...reference,
          versions: (versions.get(id) ?? []).map(({ referenceId: _id, changedBy, ...version }) => ({
            ...version,
            changedBy: pseudonymOf('annotator', changedBy),
          })),
        })
        for (const [i, clip] of listExportedClips(db, ids).entries())
          yield {
            ...factsOf(clip, pseudonymOf),
            consentId: page[i]!.consentId,
            references: (references.get(clip.id) ?? []).map(dated),
          }
      }
    },
  }
}

function factsOf({ id: _id, path, tags, signer, ...facts }: ExportedClip, pseudonymOf: PseudonymOf) {
  return {
    ...facts,
    signer: signer === null ? null : pseudonymOf('signer', signer),
    file: basename(path),
    tags: JSON.parse(tags) as string[],
  }
}

/** The outputs of a run for these clips, read page by page each time they are walked. */
export function hypothesisRows(
  { db, kept, pseudonymOf }: RowSource,
  runId: RunId,
): Iterable<DatasetHypothesis> {
  return {
    *[Symbol.iterator]() {
      for (const page of pages(kept)) {
        const ids = page.map(({ id }) => id)
        const rated = listExportedRatings(db, runId, ids)
        const ratings = Map.groupBy(rated, ({ hypothesisId }) => hypothesisId)
        const repeats = Map.groupBy(
          rated.length === 0
            ? []
            : listExportedRepeats(
                db,
                rated.map(({ id }) => id),
              ),
          ({ ratingId }) => ratingId,
        )
        for (const { id, tokenIds, ...hypothesis } of listExportedHypotheses(db, runId, ids))
          yield {
            ...hypothesis,
            tokenIds: tokenIds === null ? null : (JSON.parse(tokenIds) as number[]),
            ratings: (ratings.get(id) ?? []).map(
              ({ id: ratingId, hypothesisId: _of, annotator, ...rating }) => ({
                ...rating,
                annotator: pseudonymOf('rater', annotator),
                repeats: (repeats.get(ratingId) ?? []).map(({ value, ratedAt }) => ({ value, ratedAt })),
              }),
            ),
          }
      }
    },
  }
}

function* pages(kept: readonly KeptClip[]): Generator<readonly KeptClip[]> {
  for (let from = 0; from < kept.length; from += PAGE) yield kept.slice(from, from + PAGE)
}
