import type { Stereotype } from '#shared/contract/annotation.ts'
import {
  type AnnotationDocument,
  type DocumentAnnotation,
  type DocumentType,
  uniqueName,
  type Vocabulary,
} from '../annotation-document.ts'
import { loss, type Loss, lossesOf, onlyReal } from '../annotation-losses.ts'
import { childOf, insertChild, setAttribute } from '../xml/xml-edit.ts'
import { newElement, type XmlElement } from '../xml/xml-element.ts'
import { isXmlText, writeXml } from '../xml/xml-write.ts'
import { newEaf, STEREOTYPE_NAMES } from './eaf-document.ts'
import { insertInOrder } from './eaf-elements.ts'
import { planTiers, type PlannedTier } from './eaf-plan.ts'
import { DATE_TIME } from './eaf-schema.ts'

const ABILITIES = [
  'author',
  'date',
  'media',
  'linked-files',
  'properties',
  'licenses',
  'languages',
  'unused-types',
  'vocabularies',
  'external-refs',
  'tier-names',
  'empty-tiers',
  'parents',
  'parent-links',
  'stereotypes',
  'types',
  'participants',
  'annotators',
  'tier-languages',
  'tier-vocabularies',
  'ids',
  'unaligned',
  'entry-links',
  'annotation-refs',
] as const

export interface EafPlan {
  losses: Loss[]
  write: () => Uint8Array
}

/** EAF 3.0 from the neutral model; the losses are known before anything is written. */
export function planEaf(document: AnnotationDocument, file = 'new.eaf'): EafPlan {
  const planned = planTiers(document)
  const all = document.tiers.flatMap(tier => tier.annotations)
  const texts = [...textsIn({ ...document, extras: [] })]
  const ownUndated = document.date !== '' && !DATE_TIME.test(document.date) ? 1 : 0
  const losses = [
    ...lossesOf(document, ABILITIES),
    ...planned.losses,
    loss(
      'negative-times',
      all.filter(({ startMs, endMs }) => startMs < 0 || endMs < 0).length,
      'annotation before the beginning is moved to 0',
      'annotations before the beginning are moved to 0',
    ),
    loss(
      'characters',
      texts.filter(text => !isXmlText(text)).length,
      'text has characters that XML cannot hold; they become �',
      'texts have characters that XML cannot hold; they become �',
    ),
    loss('bad-date', ownUndated, 'date is not in the form that EAF asks for and becomes 1970-01-01', ''),
  ]
  return { losses: onlyReal(losses), write: () => build(document, planned.tiers, file) }
}

/** Every text of the document, wherever it stands. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* textsIn(part)
}

function build(document: AnnotationDocument, tiers: PlannedTier[], file: string): Uint8Array {
  const { xml } = newEaf(file)
  const { root } = xml
  setAttribute(root, 'AUTHOR', document.author)
  if (DATE_TIME.test(document.date)) setAttribute(root, 'DATE', document.date)
  const add = (element: XmlElement) => insertInOrder(root, element)
  for (const { text, url } of document.licenses) add(newElement('LICENSE', { LICENSE_URL: url }, text))
  fillHeader(childOf(root, 'HEADER')!, document)
  const slots = new SlotMaker()
  for (const tier of tiers) add(tierElement(tier, slots))
  slots.writeInto(childOf(root, 'TIME_ORDER')!)
  for (const type of typesOf(tiers, document.unusedTypes)) add(type)
  const { languages, vocabularies } = withReferred(document)
  for (const { id, definition, label } of languages)
    add(newElement('LANGUAGE', { LANG_DEF: definition, LANG_ID: id, LANG_LABEL: label }))
  for (const vocabulary of vocabularies) add(vocabularyElement(vocabulary))
  for (const { id, type, value } of document.externalRefs)
    add(newElement('EXTERNAL_REF', { EXT_REF_ID: id, TYPE: type, VALUE: value }))
  return writeXml(xml)
}

function fillHeader(header: XmlElement, { media, linkedFiles, properties }: AnnotationDocument): void {
  for (const { url, mimeType, relativeUrl, timeOriginMs, extractedFrom } of media) {
    const optional = {
      RELATIVE_MEDIA_URL: relativeUrl,
      TIME_ORIGIN: timeOriginMs ? String(timeOriginMs) : '',
      EXTRACTED_FROM: extractedFrom,
    }
    insertChild(
      header,
      newElement('MEDIA_DESCRIPTOR', { MEDIA_URL: url, MIME_TYPE: mimeType, ...given(optional) }),
    )
  }
  for (const { url, mimeType, relativeUrl, associatedWith } of linkedFiles) {
    const optional = { RELATIVE_LINK_URL: relativeUrl, ASSOCIATED_WITH: associatedWith }
    insertChild(
      header,
      newElement('LINKED_FILE_DESCRIPTOR', { LINK_URL: url, MIME_TYPE: mimeType, ...given(optional) }),
    )
  }
  for (const { name, value } of properties) insertChild(header, newElement('PROPERTY', { NAME: name }, value))
}

function given(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}

/** Slots in the order of time, numbered in it. */
class SlotMaker {
  readonly #made: { element: XmlElement; timeMs: number; refer: (id: string) => void }[] = []

  add(timeMs: number, refer: (id: string) => void): void {
    this.#made.push({ element: newElement('TIME_SLOT'), timeMs: Math.max(0, timeMs), refer })
  }

