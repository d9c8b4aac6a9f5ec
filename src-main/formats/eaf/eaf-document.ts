import type { Stereotype } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import { childrenOf, childOf } from '../xml/xml-edit.ts'
import { parseXml, type XmlDocument } from '../xml/xml-tree.ts'
import { type XmlElement } from '../xml/xml-element.ts'
import { writeXml, writeXmlWithLines } from '../xml/xml-write.ts'

/** An EAF or ETF file: its elements as they are, and a view of them by name and id that edits keep up to date. */
export interface EafDocument {
  file: string
  xml: XmlDocument
  /** The file had no byte in it. */
  wasEmpty: boolean
  tiers: EafTier[]
  /** In the order of the file, which is the order of time. */
  slots: EafSlot[]
  slotById: Map<string, EafSlot>
  /** Ids are not unique in every real file. */
  annotationsById: Map<string, EafAnnotation[]>
}

export interface EafSlot {
  element: XmlElement
  id: string
  /** Null for an unaligned slot and for a time that is no number. */
  timeMs: number | null
}

export interface EafTier {
  element: XmlElement
  name: string
  annotations: EafAnnotation[]
}

export interface EafAnnotation {
  /** ALIGNABLE_ANNOTATION or REF_ANNOTATION. */
  element: XmlElement
  tier: EafTier
  id: string
}

export const STEREOTYPE_NAMES: Record<string, Stereotype> = {
  Time_Subdivision: 'time-subdivision',
  Included_In: 'included-in',
  Symbolic_Subdivision: 'symbolic-subdivision',
  Symbolic_Association: 'symbolic-association',
}

/** Opens whatever is XML and an annotation document; `eafDefects` tells what is wrong with it. */
export function readEaf(bytes: Uint8Array, file: string): EafDocument {
  if (bytes.every(byte => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09))
    return { ...viewOf(parseXml(Buffer.from(BLANK), file), file), wasEmpty: true }
  const xml = parseXml(bytes, file)
  if (xml.root.name !== 'ANNOTATION_DOCUMENT')
    throw new AppError(
      'corrupt-file',
      `${file}, line ${xml.root.line}, column 1: this is no ELAN document; it begins with <${xml.root.name}>. Choose an .eaf or .etf file.`,
      { details: { file, line: xml.root.line, column: 1, root: xml.root.name } },
    )
  return viewOf(xml, file)
}

/** The bytes of the file; without an edit the very ones that were read. */
export function writeEaf({ xml, wasEmpty }: EafDocument): Uint8Array {
  return wasEmpty && !xml.root.isChanged ? new Uint8Array() : writeXml(xml)
}

/** As `writeEaf`, with the line of the written file that an element begins on. */
export function writeEafWithLines(document: EafDocument): ReturnType<typeof writeXmlWithLines> {
  const { xml } = document
  if (!xml.root.isChanged) return { bytes: writeEaf(document), lineOf: ({ line }) => line }
  return writeXmlWithLines(xml)
}

export function newEaf(file: string): EafDocument {
  return viewOf(parseXml(Buffer.from(BLANK), file), file)
}

function viewOf(xml: XmlDocument, file: string): EafDocument {
  const document: EafDocument = {
    file,
    xml,
    wasEmpty: false,
    tiers: [],
    slots: [],
    slotById: new Map(),
    annotationsById: new Map(),
  }
  refreshView(document)
  return document
}

/** Builds the view anew after the elements were changed by other hands than those of `eaf-edit`. */
export function refreshView(document: EafDocument): void {
  const { root } = document.xml
  document.slots = childrenOf(root, 'TIME_ORDER').flatMap(order => childrenOf(order, 'TIME_SLOT').map(slotOf))
  document.slotById = new Map()
  for (const slot of document.slots) if (!document.slotById.has(slot.id)) document.slotById.set(slot.id, slot)
  document.tiers = childrenOf(root, 'TIER').map(tierOf)
  document.annotationsById = new Map()
  for (const tier of document.tiers)
    for (const annotation of tier.annotations) registerAnnotation(document, annotation)
}

export function registerAnnotation(document: EafDocument, annotation: EafAnnotation): void {
  const same = document.annotationsById.get(annotation.id)
  if (same) same.push(annotation)
  else document.annotationsById.set(annotation.id, [annotation])
}

export function slotOf(element: XmlElement): EafSlot {
  return {
    element,
    id: element.attributes['TIME_SLOT_ID'] ?? '',
    timeMs: wholeNumber(element.attributes['TIME_VALUE']),
  }
}

/** Negative times occur, though the schema forbids them. */
function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\s*[+-]?\d{1,15}\s*$/.test(text) ? Number(text) + 0 : null
}

function tierOf(element: XmlElement): EafTier {
  const tier: EafTier = { element, name: element.attributes['TIER_ID'] ?? '', annotations: [] }
  for (const wrapper of element.children) {
    if (wrapper.name !== 'ANNOTATION') continue
    for (const child of wrapper.children)
      if (child.name === 'ALIGNABLE_ANNOTATION' || child.name === 'REF_ANNOTATION')
        tier.annotations.push({ element: child, tier, id: child.attributes['ANNOTATION_ID'] ?? '' })
  }
  return tier
}

export function valueOf({ element }: EafAnnotation): string {
  return childOf(element, 'ANNOTATION_VALUE')?.text ?? ''
}

export function isAlignable({ element }: EafAnnotation): boolean {
  return element.name === 'ALIGNABLE_ANNOTATION'
}

export function tierNamed(document: EafDocument, name: string): EafTier | undefined {
  return document.tiers.find(tier => tier.name === name)
}

export function parentTierOf(document: EafDocument, tier: EafTier): EafTier | undefined {
  const parent = tier.element.attributes['PARENT_REF']
  return parent === undefined ? undefined : tierNamed(document, parent)
}

/** What an ANNOTATION_REF points to: on the parent tier if the id is there, else anywhere. */
export function referredAnnotation(
  document: EafDocument,
  annotation: EafAnnotation,
  parentTier = parentTierOf(document, annotation.tier),
): EafAnnotation | undefined {
  const found = document.annotationsById.get(annotation.element.attributes['ANNOTATION_REF'] ?? '') ?? []
  return found.find(({ tier }) => tier === parentTier) ?? found[0]
}

export function typeOf(document: EafDocument, tier: EafTier): XmlElement | undefined {
  const name = tier.element.attributes['LINGUISTIC_TYPE_REF']
  return document.xml.root.children.find(
    ({ name: tag, attributes }) => tag === 'LINGUISTIC_TYPE' && attributes['LINGUISTIC_TYPE_ID'] === name,
  )
}

export function stereotypeOf(document: EafDocument, tier: EafTier): Stereotype {
  return STEREOTYPE_NAMES[typeOf(document, tier)?.attributes['CONSTRAINTS'] ?? ''] ?? 'none'
}

const BLANK = `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
    <TIME_ORDER/>
    <CONSTRAINT DESCRIPTION="Time subdivision of parent annotation's time interval, no time gaps allowed within this interval" STEREOTYPE="Time_Subdivision"/>
    <CONSTRAINT DESCRIPTION="Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered" STEREOTYPE="Symbolic_Subdivision"/>
    <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" STEREOTYPE="Symbolic_Association"/>
    <CONSTRAINT DESCRIPTION="Time alignable annotations within the parent annotation's time interval, gaps are allowed" STEREOTYPE="Included_In"/>
</ANNOTATION_DOCUMENT>
`
