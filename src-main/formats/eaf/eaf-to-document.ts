import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  type DocumentType,
  emptyDocument,
  uniqueName,
  type Vocabulary,
} from '../annotation-document.ts'
import type { DocumentOutline } from '../annotation-outline.ts'
import { childrenOf } from '../xml/xml-edit.ts'
import type { XmlElement } from '../xml/xml-element.ts'
import {
  type EafAnnotation,
  type EafDocument,
  type EafTier,
  isAlignable,
  parentTierOf,
  referredAnnotation,
  STEREOTYPE_NAMES,
  stereotypeOf,
  typeOf,
  valueOf,
} from './eaf-document.ts'
import { eafExtras } from './eaf-extras.ts'
import { type EafSpan, enclosing, resolveTimes } from './eaf-times.ts'

/**
 * The neutral model of a file, with a time for every annotation: `spans` are those of `resolveTimes`. What it cannot
 * hold is counted in `extras`.
 */
export function eafToDocument(eaf: EafDocument, spans = resolveTimes(eaf)): AnnotationDocument {
  const header = eaf.xml.root.children.find(({ name }) => name === 'HEADER')
  return { ...withoutTiers(eaf), tiers: tiersOf(eaf, frameMs(header), spans), extras: eafExtras(eaf) }
}

/** What `eafToDocument` gives, as far as it is known before the times of the annotations are worked out. */
export function outlineOfEaf(eaf: EafDocument): DocumentOutline {
  return {
    ...withoutTiers(eaf),
    tiers: eaf.tiers.map(tier => ({
      ...factsOf(eaf, tier),
      annotations: tier.annotations.length,
      sample: firstText(tier),
    })),
  }
}

function firstText({ annotations }: EafTier): string {
  const found = annotations.find(annotation => valueOf(annotation).trim() !== '')
  return found === undefined ? '' : valueOf(found)
}

function withoutTiers(eaf: EafDocument): AnnotationDocument {
  const { root } = eaf.xml
  const header = root.children.filter(({ name }) => name === 'HEADER')
  const inHeader = (name: string) => header.flatMap(element => childrenOf(element, name))
  return {
    ...emptyDocument(),
    author: attribute(root, 'AUTHOR'),
    date: attribute(root, 'DATE'),
    licenses: childrenOf(root, 'LICENSE').map(element => ({
      text: element.text,
      url: attribute(element, 'LICENSE_URL'),
    })),
    media: inHeader('MEDIA_DESCRIPTOR').map(mediaOf),
    linkedFiles: inHeader('LINKED_FILE_DESCRIPTOR').map(element => ({
      url: attribute(element, 'LINK_URL'),
      relativeUrl: attribute(element, 'RELATIVE_LINK_URL'),
      mimeType: attribute(element, 'MIME_TYPE'),
      associatedWith: attribute(element, 'ASSOCIATED_WITH'),
    })),
    properties: inHeader('PROPERTY').map(element => ({
      name: attribute(element, 'NAME'),
      value: element.text,
    })),
    languages: childrenOf(root, 'LANGUAGE').map(element => ({
      id: attribute(element, 'LANG_ID'),
      definition: attribute(element, 'LANG_DEF'),
      label: attribute(element, 'LANG_LABEL'),
    })),
    unusedTypes: unusedTypesOf(eaf),
    vocabularies: childrenOf(root, 'CONTROLLED_VOCABULARY').map(vocabularyOf),
    externalRefs: childrenOf(root, 'EXTERNAL_REF').map(element => ({
      id: attribute(element, 'EXT_REF_ID'),
      type: attribute(element, 'TYPE'),
      value: attribute(element, 'VALUE'),
    })),
  }
}

function unusedTypesOf({ xml, tiers }: EafDocument): DocumentType[] {
  const used = new Set(tiers.map(({ element }) => attribute(element, 'LINGUISTIC_TYPE_REF')))
  return childrenOf(xml.root, 'LINGUISTIC_TYPE')
    .filter(element => !used.has(attribute(element, 'LINGUISTIC_TYPE_ID')))
    .map(element => ({
      name: attribute(element, 'LINGUISTIC_TYPE_ID'),
      stereotype: STEREOTYPE_NAMES[attribute(element, 'CONSTRAINTS')] ?? 'none',
      vocabulary: attribute(element, 'CONTROLLED_VOCABULARY_REF'),
    }))
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes[name] ?? ''
}

function mediaOf(element: XmlElement) {
  const origin = Number(attribute(element, 'TIME_ORIGIN'))
  return {
    url: attribute(element, 'MEDIA_URL'),
    relativeUrl: attribute(element, 'RELATIVE_MEDIA_URL'),
    mimeType: attribute(element, 'MIME_TYPE'),
    timeOriginMs: Number.isSafeInteger(origin) ? origin : 0,
    extractedFrom: attribute(element, 'EXTRACTED_FROM'),
  }
}

