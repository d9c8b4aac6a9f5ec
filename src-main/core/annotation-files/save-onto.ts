import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { AnnotationTier, DocumentAnnotation } from '../../formats/annotation-document.ts'
import {
  addAnnotation,
  ensureLanguage,
  ensureLocale,
  removeAnnotations,
  setChain,
  setSpans,
  type WantedSpan,
} from '../../formats/eaf/eaf-bulk-edit.ts'
import {
  type EafAnnotation,
  type EafDocument,
  type EafTier,
  isAlignable,
  readEaf,
} from '../../formats/eaf/eaf-document.ts'
import { addTier, removeTier, renameTier } from '../../formats/eaf/eaf-edit.ts'
import { setValue } from '../../formats/eaf/eaf-elements.ts'
import { resolveTimes } from '../../formats/eaf/eaf-times.ts'
import { annotationsInOrder, eafToDocument } from '../../formats/eaf/eaf-to-document.ts'
import { setAttribute } from '../../formats/xml/xml-edit.ts'
import { listTiers, type TierRecord } from '../annotation/annotation.queries.ts'
import { type AnnotationFileRecord, listPlacedRows, type PlacedRow } from './annotation-file.queries.ts'
import { addOriginProperties } from './origin-properties.ts'
import { saveTypes, saveVocabularies, typeNameOf } from './save-types.ts'
import { spanOfRow } from './write-rows.ts'

/** How many of what the saved file has otherwise than the imported one. */
export type EditCounts = Record<
  'tiers' | 'leftOut' | 'tierFacts' | 'vocabularies' | 'added' | 'removed' | 'texts' | 'times',
  number
>

export interface SavedOnto {
  /** With the edits in it. */
  eaf: EafDocument
  /** Of the imported file. */
  spans: ReturnType<typeof resolveTimes>
  counts: EditCounts
}

interface Saving {
  db: ReadDb
  eaf: EafDocument
  file: AnnotationFileRecord
  counts: EditCounts
  /** The annotation of the file for each row, of old and new ones. */
  byRow: Map<AnnotationId, EafAnnotation>
}

/**
 * Writes what was edited onto the bytes that the rows were made from: the file is read again, each row is compared
 * with its place in it, and only what differs is changed.
 */
export function saveOnto(
  db: ReadDb,
  file: AnnotationFileRecord,
  { baseBytes, chosen }: { baseBytes: Uint8Array; chosen: ReadonlySet<TierId> | null },
): SavedOnto {
  const eaf = readEaf(baseBytes, file.path)
  const counts: EditCounts = {
    tiers: 0,
    leftOut: 0,
    tierFacts: 0,
    vocabularies: 0,
    added: 0,
    removed: 0,
    texts: 0,
    times: 0,
  }
  const saving: Saving = { db, eaf, file, counts, byRow: new Map() }
  const spans = resolveTimes(eaf)
  const base = { tiers: eafToDocument(eaf, spans).tiers, annotations: annotationsInOrder(eaf) }
  const eafTiers = [...eaf.tiers]
  const rows = Map.groupBy(listPlacedRows(db, file.recordingId), ({ tierId }) => tierId)
  const tiers = listTiers(db, file.recordingId)
  const homes = new Map<TierId, EafTier>()

  counts.vocabularies += saveVocabularies(db, eaf, file)
  const kept = new Map(tiers.filter(isOf(file)).map(tier => [tier.filePlace as number, tier]))
  const gone = new Set<EafAnnotation>()
  const wanted: WantedSpan[] = []
  const moved: WantedSpan[] = []
  eafTiers.forEach((eafTier, place) => {
    const tier = kept.get(place)
    const annotations = base.annotations[place] ?? []
    if (!tier) return annotations.forEach(annotation => gone.add(annotation))
    homes.set(tier.id, eafTier)
    const old = base.tiers[place] as AnnotationTier
    const changes = compareRows(saving, rows.get(tier.id) ?? [], { old: old.annotations, annotations })
    for (const annotation of changes.gone) gone.add(annotation)
    wanted.push(...changes.wanted)
    moved.push(...changes.moved)
  })
  counts.removed += gone.size
  removeAnnotations(eaf, gone)
  counts.tiers += removeTiers(eaf, eafTiers, kept)
  setSpans(eaf, moved, wanted)
  saveTierFacts(saving, tiers, { homes, base: base.tiers })
  for (const tier of inParentOrder(tiers)) {
    const home = homes.get(tier.id)
    if (home) addRows(saving, tier, home, rows.get(tier.id) ?? [])
  }
  counts.leftOut = leaveOut(eaf, homes, chosen)
  addOriginProperties(db, eaf, { recordingId: file.recordingId, chosen })
  return { eaf, spans, counts }
}

const isOf = (file: AnnotationFileRecord) => (tier: TierRecord) =>
  tier.fileId === file.id && tier.filePlace !== null

interface BaseTier {
  old: readonly DocumentAnnotation[]
  /** In the same order as `old`. */
  annotations: readonly EafAnnotation[]
}

function compareRows(saving: Saving, rows: readonly PlacedRow[], { old, annotations }: BaseTier) {
  const gone = new Set(annotations)
  const wanted: WantedSpan[] = []
  const moved: WantedSpan[] = []
  for (const row of rows) {
    const annotation = row.filePlace === null ? undefined : annotations[row.filePlace]
    const before = row.filePlace === null ? undefined : old[row.filePlace]
    if (!annotation || !before) continue
    gone.delete(annotation)
    saving.byRow.set(row.id, annotation)
    saveText(saving, row, before, annotation)
    if (!isAlignable(annotation)) continue
    const span = spanOfRow(before)
    const isMoved = span.startMs !== row.startMs || span.endMs !== row.endMs
    // What did not move keeps its times, inverted ones too.
    const times = isMoved ? row : before
    const target = { annotation, startMs: times.startMs, endMs: times.endMs }
    wanted.push(target)
    if (isMoved) moved.push(target)
  }
  saving.counts.times += moved.length
  return { gone, wanted, moved }
}

