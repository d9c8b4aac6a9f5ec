import { insertChild, removeElement, setAttribute, setChildren } from '../xml/xml-edit.ts'
import { newElement, type XmlElement } from '../xml/xml-element.ts'
import { type EafDefect, eafDefects } from './eaf-defects.ts'
import { type EafDocument, refreshView } from './eaf-document.ts'
import { insertInOrder } from './eaf-elements.ts'
import { DATE_TIME, HEADER_ORDER, ROOT_ORDER } from './eaf-schema.ts'
import { REFERENCE_REPAIRS } from './eaf-repair-references.ts'

export interface RepairReport {
  repaired: EafDefect[]
  /** What cannot be repaired without deciding for the user: overlaps, unknown elements and the like. */
  left: EafDefect[]
}

export type Repair = (document: EafDocument, element: XmlElement) => void

/** Mends what can be mended without losing anything but what is said so in the defect. */
export function repairEaf(document: EafDocument): RepairReport {
  const repaired: EafDefect[] = []
  // A repair may bring up another defect (a child of what was left out), so a few rounds.
  for (let round = 0; round < 6; round++) {
    const mendable = eafDefects(document).filter(({ code, element }) => element && REPAIRS[code])
    const found = mendable.filter(defect => !repaired.some(same => isSame(same, defect)))
    if (!found.length) break
    for (const defect of found) REPAIRS[defect.code]!(document, defect.element!)
    repaired.push(...found)
    refreshView(document)
  }
  const left = eafDefects(document)
  return { repaired: repaired.filter(defect => !left.some(same => isSame(same, defect))), left }
}

function isSame(one: EafDefect, other: EafDefect): boolean {
  return one.element === other.element && one.code === other.code && one.message === other.message
}

const REPAIRS: Record<string, Repair> = {
  'byte-order-mark': document => {
    document.xml.encoding = { name: 'utf-8', hasByteOrderMark: false }
  },
  'bad-date': (_, root) => setAttribute(root, 'DATE', dateTimeOf(root.attributes['DATE'] ?? '')),
  'missing-header': (_, root) =>
    insertInOrder(root, newElement('HEADER', { MEDIA_FILE: '', TIME_UNITS: 'milliseconds' })),
  'missing-time-order': (_, root) => insertInOrder(root, newElement('TIME_ORDER')),
  'unbound-prefix': (_, root) => setAttribute(root, 'xmlns:xsi', 'http://www.w3.org/2001/XMLSchema-instance'),
  'element-order': (_, element) => sortChildren(element.parent),
  'missing-attribute': (_, element) => addRequired(element),
  'missing-value': (_, element) => insertChild(element, newElement('ANNOTATION_VALUE')),
  'empty-annotation': (_, element) => separate(element),
  'bad-time': (_, element) => {
    const rounded = Math.round(Number(element.attributes['TIME_VALUE']))
    setAttribute(element, 'TIME_VALUE', Number.isSafeInteger(rounded) ? String(rounded) : null)
  },
  'negative-time': (_, element) => setAttribute(element, 'TIME_VALUE', '0'),
  'unordered-slots': (document, element) => sortSlots(document, element),
  'end-before-begin': (_, element) => {
    const [first = '', second = ''] = [
      element.attributes['TIME_SLOT_REF1'],
      element.attributes['TIME_SLOT_REF2'],
    ]
    setAttribute(element, 'TIME_SLOT_REF1', second)
    setAttribute(element, 'TIME_SLOT_REF2', first)
  },
  ...REFERENCE_REPAIRS,
}

function dateTimeOf(text: string): string {
  const read = new Date(/^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()}T00:00:00Z` : text)
  const date = Number.isNaN(read.getTime()) ? new Date(0) : read
  const written = date.toISOString().replace('.000Z', 'Z')
  return DATE_TIME.test(written) ? written : '1970-01-01T00:00:00Z'
}

function sortChildren(parent: XmlElement | null): void {
  if (!parent) return
  const names: readonly string[] = parent.name === 'HEADER' ? HEADER_ORDER : ROOT_ORDER
  const place = ({ name }: XmlElement) => (names.includes(name) ? names.indexOf(name) : names.length)
  setChildren(
    parent,
    parent.children.toSorted((a, b) => place(a) - place(b)),
  )
}

const REQUIRED: Record<string, Record<string, string>> = {
  ANNOTATION_DOCUMENT: { AUTHOR: '', VERSION: '3.0' },
  MEDIA_DESCRIPTOR: { MEDIA_URL: '', MIME_TYPE: 'unknown' },
  LINKED_FILE_DESCRIPTOR: { LINK_URL: '', MIME_TYPE: 'unknown' },
  DESCRIPTION: { LANG_REF: 'und' },
  CVE_VALUE: { LANG_REF: 'und' },
}

function addRequired(element: XmlElement): void {
  for (const [name, value] of Object.entries(REQUIRED[element.name] ?? {}))
    if (element.attributes[name] === undefined) setAttribute(element, name, value)
}

function separate(wrapper: XmlElement): void {
  const { parent, children } = wrapper
  if (!parent) return
  if (!children.length) {
    if (!wrapper.text.trim()) removeElement(wrapper)
    return
  }
  let index = parent.children.indexOf(wrapper) + 1
  for (const child of children.slice(1)) {
    if (child.name !== 'ALIGNABLE_ANNOTATION' && child.name !== 'REF_ANNOTATION') continue
    removeElement(child)
    const own = newElement('ANNOTATION')
    insertChild(own, child)
    insertChild(parent, own, index++)
  }
}

function sortSlots({ slots }: EafDocument, element: XmlElement): void {
  if (!element.parent) return
  let latest = -Infinity
  const keyed = slots.map(slot => {
    latest = slot.timeMs ?? latest
    return { element: slot.element, key: latest }
  })
  const own = keyed.filter(slot => slot.element.parent === element.parent)
  const others = element.parent.children.filter(({ name }) => name !== 'TIME_SLOT')
  setChildren(element.parent, [
    ...own.sort((a, b) => a.key - b.key || 0).map(slot => slot.element),
    ...others,
  ])
}