  writeInto(order: XmlElement): void {
    this.#made.sort((a, b) => a.timeMs - b.timeMs)
    this.#made.forEach(({ element, timeMs, refer }, i) => {
      setAttribute(element, 'TIME_SLOT_ID', `ts${i + 1}`)
      setAttribute(element, 'TIME_VALUE', String(timeMs))
      refer(`ts${i + 1}`)
      insertChild(order, element)
    })
  }
}

function tierElement(planned: PlannedTier, slots: SlotMaker): XmlElement {
  const { tier } = planned
  const optional = {
    PARENT_REF: planned.parent ?? '',
    PARTICIPANT: tier.participant,
    ANNOTATOR: tier.annotator,
    LANG_REF: tier.language,
  }
  const element = newElement('TIER', {
    LINGUISTIC_TYPE_REF: planned.typeName,
    TIER_ID: planned.name,
    ...given(optional),
  })
  for (const one of planned.annotations) {
    const wrapper = newElement('ANNOTATION')
    insertChild(wrapper, planned.isSymbolic ? referring(one) : aligned(one, slots))
    insertChild(element, wrapper)
  }
  return element
}

type PlannedAnnotation = PlannedTier['annotations'][number]

function commonAttributes({ entryId, externalRef }: DocumentAnnotation): Record<string, string> {
  return given({ CVE_REF: entryId, EXT_REF: externalRef })
}

function aligned({ annotation, id }: PlannedAnnotation, slots: SlotMaker): XmlElement {
  const attributes = {
    ANNOTATION_ID: id,
    TIME_SLOT_REF1: '',
    TIME_SLOT_REF2: '',
    ...commonAttributes(annotation),
  }
  const element = withValue(newElement('ALIGNABLE_ANNOTATION', attributes), annotation.value)
  slots.add(annotation.startMs, slot => setAttribute(element, 'TIME_SLOT_REF1', slot))
  slots.add(annotation.endMs, slot => setAttribute(element, 'TIME_SLOT_REF2', slot))
  return element
}

function referring({ annotation, id, parentId, previousId }: PlannedAnnotation): XmlElement {
  const attributes = {
    ANNOTATION_ID: id,
    ANNOTATION_REF: parentId ?? '',
    ...given({ PREVIOUS_ANNOTATION: previousId ?? '' }),
    ...commonAttributes(annotation),
  }
  return withValue(newElement('REF_ANNOTATION', attributes), annotation.value)
}

function withValue(element: XmlElement, value: string): XmlElement {
  insertChild(element, newElement('ANNOTATION_VALUE', {}, value))
  return element
}

function typesOf(tiers: PlannedTier[], unused: readonly DocumentType[]): XmlElement[] {
  const types = new Map<string, XmlElement>()
  const add = ({ name, stereotype, vocabulary }: DocumentType) => {
    if (types.has(name)) return
    const optional = { CONSTRAINTS: constraintOf(stereotype), CONTROLLED_VOCABULARY_REF: vocabulary }
    types.set(
      name,
      newElement('LINGUISTIC_TYPE', {
        GRAPHIC_REFERENCES: 'false',
        LINGUISTIC_TYPE_ID: name,
        TIME_ALIGNABLE: String(!stereotype.startsWith('symbolic')),
        ...given(optional),
      }),
    )
  }
  for (const { typeName, stereotype, tier } of tiers)
    add({ name: typeName, stereotype, vocabulary: tier.vocabulary })
  for (const type of unused) add(type)
  return [...types.values()]
}

export function constraintOf(stereotype: Stereotype): string {
  return Object.entries(STEREOTYPE_NAMES).find(([, ours]) => ours === stereotype)?.[0] ?? ''
}

/** Everything that is referred to must be there. */
function withReferred(document: AnnotationDocument) {
  const languages = [...document.languages]
  const used = document.vocabularies.flatMap(({ descriptions, entries }) => [
    ...descriptions.map(({ language }) => language || 'und'),
    ...entries.flatMap(entry => entry.values.map(({ language }) => language || 'und')),
  ])
  const spoken = document.tiers.map(({ language }) => language).filter(Boolean)
  for (const id of new Set([...spoken, ...used]))
    if (!languages.some(language => language.id === id)) languages.push({ id, definition: '', label: id })
  const vocabularies = [...document.vocabularies]
  for (const name of new Set(
    [...document.tiers, ...document.unusedTypes].map(({ vocabulary }) => vocabulary).filter(Boolean),
  ))
    if (!vocabularies.some(vocabulary => vocabulary.name === name))
      vocabularies.push({ name, externalRef: '', descriptions: [], entries: [] })
  return { languages, vocabularies }
}

export function vocabularyElement({ name, externalRef, descriptions, entries }: Vocabulary): XmlElement {
  const element = newElement('CONTROLLED_VOCABULARY', { CV_ID: name, ...given({ EXT_REF: externalRef }) })
  for (const { language, text } of descriptions)
    insertChild(element, newElement('DESCRIPTION', { LANG_REF: language || 'und' }, text))
  const taken = new Set(entries.map(({ id }) => id))
  for (const entry of entries) {
    const child = newElement('CV_ENTRY_ML', {
      CVE_ID: entry.id || uniqueName('cveid', taken).replace(/ \((\d+)\)/, '$1'),
      ...given({ EXT_REF: entry.externalRef }),
    })
    for (const { language, value, description } of entry.values)
      insertChild(
        child,
        newElement('CVE_VALUE', { DESCRIPTION: description, LANG_REF: language || 'und' }, value),
      )
    insertChild(element, child)
  }
  return element
}