/** Entries of EAF 2.7 and before have one value without a language. */
export function vocabularyOf(element: XmlElement): Vocabulary {
  const descriptions = childrenOf(element, 'DESCRIPTION').map(child => ({
    language: attribute(child, 'LANG_REF'),
    text: child.text,
  }))
  const old = attribute(element, 'DESCRIPTION')
  return {
    name: attribute(element, 'CV_ID'),
    externalRef: attribute(element, 'EXT_REF'),
    descriptions: old ? [{ language: '', text: old }, ...descriptions] : descriptions,
    entries: element.children
      .filter(({ name }) => name === 'CV_ENTRY_ML' || name === 'CV_ENTRY')
      .map(entry => ({
        id: attribute(entry, 'CVE_ID'),
        externalRef: attribute(entry, 'EXT_REF'),
        values:
          entry.name === 'CV_ENTRY'
            ? [{ language: '', value: entry.text, description: attribute(entry, 'DESCRIPTION') }]
            : childrenOf(entry, 'CVE_VALUE').map(value => ({
                language: attribute(value, 'LANG_REF'),
                value: value.text,
                description: attribute(value, 'DESCRIPTION'),
              })),
      })),
  }
}

/** Milliseconds of one unit of the slots; anything but milliseconds is left from the days of tape. */
function frameMs(header: XmlElement | undefined): number {
  const units = header?.attributes['TIME_UNITS']
  if (units === 'PAL-frames') return 40
  return units === 'NTSC-frames' ? 1001 / 30 : 1
}

function tiersOf(eaf: EafDocument, unitMs: number, spans: Map<EafAnnotation, EafSpan>): AnnotationTier[] {
  const ids = new Map<EafAnnotation, string>()
  const taken = new Set<string>()
  for (const { annotations } of eaf.tiers)
    for (const annotation of annotations) ids.set(annotation, uniqueName(annotation.id || 'a', taken))
  return eaf.tiers.map(tier => {
    const parent = parentTierOf(eaf, tier)
    const parentOf = parentFinder(eaf, tier, parent, spans)
    return {
      ...factsOf(eaf, tier),
      annotator: attribute(tier.element, 'ANNOTATOR'),
      language: attribute(tier.element, 'LANG_REF'),
      kind: 'interval',
      annotations: inOrder(tier, spans).map(annotation => {
        const owner = parentOf(annotation)
        return neutral(annotation, spans.get(annotation)!, ids, owner, unitMs)
      }),
    }
  })
}

function factsOf(eaf: EafDocument, tier: EafTier) {
  return {
    name: tier.name,
    typeName: attribute(tier.element, 'LINGUISTIC_TYPE_REF'),
    stereotype: stereotypeOf(eaf, tier),
    parent: parentTierOf(eaf, tier)?.name ?? null,
    participant: attribute(tier.element, 'PARTICIPANT'),
    vocabulary: typeOf(eaf, tier)?.attributes['CONTROLLED_VOCABULARY_REF'] ?? '',
  }
}

/** The annotations of each tier in the order in which `eafToDocument` gives them. */
export function annotationsInOrder(eaf: EafDocument): EafAnnotation[][] {
  const spans = resolveTimes(eaf)
  return eaf.tiers.map(tier => inOrder(tier, spans))
}

function inOrder({ annotations }: EafTier, spans: Map<EafAnnotation, EafSpan>): EafAnnotation[] {
  const span = (annotation: EafAnnotation) => spans.get(annotation)!
  return annotations.toSorted(
    (a, b) =>
      span(a).startMs - span(b).startMs || span(a).endMs - span(b).endMs || span(a).order - span(b).order,
  )
}

function neutral(
  annotation: EafAnnotation,
  span: EafSpan,
  ids: Map<EafAnnotation, string>,
  parent: EafAnnotation | undefined,
  unitMs: number,
): DocumentAnnotation {
  return {
    id: ids.get(annotation)!,
    startMs: Math.round(span.startMs * unitMs),
    endMs: Math.round(span.endMs * unitMs),
    value: valueOf(annotation),
    parentId: (parent && ids.get(parent)) ?? null,
    isAligned: span.isAligned,
    speaker: '',
    entryId: attribute(annotation.element, 'CVE_REF'),
    externalRef: attribute(annotation.element, 'EXT_REF'),
  }
}

/** Symbolic children name their parent; aligned ones belong to the one that they lie in. */
function parentFinder(
  eaf: EafDocument,
  tier: EafTier,
  parent: EafTier | undefined,
  spans: Map<EafAnnotation, EafSpan>,
) {
  const candidates = parent && parent !== tier ? inOrder(parent, spans) : []
  const rooms = candidates.map(owner => ({ ...spans.get(owner)!, owner }))
  return (annotation: EafAnnotation): EafAnnotation | undefined => {
    if (!isAlignable(annotation)) return referredAnnotation(eaf, annotation, parent)
    const { startMs, endMs } = spans.get(annotation)!
    return enclosing(rooms, startMs, endMs)?.owner
  }
}
