import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  type AnnotationExport,
  type AnnotationExportPreview,
  type AnnotationFormat,
  type AnnotationLoss,
  FORMATS_WITH_PARENTS,
} from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { planAnnotationsAs } from '../../formats/convert.ts'
import { type EafDefect, eafDefects, writtenDefects } from '../../formats/eaf/eaf-defects.ts'
import { type EafDocument, readEaf, writeEafWithLines } from '../../formats/eaf/eaf-document.ts'
import { addAlignedAnnotation, addTier } from '../../formats/eaf/eaf-edit.ts'
import { eafToDocument } from '../../formats/eaf/eaf-to-document.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { listTiers } from '../annotation/annotation.queries.ts'
import { checkRecording } from '../annotation/tier.service.ts'
import type { CorpusContext } from '../context.ts'
import { type AnnotationFileRecord, listFiles } from './annotation-file.queries.ts'
import type { AnnotationDocument } from '../../formats/annotation-document.ts'
import { documentOf, viewTiers } from './document-of.ts'
import { readKept } from './kept-bytes.ts'
import { formatOf } from './read-file.ts'
import { type EditCounts, saveOnto } from './save-onto.ts'

interface Planned {
  format: AnnotationFormat
  bytes: Uint8Array
  losses: AnnotationLoss[]
  edits: string[]
  isOntoOriginal: boolean
  tiers: number
  annotations: number
  /** Rules of EAF that the bytes break; none in other formats. */
  check: () => EafDefect[]
}

const DEFECTS_SHOWN = 100

/** What would be written and lost; nothing is. */
export async function previewExport(
  context: CorpusContext,
  request: AnnotationExport,
): Promise<AnnotationExportPreview> {
  const { bytes: _bytes, check, ...facts } = await plan(context, request)
  const file = resolve(request.file)
  return {
    ...facts,
    defects: check()
      .slice(0, DEFECTS_SHOWN)
      .map(({ code, line, message, repair }) => ({ code, line, message, repair, isMendable: false })),
    exists: existsSync(file),
  }
}

export interface ExportedFile {
  file: string
  bytes: number
  losses: AnnotationLoss[]
}

export async function exportFile(context: CorpusContext, request: AnnotationExport): Promise<ExportedFile> {
  const file = resolve(request.file)
  const { bytes, losses } = await plan(context, request)
  if (existsSync(file) && !request.overwrite)
    throw new AppError('conflict', `${file} is there already. Let it be replaced, or give another name.`, {
      details: { file },
    })
  await writeAtomically(file, temporary => writeFile(temporary, bytes))
  return { file, bytes: bytes.length, losses }
}

async function plan(context: CorpusContext, request: AnnotationExport): Promise<Planned> {
  const { db } = context
  checkRecording(db, request.recordingId)
  const format = formatOf(request.file, request.format)
  const chosen = chosenIds(db, request, format)
  const base = listFiles(db, request.recordingId).find(file => file.format === 'eaf')
  if (base && format === 'eaf') return planOnto(context, request, { base, chosen })
  if (!base) {
    const document = documentOf(db, { ...request, chosen })
    const { losses, write } = planAnnotationsAs(format, document)
    const bytes = write()
    const check = () => (format === 'eaf' ? eafDefects(readEaf(bytes, request.file)) : [])
    return { format, ...countsOf(document.tiers), losses, bytes, edits: [], isOntoOriginal: false, check }
  }
  const document = await wholeDocument(context, request, { base, chosen })
  const { losses, write } = planAnnotationsAs(format, document)
  const facts = { format, ...countsOf(document.tiers) }
  return { ...facts, losses, bytes: write(), edits: [], isOntoOriginal: false, check: () => [] }
}

