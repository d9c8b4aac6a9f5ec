import { AppError } from '#shared/contract/errors.ts'
import { childOf, insertChild, removeElement, setAttribute } from '../xml/xml-edit.ts'
import { newElement, type XmlElement } from '../xml/xml-element.ts'
import {
  type EafAnnotation,
  type EafDocument,
  type EafSlot,
  type EafTier,
  isAlignable,
  registerAnnotation,
  tierNamed,
} from './eaf-document.ts'
import { freshAnnotationId, freshSlotId } from './eaf-ids.ts'
import { insertInOrder, setValue } from './eaf-elements.ts'
import { resolveTimes } from './eaf-times.ts'

// Every edit changes only the elements that it must; all others keep the very characters of the file.

/** Adds an annotation with two time slots of its own. */
export function addAlignedAnnotation(
  document: EafDocument,
  tierName: string,
  { startMs, endMs, value }: { startMs: number; endMs: number; value: string },
): string {
  const tier = requireTier(document, tierName)
  checkTimes(startMs, endMs)
  const [first, second] = [addSlot(document, startMs), addSlot(document, endMs)]
  const id = freshAnnotationId(document)
  const attributes = { ANNOTATION_ID: id, TIME_SLOT_REF1: first.id, TIME_SLOT_REF2: second.id }
  append(document, tier, newElement('ALIGNABLE_ANNOTATION', attributes), value)
  return id
}

/** Adds an annotation that takes its time from one on the parent tier; behind `previousId`, or last, in a subdivision. */
export function addReferringAnnotation(
  document: EafDocument,
  tierName: string,
  { parentId, previousId, value }: { parentId: string; previousId?: string; value: string },
): string {
  const tier = requireTier(document, tierName)
  requireAnnotation(document, parentId)
  const follower =
    previousId &&
    tier.annotations.find(({ element }) => element.attributes['PREVIOUS_ANNOTATION'] === previousId)
  const id = freshAnnotationId(document)
  const attributes: Record<string, string> = { ANNOTATION_ID: id, ANNOTATION_REF: parentId }
  if (previousId) attributes['PREVIOUS_ANNOTATION'] = requireAnnotation(document, previousId).id
  append(document, tier, newElement('REF_ANNOTATION', attributes), value)
  if (follower) setAttribute(follower.element, 'PREVIOUS_ANNOTATION', id)
  return id
}

export function setAnnotationValue(document: EafDocument, id: string, value: string): void {
  setValue(requireAnnotation(document, id).element, value)
}

/** Moves the ends. A slot that other annotations share moves with all of them, as it does in ELAN. */
export function setAnnotationTimes(document: EafDocument, id: string, startMs: number, endMs: number): void {
  const annotation = requireAnnotation(document, id)
  if (!isAlignable(annotation))
    throw new AppError(
      'invalid-input',
      `The annotation ${id} takes its times from another one. Move that one.`,
    )
  checkTimes(startMs, endMs)
  const { TIME_SLOT_REF1: first = '', TIME_SLOT_REF2: second = '' } = annotation.element.attributes
  for (const [slotId, timeMs] of [
    [first, startMs],
    [second, endMs],
  ] as const) {
    const slot = document.slotById.get(slotId)
    if (slot) moveSlot(document, slot, timeMs)
  }
}

/** Removes an annotation with all that depend on it; the chain it stood in closes; slots without use go. */
export function removeAnnotation(document: EafDocument, id: string): string[] {
  const family = withDependants(document, requireAnnotation(document, id))
  const slots = new Set<string>()
  for (const annotation of family) {
    const { TIME_SLOT_REF1, TIME_SLOT_REF2 } = annotation.element.attributes
    for (const slot of [TIME_SLOT_REF1, TIME_SLOT_REF2]) if (slot !== undefined) slots.add(slot)
    closeChain(annotation)
    annotation.tier.annotations.splice(annotation.tier.annotations.indexOf(annotation), 1)
    const same = document.annotationsById.get(annotation.id)?.filter(other => other !== annotation) ?? []
    if (same.length) document.annotationsById.set(annotation.id, same)
    else document.annotationsById.delete(annotation.id)
    const wrapper = annotation.element.parent
    removeElement(wrapper && wrapper.children.length === 1 ? wrapper : annotation.element)
  }
  removeUnusedSlots(document, slots)
  return family.map(annotation => annotation.id)
}

/** Renames the tier and every reference to it. */
export function renameTier(document: EafDocument, from: string, to: string): void {
  const tier = requireTier(document, from)
  if (from !== to && tierNamed(document, to))
    throw new AppError('conflict', `There is already a tier "${to}". Choose another name.`)
  setAttribute(tier.element, 'TIER_ID', to)
  tier.name = to
  for (const { element } of document.tiers)
    if (element.attributes['PARENT_REF'] === from) setAttribute(element, 'PARENT_REF', to)
}

export interface TierFacts {
  typeName: string
  parent?: string
  participant?: string
  annotator?: string
  language?: string
}

export function addTier(document: EafDocument, name: string, facts: TierFacts): void {
  if (tierNamed(document, name))
    throw new AppError('conflict', `There is already a tier "${name}". Choose another name.`)
  if (facts.parent !== undefined) requireTier(document, facts.parent)
  const attributes: Record<string, string> = { LINGUISTIC_TYPE_REF: facts.typeName, TIER_ID: name }
  const optional = {
    PARENT_REF: facts.parent,
    PARTICIPANT: facts.participant,
    ANNOTATOR: facts.annotator,
    LANG_REF: facts.language,
  }
  for (const [key, value] of Object.entries(optional)) if (value) attributes[key] = value
  const element = newElement('TIER', attributes)
  insertInOrder(document.xml.root, element)
  document.tiers.push({ element, name, annotations: [] })
}