function saveText(
  { counts }: Saving,
  row: PlacedRow,
  before: DocumentAnnotation,
  annotation: EafAnnotation,
): void {
  const isOtherText = row.value !== before.value
  if (isOtherText) {
    setValue(annotation.element, row.value)
    counts.texts += 1
  }
  // Links that the corpus could not resolve stay while the text does.
  if (isOtherText || (before.entryId !== '' && row.cveId !== null && row.cveId !== before.entryId))
    setAttribute(annotation.element, 'CVE_REF', row.cveId)
}

function removeTiers(eaf: EafDocument, eafTiers: readonly EafTier[], kept: Map<number, TierRecord>): number {
  const gone = eafTiers.filter((_, place) => !kept.has(place))
  for (const tier of gone) if (eaf.tiers.includes(tier)) removeTier(eaf, tier.name)
  return gone.length
}

/** Whoever chooses a tier gets those above it, so nothing that is wanted hangs on what is left out. */
function leaveOut(
  eaf: EafDocument,
  homes: ReadonlyMap<TierId, EafTier>,
  chosen: ReadonlySet<TierId> | null,
): number {
  const unwanted = [...homes].filter(([id]) => chosen !== null && !chosen.has(id))
  for (const [, tier] of unwanted) if (eaf.tiers.includes(tier)) removeTier(eaf, tier.name)
  return unwanted.length
}

function inParentOrder(tiers: readonly TierRecord[]): TierRecord[] {
  const ordered = new Set<TierRecord>()
  const byId = new Map(tiers.map(tier => [tier.id, tier]))
  const add = (tier: TierRecord): void => {
    const parent = tier.parentId === null ? undefined : byId.get(tier.parentId)
    if (parent && !ordered.has(parent)) add(parent)
    ordered.add(tier)
  }
  for (const tier of tiers) add(tier)
  return [...ordered]
}

function saveTierFacts(
  saving: Saving,
  tiers: readonly TierRecord[],
  { homes, base }: { homes: Map<TierId, EafTier>; base: readonly AnnotationTier[] },
): void {
  const { eaf, file, counts } = saving
  for (const tier of inParentOrder(tiers)) {
    const typeName = typeNameOf(file, tier)
    const home = homes.get(tier.id)
    const parent = tier.parentId === null ? null : (homes.get(tier.parentId)?.name ?? null)
    if (!home) {
      saveTypes(saving.db, eaf, file, tier)
      addTier(eaf, tier.name, { ...tierFacts(eaf, tier), typeName, ...(parent !== null && { parent }) })
      homes.set(tier.id, eaf.tiers.at(-1) as EafTier)
      counts.tiers += 1
      continue
    }
    const old = base[tier.filePlace as number] as AnnotationTier
    const before = JSON.stringify(home.element.attributes)
    if (tier.name !== file.names.tiers[tier.filePlace as number]) renameTier(eaf, home.name, tier.name)
    if (typeName !== old.typeName && old.typeName !== '') {
      saveTypes(saving.db, eaf, file, tier)
      setAttribute(home.element, 'LINGUISTIC_TYPE_REF', typeName)
    }
    setFacts(eaf, home, tier, { old, parent })
    if (JSON.stringify(home.element.attributes) !== before) counts.tierFacts += 1
  }
}

function tierFacts(eaf: EafDocument, { participant, annotator, language, defaultLocale }: TierRecord) {
  ensureLanguage(eaf, language)
  ensureLocale(eaf, defaultLocale)
  return { participant, annotator, language }
}

function setFacts(
  eaf: EafDocument,
  { element }: EafTier,
  tier: TierRecord,
  { old, parent }: { old: AnnotationTier; parent: string | null },
): void {
  if (tier.participant !== old.participant) setAttribute(element, 'PARTICIPANT', tier.participant || null)
  if (tier.annotator !== old.annotator) setAttribute(element, 'ANNOTATOR', tier.annotator || null)
  if (tier.language !== old.language) {
    ensureLanguage(eaf, tier.language)
    setAttribute(element, 'LANG_REF', tier.language || null)
  }
  if (tier.defaultLocale !== '') {
    ensureLocale(eaf, tier.defaultLocale)
    setAttribute(element, 'DEFAULT_LOCALE', tier.defaultLocale)
  }
  const written = element.attributes['PARENT_REF'] ?? null
  // A parent that the file names and does not have stays named.
  if ((old.parent !== null || parent !== null) && parent !== written)
    setAttribute(element, 'PARENT_REF', parent)
}

function addRows(saving: Saving, tier: TierRecord, home: EafTier, rows: readonly PlacedRow[]): void {
  const { eaf, byRow, counts } = saving
  const isSymbolic = tier.stereotype.startsWith('symbolic')
  const touched = new Set<AnnotationId>()
  for (const row of rows) {
    if (byRow.has(row.id)) continue
    const parent = isSymbolic && row.parentId !== null ? (byRow.get(row.parentId) ?? null) : null
    const { startMs, endMs, value, cveId } = row
    byRow.set(row.id, addAnnotation(eaf, home, { startMs, endMs, value, cveRef: cveId, parent }))
    if (row.parentId !== null) touched.add(row.parentId)
    counts.added += 1
  }
  if (tier.stereotype !== 'symbolic-subdivision') return
  for (const parentId of touched)
    setChain(rows.filter(row => row.parentId === parentId).map(({ id }) => byRow.get(id) as EafAnnotation))
}