/** The tiers as they are, with what only the imported EAF has of them and of the document. */
async function wholeDocument(
  { db, dir }: CorpusContext,
  request: AnnotationExport,
  { base, chosen }: { base: AnnotationFileRecord; chosen: Set<TierId> | null },
): Promise<AnnotationDocument> {
  const imported = eafToDocument(readEaf(await readKept(dir, base.baseHash), base.path))
  const origin = { fileId: base.id, document: imported }
  const document = documentOf(db, { ...request, chosen, origin })
  const { extras, licenses, languages, linkedFiles, unusedTypes, externalRefs, author, date } = imported
  const properties = [...imported.properties, ...document.properties]
  const ofFile = { extras, licenses, languages, linkedFiles, unusedTypes, externalRefs, author, date }
  return { ...document, ...ofFile, properties }
}

/** The file is read once: what was edited is checked in memory, where the written file would be read again. */
async function planOnto(
  context: CorpusContext,
  request: AnnotationExport,
  { base, chosen }: { base: AnnotationFileRecord; chosen: Set<TierId> | null },
): Promise<Planned> {
  const baseBytes = await readKept(context.dir, base.baseHash)
  const { eaf, spans, counts } = saveOnto(context.db, base, { baseBytes, chosen })
  addViews(context, request, eaf)
  const { bytes, lineOf } = writeEafWithLines(eaf)
  return {
    format: 'eaf',
    ...countsOf(eaf.tiers),
    losses: [],
    bytes,
    edits: editsOf(counts),
    isOntoOriginal: true,
    check: () => writtenDefects(eaf, lineOf, spans),
  }
}

function countsOf(tiers: readonly { annotations: readonly unknown[] }[]) {
  const annotations = tiers.reduce((sum, tier) => sum + tier.annotations.length, 0)
  return { tiers: tiers.length, annotations }
}

/** The tiers to write; null for all. */
function chosenIds(
  db: ReadDb,
  { recordingId, tierIds }: AnnotationExport,
  format: AnnotationFormat,
): Set<TierId> | null {
  if (tierIds === undefined) return null
  const tiers = new Map(listTiers(db, recordingId).map(tier => [tier.id, tier]))
  const chosen = new Set<TierId>()
  for (const id of tierIds) {
    if (!tiers.has(id))
      throw new AppError('not-found', 'A tier that was to be exported is no longer in the recording.', {
        details: { tierId: id },
      })
    chosen.add(id)
    if (!FORMATS_WITH_PARENTS.includes(format)) continue
    for (let at = tiers.get(id)?.parentId ?? null; at !== null; at = tiers.get(at)?.parentId ?? null)
      chosen.add(at)
  }
  return chosen
}

/** Sentences and outputs are of the corpus, not of the file: they are written as further tiers. */
function addViews({ db }: CorpusContext, request: AnnotationExport, eaf: EafDocument): void {
  if (!request.withSentences && !request.withHypotheses) return
  const typeName = eaf.xml.root.children.find(
    ({ name, attributes }) => name === 'LINGUISTIC_TYPE' && attributes['CONSTRAINTS'] === undefined,
  )?.attributes['LINGUISTIC_TYPE_ID']
  if (typeName === undefined)
    throw new AppError(
      'invalid-input',
      'The file has no tier type without a parent, which the added tiers could have. Export without them.',
    )
  for (const tier of viewTiers(db, request, new Set(eaf.tiers.map(({ name }) => name)))) {
    addTier(eaf, tier.name, { typeName })
    for (const annotation of tier.annotations)
      addAlignedAnnotation(eaf, tier.name, {
        ...annotation,
        startMs: Math.max(0, annotation.startMs),
      })
  }
}

const EDITS: Record<keyof EditCounts, [one: string, many: string]> = {
  tiers: ['tier added or removed', 'tiers added or removed'],
  leftOut: ['tier left out', 'tiers left out'],
  tierFacts: [
    'tier with another name, type, parent or people',
    'tiers with other names, types, parents or people',
  ],
  vocabularies: ['changed vocabulary', 'changed vocabularies'],
  added: ['new annotation', 'new annotations'],
  removed: ['removed annotation', 'removed annotations'],
  texts: ['changed text', 'changed texts'],
  times: ['annotation with other times', 'annotations with other times'],
}

function editsOf(counts: EditCounts): string[] {
  return Object.entries(EDITS).flatMap(([name, [one, many]]) => {
    const count = counts[name as keyof EditCounts]
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`]
  })
}