/** Removes the tier with its annotations and the tiers below it. */
export function removeTier(document: EafDocument, name: string): void {
  const tier = requireTier(document, name)
  const gone = new Set([tier])
  for (const member of gone)
    for (const other of document.tiers)
      if (other.element.attributes['PARENT_REF'] === member.name) gone.add(other)
  const slots = new Set<string>()
  for (const { element, annotations } of gone) {
    removeElement(element)
    for (const annotation of annotations) {
      document.annotationsById.delete(annotation.id)
      const { TIME_SLOT_REF1, TIME_SLOT_REF2 } = annotation.element.attributes
      for (const slot of [TIME_SLOT_REF1, TIME_SLOT_REF2]) if (slot !== undefined) slots.add(slot)
    }
  }
  document.tiers = document.tiers.filter(other => !gone.has(other))
  removeUnusedSlots(document, slots)
}

function requireTier(document: EafDocument, name: string): EafTier {
  const tier = tierNamed(document, name)
  if (!tier) throw new AppError('not-found', `There is no tier "${name}".`)
  return tier
}

function requireAnnotation(document: EafDocument, id: string): EafAnnotation {
  const annotation = document.annotationsById.get(id)?.[0]
  if (!annotation) throw new AppError('not-found', `There is no annotation "${id}".`)
  return annotation
}

function checkTimes(startMs: number, endMs: number): void {
  if (Number.isSafeInteger(startMs) && Number.isSafeInteger(endMs) && startMs >= 0 && endMs >= startMs) return
  throw new AppError('invalid-input', `An annotation cannot go from ${startMs} to ${endMs} ms.`)
}

export function append(document: EafDocument, tier: EafTier, element: XmlElement, value: string): void {
  setValue(element, value)
  const wrapper = newElement('ANNOTATION')
  insertChild(wrapper, element)
  insertChild(tier.element, wrapper)
  const annotation: EafAnnotation = { element, tier, id: element.attributes['ANNOTATION_ID'] ?? '' }
  tier.annotations.push(annotation)
  registerAnnotation(document, annotation)
}

function timeOrder(document: EafDocument): XmlElement {
  const { root } = document.xml
  const found = childOf(root, 'TIME_ORDER')
  if (found) return found
  const added = newElement('TIME_ORDER')
  insertInOrder(root, added)
  return added
}

export function addSlot(document: EafDocument, timeMs: number): EafSlot {
  const id = freshSlotId(document)
  const slot: EafSlot = {
    element: newElement('TIME_SLOT', { TIME_SLOT_ID: id, TIME_VALUE: String(timeMs) }),
    id,
    timeMs,
  }
  document.slotById.set(id, slot)
  placeSlot(document, slot)
  return slot
}

/** Behind the last slot that is not later, and behind the unaligned ones that hang on it. */
function placeSlot(document: EafDocument, slot: EafSlot): void {
  const { slots } = document
  let at = slots.findLastIndex(other => other.timeMs !== null && other.timeMs <= slot.timeMs!) + 1
  while (at < slots.length && slots[at]!.timeMs === null) at += 1
  const order = timeOrder(document)
  const next = slots[at]?.element
  const index = next ? order.children.indexOf(next) : -1
  slots.splice(at, 0, slot)
  insertChild(order, slot.element, index < 0 ? order.children.length : index)
}

export function moveSlot(document: EafDocument, slot: EafSlot, timeMs: number): void {
  if (slot.timeMs === timeMs) return
  setAttribute(slot.element, 'TIME_VALUE', String(timeMs))
  slot.timeMs = timeMs
  const at = document.slots.indexOf(slot)
  const before = document.slots.findLast((other, i) => i < at && other.timeMs !== null)?.timeMs ?? -Infinity
  const after = document.slots.find((other, i) => i > at && other.timeMs !== null)?.timeMs ?? Infinity
  if (before <= timeMs && timeMs <= after) return
  document.slots.splice(at, 1)
  removeElement(slot.element)
  placeSlot(document, slot)
}

export function removeUnusedSlots(document: EafDocument, candidates: Set<string>): void {
  for (const { annotations } of document.tiers)
    for (const { element } of annotations) {
      candidates.delete(element.attributes['TIME_SLOT_REF1'] ?? '')
      candidates.delete(element.attributes['TIME_SLOT_REF2'] ?? '')
    }
  for (const id of candidates) {
    const slot = document.slotById.get(id)
    if (!slot) continue
    removeElement(slot.element)
    document.slotById.delete(id)
    document.slots.splice(document.slots.indexOf(slot), 1)
  }
}

export function closeChain({ element, id, tier }: EafAnnotation): void {
  const previous = element.attributes['PREVIOUS_ANNOTATION'] ?? null
  for (const other of tier.annotations)
    if (other.element.attributes['PREVIOUS_ANNOTATION'] === id)
      setAttribute(other.element, 'PREVIOUS_ANNOTATION', previous)
}

/** The annotation, what refers to it, and what lies inside it on aligned tiers below. */
function withDependants(document: EafDocument, start: EafAnnotation): EafAnnotation[] {
  const spans = resolveTimes(document)
  const family = new Set([start])
  for (const member of family) {
    const span = spans.get(member)
    for (const tier of document.tiers) {
      if (tier === member.tier || tier.element.attributes['PARENT_REF'] !== member.tier.name) continue
      for (const child of tier.annotations) {
        const childSpan = spans.get(child)
        const isInside =
          span && childSpan && childSpan.startMs >= span.startMs && childSpan.endMs <= span.endMs
        const depends = isAlignable(child)
          ? isInside
          : child.element.attributes['ANNOTATION_REF'] === member.id
        if (depends) family.add(child)
      }
    }
  }
  return [...family]
}
