import { posix, win32 } from 'node:path'
import type { ReadDb } from '../../db/types.ts'
import {
  type ExportedItem,
  listExportedCampaigns,
  listExportedItems,
  listExportedJudgements,
  listExportedOutputs,
  listExportedSpans,
  listExportedValues,
} from './campaign.queries.ts'
import { byCodeUnit } from './dataset-rows.ts'
import type { DatasetCampaign, DatasetItem, DatasetJudgement } from './dataset.types.ts'
import type { PseudonymOf } from './pseudonyms.ts'

interface CampaignSource {
  db: ReadDb
  clips: ReadonlySet<string>
  runs: ReadonlySet<string>
  /** Whether every clip that was asked for is in the release. */
  isWhole: boolean
  pseudonymOf: PseudonymOf
}

/** The rating campaigns of the clips and runs in a release; those without any are left out. */
export function corpusCampaigns(source: CampaignSource): DatasetCampaign[] {
  const { db, clips, pseudonymOf } = source
  return listExportedCampaigns(db)
    .toSorted((a, b) => byCodeUnit(a.name, b.name))
    .flatMap(({ id, showsReference, source: file, createdBy, ...campaign }) => {
      const items = listExportedItems(db, id).filter(({ clip }) => clips.has(clip))
      if (items.length === 0) return []
      return {
        ...campaign,
        showsReference: showsReference === 1,
        source: win32.basename(posix.basename(file)),
        createdBy: pseudonymOf('rater', createdBy),
        items: itemRows(source, items),
      }
    })
}

const PAGE = 256

function itemRows(source: CampaignSource, items: readonly ExportedItem[]): Iterable<DatasetItem> {
  return {
    *[Symbol.iterator]() {
      for (let from = 0; from < items.length; from += PAGE)
        yield* pageOf(source, items.slice(from, from + PAGE))
    },
  }
}

function* pageOf(source: CampaignSource, page: readonly ExportedItem[]): Generator<DatasetItem> {
  const { db, runs, isWhole } = source
  const ids = page.map(({ id }) => id)
  const outputs = Map.groupBy(listExportedOutputs(db, ids), ({ itemId }) => itemId)
  const judgements = judgementsOf(source, ids)
  for (const { id, ...item } of page) {
    const shown = outputs.get(id) ?? []
    // What was shown in place of an output is of another clip, and nobody knows of which.
    const isForeign = shown.some(({ damage }) => damage === 'swapped')
    if (shown.some(({ run }) => !runs.has(run)) || (isForeign && !isWhole)) continue
    yield {
      ...item,
      outputs: shown.map(({ id: _id, itemId: _item, ...output }) => output),
      judgements: judgements.get(id) ?? [],
    }
  }
}

function judgementsOf(
  { db, pseudonymOf }: CampaignSource,
  itemIds: readonly number[],
): Map<number, DatasetJudgement[]> {
  const rows = listExportedJudgements(db, itemIds)
  const values = listExportedValues(
    db,
    rows.map(({ id }) => id),
  )
  const spans = Map.groupBy(
    listExportedSpans(
      db,
      values.map(({ id }) => id),
    ),
    ({ judgedId }) => judgedId,
  )
  const byJudgement = Map.groupBy(values, ({ judgementId }) => judgementId)
  const found = new Map<number, DatasetJudgement[]>()
  for (const { id, itemId, annotator, startedAt, finishedAt } of rows) {
    const judgement = {
      annotator: pseudonymOf('rater', annotator),
      startedAt,
      finishedAt,
      values: (byJudgement.get(id) ?? []).map(({ id: judgedId, slot, value }) => ({
        slot,
        value,
        spans: (spans.get(judgedId) ?? []).map(({ judgedId: _of, isMissing, ...span }) => ({
          ...span,
          isMissing: isMissing === 1,
        })),
      })),
    }
    found.set(itemId, [...(found.get(itemId) ?? []), judgement])
  }
  return found
}
