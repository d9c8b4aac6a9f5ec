import type { VocabularyId } from '#shared/contract/ids.ts'
import type { VocabularyEntry } from '#shared/contract/vocabulary.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Vocabulary } from '../../formats/annotation-document.ts'
import { ensureLanguage } from '../../formats/eaf/eaf-bulk-edit.ts'
import type { EafDocument } from '../../formats/eaf/eaf-document.ts'
import { insertInOrder } from '../../formats/eaf/eaf-elements.ts'
import { constraintOf, vocabularyElement } from '../../formats/eaf/eaf-from-document.ts'
import { vocabularyOf } from '../../formats/eaf/eaf-to-document.ts'
import { childrenOf, insertChild, removeElement, setAttribute, setText } from '../../formats/xml/xml-edit.ts'
import { newElement, type XmlElement } from '../../formats/xml/xml-element.ts'
import type { TierRecord } from '../annotation/annotation.queries.ts'
import { findVocabulary, listEntries } from '../vocabulary/vocabulary.queries.ts'
import type { AnnotationFileRecord } from './annotation-file.queries.ts'

/** As the file calls the tier's type, else as the corpus does. */
export function typeNameOf({ names }: AnnotationFileRecord, tier: TierRecord): string {
  return Object.keys(names.types).find(name => names.types[name] === tier.typeId) ?? tier.typeName
}

/** The type of a tier, and the vocabulary of that, in a file that does not have them yet. */
export function saveTypes(db: ReadDb, eaf: EafDocument, file: AnnotationFileRecord, tier: TierRecord): void {
  const { root } = eaf.xml
  const name = typeNameOf(file, tier)
  const isThere = childrenOf(root, 'LINGUISTIC_TYPE').some(
    ({ attributes }) => attributes['LINGUISTIC_TYPE_ID'] === name,
  )
  if (isThere) return
  const vocabulary = tier.vocabularyId === null ? undefined : findVocabulary(db, tier.vocabularyId)
  const constraint = constraintOf(tier.stereotype)
  insertInOrder(
    root,
    newElementWith('LINGUISTIC_TYPE', {
      GRAPHIC_REFERENCES: 'false',
      LINGUISTIC_TYPE_ID: name,
      TIME_ALIGNABLE: String(!tier.stereotype.startsWith('symbolic')),
      CONSTRAINTS: constraint,
      CONTROLLED_VOCABULARY_REF: vocabulary?.name ?? '',
    }),
  )
  const known = childrenOf(root, 'CONTROLLED_VOCABULARY').some(
    ({ attributes }) => attributes['CV_ID'] === vocabulary?.name,
  )
  if (vocabulary && !known) insertInOrder(root, vocabularyElement(documentVocabulary(db, vocabulary.id)))
}

function newElementWith(name: string, attributes: Record<string, string>): XmlElement {
  const given = Object.entries(attributes).filter(([, value]) => value !== '')
  return newElement(name, Object.fromEntries(given))
}

export function documentVocabulary(db: ReadDb, id: VocabularyId): Vocabulary {
  const vocabulary = findVocabulary(db, id)
  return {
    name: vocabulary?.name ?? '',
    externalRef: '',
    descriptions: vocabulary?.descriptions ?? [],
    entries: listEntries(db, id).map(({ cveId, externalRef, values }) => ({
      id: cveId,
      externalRef,
      values,
    })),
  }
}

/** Brings the vocabularies of a file up to those of the corpus, entry by entry; returns how many differ. */
export function saveVocabularies(db: ReadDb, eaf: EafDocument, { names }: AnnotationFileRecord): number {
  let changed = 0
  for (const element of childrenOf(eaf.xml.root, 'CONTROLLED_VOCABULARY')) {
    const id = names.vocabularies[element.attributes['CV_ID'] ?? '']
    // The entries of an external vocabulary live in its own file.
    if (id === undefined || element.attributes['EXT_REF'] !== undefined) continue
    if (!findVocabulary(db, id as VocabularyId)) continue
    if (saveEntries(eaf, element, listEntries(db, id as VocabularyId))) changed += 1
  }
  return changed
}

function saveEntries(eaf: EafDocument, element: XmlElement, entries: readonly VocabularyEntry[]): boolean {
  const written = vocabularyOf(element).entries
  const elements = element.children.filter(({ name }) => name === 'CV_ENTRY_ML' || name === 'CV_ENTRY')
  const left = new Set(elements)
  let isChanged = false
  const isFlat = elements[0]?.name === 'CV_ENTRY'
  for (const entry of entries) {
    const at = written.findIndex(({ id, values }, place) =>
      left.has(elements[place] as XmlElement)
        ? id === ''
          ? values[0]?.value === entry.values[0]?.value
          : id === entry.cveId
        : false,
    )
    const known = elements[at]
    if (known) left.delete(known)
    if (known && JSON.stringify(written[at]?.values) === JSON.stringify(entry.values)) continue
    isChanged = true
    if (known) setEntry(eaf, known, entry)
    else insertChild(element, newEntry(eaf, entry, isFlat))
  }
  for (const gone of left) removeElement(gone)
  return isChanged || left.size > 0
}

function setEntry(eaf: EafDocument, element: XmlElement, entry: VocabularyEntry): void {
  const [first] = entry.values
  if (element.name === 'CV_ENTRY') {
    setText(element, first?.value ?? '')
    setAttribute(element, 'DESCRIPTION', first?.description ?? '')
    return
  }
  const children = childrenOf(element, 'CVE_VALUE')
  entry.values.forEach(({ language, value, description }, at) => {
    const child = children[at]
    if (!child) return insertChild(element, valueElement(eaf, { language, value, description }))
    setText(child, value)
    if (description !== (child.attributes['DESCRIPTION'] ?? ''))
      setAttribute(child, 'DESCRIPTION', description)
    if (language !== '') setAttribute(child, 'LANG_REF', language)
  })
  for (const child of children.slice(entry.values.length)) removeElement(child)
}

function newEntry(eaf: EafDocument, entry: VocabularyEntry, isFlat: boolean): XmlElement {
  const [first] = entry.values
  if (isFlat) return newElement('CV_ENTRY', { DESCRIPTION: first?.description ?? '' }, first?.value ?? '')
  const element = newElement('CV_ENTRY_ML', { CVE_ID: entry.cveId })
  for (const value of entry.values) insertChild(element, valueElement(eaf, value))
  return element
}

function valueElement(eaf: EafDocument, { language, value, description }: VocabularyEntry['values'][number]) {
  ensureLanguage(eaf, language || 'und')
  return newElement('CVE_VALUE', { DESCRIPTION: description, LANG_REF: language || 'und' }, value)
}
