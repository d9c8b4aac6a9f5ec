import type {
  AnnotationFileId,
  AnnotationId,
  RecordingId,
  TierId,
  TierTypeId,
  VocabularyId,
} from '#shared/contract/ids.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  uniqueName,
} from '../../formats/annotation-document.ts'
import { findTierNamed, listTiers, nextTierOrdinal } from '../annotation/annotation.queries.ts'
import { findTypeNamed } from '../annotation/tier-type.queries.ts'
import { createRowStore } from '../edit/row-store.ts'
import { findVocabulary, listEntries } from '../vocabulary/vocabulary.queries.ts'
import { takeVocabulary, type Writer } from '../vocabulary/write-vocabulary.ts'
import { insertAnnotation, type TakenNames } from './annotation-file.queries.ts'

interface Target {
  recordingId: RecordingId
  fileId: AnnotationFileId | null
  /** Where each tier of the file is shown among them, from 0; in the order of the file where absent. */
  ranks?: readonly number[] | undefined
}

/**
 * Writes tiers, types, vocabularies and annotations of a file; has to run inside a transaction. Every row knows its
 * place in the file, so that saving can tell what was edited.
 */
export function writeRows(
  db: WriteDb,
  document: AnnotationDocument,
  into: Target,
): { names: TakenNames; tiers: number; annotations: number } {
  const { names, tierIds } = writeModel(db, createRowStore(db), document, into)
  const annotations = writeAnnotations(db, document.tiers, { tierIds, names })
  return { names, tiers: tierIds.length, annotations }
}

/** Vocabularies, types and tiers, without annotations: what a template holds. */
export function writeModel(
  db: ReadDb,
  writer: Writer,
  document: AnnotationDocument,
  into: Target,
): { names: TakenNames; tierIds: TierId[] } {
  const names: TakenNames = { tiers: [], types: {}, vocabularies: {} }
  for (const vocabulary of document.vocabularies) {
    const externalUrl = document.externalRefs.find(({ id }) => id === vocabulary.externalRef)?.value ?? ''
    names.vocabularies[vocabulary.name] = takeVocabulary(db, writer, vocabulary, {
      onTaken: 'rename',
      externalUrl,
    })
  }
  const tierIds = writeTiers(db, writer, document.tiers, { ...into, names })
  for (const { name, stereotype, vocabulary } of document.unusedTypes)
    takeType(db, writer, { typeName: name, stereotype, vocabulary }, names)
  return { names, tierIds }
}

function writeTiers(
  db: ReadDb,
  writer: Writer,
  tiers: readonly AnnotationTier[],
  { recordingId, fileId, ranks, names }: Target & { names: TakenNames },
): TierId[] {
  const taken = new Set(listTiers(db, recordingId).map(({ name }) => name))
  const first = nextTierOrdinal(db, recordingId)
  const ids = tiers.map((tier, place) => {
    const name = uniqueName(tier.name || 'Annotations', taken)
    names.tiers.push(name)
    return writer.insert('tier', {
      recording_id: recordingId,
      type_id: takeType(db, writer, tier, names),
      name,
      ordinal: first + (ranks?.[place] ?? place),
      participant: tier.participant,
      annotator: tier.annotator,
      language: tier.language,
      file_id: fileId,
      file_place: place,
    }) as TierId
  })
  // A file may name a parent below its child.
  tiers.forEach((tier, place) => {
    if (tier.parent === null) return
    const at = tiers.findIndex(({ name }) => name === tier.parent)
    const parentId = at >= 0 ? ids[at] : findTierNamed(db, recordingId, tier.parent)
    if (parentId !== undefined && parentId !== ids[place])
      writer.update('tier', ids[place] as TierId, { parent_id: parentId })
  })
  return ids
}

/** A type of the corpus with the same rules, else a new one. */
function takeType(
  db: ReadDb,
  writer: Writer,
  tier: Pick<AnnotationTier, 'typeName' | 'stereotype' | 'vocabulary'>,
  names: TakenNames,
): TierTypeId {
  const known = names.types[tier.typeName]
  if (tier.typeName !== '' && known !== undefined) return known as TierTypeId
  const vocabularyId = names.vocabularies[tier.vocabulary] ?? null
  const wanted = tier.typeName || (tier.stereotype === 'none' ? 'default' : tier.stereotype)
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} (${n})`
    const there = findTypeNamed(db, name)
    if (there && (there.stereotype !== tier.stereotype || there.vocabularyId !== vocabularyId)) continue
    const row = { name, stereotype: tier.stereotype, vocabulary_id: vocabularyId }
    const id = there?.id ?? (writer.insert('tier_type', row) as TierTypeId)
    if (tier.typeName !== '') names.types[tier.typeName] = id
    return id
  }
}

/** Parents first, whatever the order of the tiers: a row needs the id of the one that it hangs on. */
function writeAnnotations(
  db: WriteDb,
  tiers: readonly AnnotationTier[],
  { tierIds, names }: { tierIds: readonly TierId[]; names: TakenNames },
): number {
  const insert = insertAnnotation(db)
  const parents = new Set(tiers.map(({ parent }) => parent))
  const rowIds = new Map<string, AnnotationId>()
  let count = 0
  for (const { tier, place } of parentsFirst(tiers)) {
    const entryOf = entryFinder(db, names.vocabularies[tier.vocabulary] ?? null)
    const isParent = parents.has(tier.name)
    const tierId = tierIds[place] as TierId
    tier.annotations.forEach((annotation, at) => {
      const { startMs, endMs } = spanOfRow(annotation)
      const parentId = annotation.parentId === null ? null : (rowIds.get(annotation.parentId) ?? null)
      const { lastInsertRowid } = insert.run(
        tierId,
        parentId,
        startMs,
        endMs,
        annotation.value,
        entryOf(annotation),
        at,
      )
      if (isParent) rowIds.set(annotation.id, Number(lastInsertRowid) as AnnotationId)
    })
    count += tier.annotations.length
  }
  return count
}

/** Files hold annotations that end before they begin; rows do not, and keep both times. */
export function spanOfRow({ startMs, endMs }: Pick<DocumentAnnotation, 'startMs' | 'endMs'>) {
  return { startMs: Math.min(startMs, endMs), endMs: Math.max(startMs, endMs) }
}

function parentsFirst(tiers: readonly AnnotationTier[]): { tier: AnnotationTier; place: number }[] {
  const ordered = new Map<AnnotationTier, number>()
  const add = (tier: AnnotationTier, depth: number): void => {
    if (ordered.has(tier)) return
    const parent = tiers.find(({ name }) => name === tier.parent)
    // A circle of parents ends where it began.
    if (parent && parent !== tier && depth < tiers.length) add(parent, depth + 1)
    if (!ordered.has(tier)) ordered.set(tier, tiers.indexOf(tier))
  }
  for (const tier of tiers) add(tier, 0)
  return [...ordered].map(([tier, place]) => ({ tier, place }))
}

function entryFinder(db: ReadDb, vocabularyId: number | null) {
  if (vocabularyId === null || !findVocabulary(db, vocabularyId as VocabularyId)) return () => null
  const byCveId = new Map<string, number>()
  const byValue = new Map<string, number>()
  for (const { id, cveId, values } of listEntries(db, vocabularyId as VocabularyId)) {
    byCveId.set(cveId, id)
    for (const { value } of values) if (!byValue.has(value)) byValue.set(value, id)
  }
  return ({ entryId, value }: DocumentAnnotation) => byCveId.get(entryId) ?? byValue.get(value) ?? null
}
