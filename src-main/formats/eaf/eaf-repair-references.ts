import { insertChild, removeElement, setAttribute } from '../xml/xml-edit.ts'
import { newElement, type XmlElement } from '../xml/xml-element.ts'
import { type EafDocument, referredAnnotation } from './eaf-document.ts'
import { freshAnnotationId, freshSlotId } from './eaf-ids.ts'
import type { Repair } from './eaf-repair.ts'

/** The first of `missing-…` in the document order of the schema. */
function appendBehind(root: XmlElement, element: XmlElement, name: string): void {
  const last = root.children.findLastIndex(child => child.name === name)
  insertChild(root, element, last < 0 ? root.children.length : last + 1)
}

function asTopLevel(document: EafDocument, element: XmlElement): void {
  setAttribute(element, 'PARENT_REF', null)
  const { root } = document.xml
  const plain = root.children.find(
    ({ name, attributes }) => name === 'LINGUISTIC_TYPE' && !attributes['CONSTRAINTS'],
  )
  if (plain) return setAttribute(element, 'LINGUISTIC_TYPE_REF', plain.attributes['LINGUISTIC_TYPE_ID'] ?? '')
  appendBehind(root, newElement('LINGUISTIC_TYPE', typeAttributes('default-lt')), 'TIER')
  setAttribute(element, 'LINGUISTIC_TYPE_REF', 'default-lt')
}

function typeAttributes(name: string): Record<string, string> {
  return { GRAPHIC_REFERENCES: 'false', LINGUISTIC_TYPE_ID: name, TIME_ALIGNABLE: 'true' }
}

function addMissingSlots(document: EafDocument, element: XmlElement): void {
  const [first = '', second = ''] = [
    element.attributes['TIME_SLOT_REF1'],
    element.attributes['TIME_SLOT_REF2'],
  ]
  const order = document.xml.root.children.find(({ name }) => name === 'TIME_ORDER')
  if (!order) return
  for (const [id, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (document.slotById.has(id)) continue
    const timeMs = document.slotById.get(other)?.timeMs ?? 0
    const slot = newElement('TIME_SLOT', { TIME_SLOT_ID: id, TIME_VALUE: String(timeMs) })
    const known = document.slotById.get(other)
    const at = known
      ? order.children.indexOf(known.element) + (other === first ? 1 : 0)
      : order.children.length
    insertChild(order, slot, at)
    document.slotById.set(id, { element: slot, id, timeMs })
  }
}

function leaveOut(_: EafDocument, element: XmlElement): void {
  removeElement(element.parent?.name === 'ANNOTATION' ? element.parent : element)
}

/** Everything that referred to the old id of a slot, or of an annotation, then refers to the new one. */
function renameId(document: EafDocument, element: XmlElement): void {
  if (element.name === 'TIME_SLOT') {
    const [old, id] = [element.attributes['TIME_SLOT_ID'] ?? '', freshSlotId(document)]
    setAttribute(element, 'TIME_SLOT_ID', id)
    redirect(document, ['TIME_SLOT_REF1', 'TIME_SLOT_REF2'], old, id)
    return
  }
  const [old, id] = [element.attributes['ANNOTATION_ID'] ?? '', freshAnnotationId(document)]
  setAttribute(element, 'ANNOTATION_ID', id)
  redirect(document, ['ANNOTATION_REF', 'PREVIOUS_ANNOTATION'], old, id)
}

function redirect(document: EafDocument, names: string[], from: string, to: string): void {
  for (const { annotations } of document.tiers)
    for (const { element } of annotations)
      for (const name of names) if (element.attributes[name] === from) setAttribute(element, name, to)
}

/** The second of two equal ids gets a new one; children on tiers below its own follow it, the others stay. */
function renameDuplicate(document: EafDocument, element: XmlElement): void {
  const old = element.attributes['ANNOTATION_ID'] ?? ''
  const tier = element.parent?.parent
  const id = freshAnnotationId(document)
  const first = document.annotationsById.get(old)?.[0]
  setAttribute(element, 'ANNOTATION_ID', id)
  if (!tier || first?.tier.element === tier) return
  for (const other of document.tiers)
    if (other.element.attributes['PARENT_REF'] === tier.attributes['TIER_ID'])
      for (const child of other.annotations)
        if (child.element.attributes['ANNOTATION_REF'] === old)
          setAttribute(child.element, 'ANNOTATION_REF', id)
}

function renameSecond(attribute: string): Repair {
  return (document, element) => {
    const taken = new Set(document.xml.root.children.map(({ attributes }) => attributes[attribute]))
    const name = element.attributes[attribute] ?? ''
    let n = 2
    while (taken.has(`${name}-${n}`)) n += 1
    setAttribute(element, attribute, `${name}-${n}`)
  }
}

function addLanguage(document: EafDocument, element: XmlElement): void {
  const { root } = document.xml
  const id = element.attributes['LANG_REF'] ?? 'und'
  if (root.children.some(({ name, attributes }) => name === 'LANGUAGE' && attributes['LANG_ID'] === id))
    return
  const anchor = root.children.findLastIndex(({ name }) =>
    ['LANGUAGE', 'LOCALE', 'LINGUISTIC_TYPE', 'TIER'].includes(name),
  )
  insertChild(root, newElement('LANGUAGE', { LANG_DEF: '', LANG_ID: id, LANG_LABEL: id }), anchor + 1)
}

/** Where all references of a tier go to one other tier, that one is the parent that was forgotten. */
function findParent(document: EafDocument, element: XmlElement): void {
  const tier = document.tiers.find(other => other.element === element)
  const owners = new Set(
    tier?.annotations.map(annotation => referredAnnotation(document, annotation, undefined)?.tier),
  )
  const [owner] = owners
  if (owners.size === 1 && owner && owner !== tier) setAttribute(element, 'PARENT_REF', owner.name)
  else asTopLevel(document, element)
}

export const REFERENCE_REPAIRS: Record<string, Repair> = {
  'missing-parent-tier': findParent,
  'circular-tiers': asTopLevel,
  'missing-type': ({ xml: { root } }, element) => {
    const name = element.attributes['LINGUISTIC_TYPE_REF'] ?? ''
    const isThere = root.children.some(
      ({ name: tag, attributes }) => tag === 'LINGUISTIC_TYPE' && attributes['LINGUISTIC_TYPE_ID'] === name,
    )
    if (!isThere) appendBehind(root, newElement('LINGUISTIC_TYPE', typeAttributes(name)), 'TIER')
  },
  'missing-slot': addMissingSlots,
  'missing-annotation': leaveOut,
  'circular-annotations': leaveOut,
  'missing-previous': (_, element) => setAttribute(element, 'PREVIOUS_ANNOTATION', null),
  'circular-previous': (_, element) => setAttribute(element, 'PREVIOUS_ANNOTATION', null),
  'bad-id': renameId,
  'duplicate-annotation-id': renameDuplicate,
  'duplicate-tier': renameSecond('TIER_ID'),
  'duplicate-type': renameSecond('LINGUISTIC_TYPE_ID'),
  'missing-language': addLanguage,
}
