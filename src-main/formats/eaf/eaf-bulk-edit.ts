import { childrenOf, removeElement, setAttribute } from '../xml/xml-edit.ts'
import { newElement } from '../xml/xml-element.ts'
import { type EafAnnotation, type EafDocument, type EafTier } from './eaf-document.ts'
import { addSlot, append, moveSlot, removeUnusedSlots } from './eaf-edit.ts'
import { insertInOrder } from './eaf-elements.ts'
import { freshAnnotationId } from './eaf-ids.ts'

// Edits by the annotations themselves: ids are not unique in every real file.

/** Removes exactly these; chains close over them, and slots that nobody uses any more go. */
export function removeAnnotations(document: EafDocument, gone: ReadonlySet<EafAnnotation>): void {
  if (gone.size === 0) return
  const slots = new Set<string>()
  for (const tier of document.tiers) {
    if (!tier.annotations.some(annotation => gone.has(annotation))) continue
    closeChains(tier, gone)
    for (const annotation of tier.annotations.filter(one => gone.has(one))) {
      const { TIME_SLOT_REF1, TIME_SLOT_REF2 } = annotation.element.attributes
      for (const slot of [TIME_SLOT_REF1, TIME_SLOT_REF2]) if (slot !== undefined) slots.add(slot)
      const same = document.annotationsById.get(annotation.id)?.filter(other => other !== annotation) ?? []
      if (same.length > 0) document.annotationsById.set(annotation.id, same)
      else document.annotationsById.delete(annotation.id)
      const wrapper = annotation.element.parent
      removeElement(wrapper && wrapper.children.length === 1 ? wrapper : annotation.element)
    }
    tier.annotations = tier.annotations.filter(one => !gone.has(one))
  }
  removeUnusedSlots(document, slots)
}

function closeChains(tier: EafTier, gone: ReadonlySet<EafAnnotation>): void {
  const previousOf = new Map<string, string | undefined>()
  for (const { id, element } of tier.annotations.filter(one => gone.has(one)))
    previousOf.set(id, element.attributes['PREVIOUS_ANNOTATION'])
  for (const annotation of tier.annotations) {
    const before = annotation.element.attributes['PREVIOUS_ANNOTATION']
    if (gone.has(annotation) || before === undefined || !previousOf.has(before)) continue
    let at: string | undefined = before
    for (let n = 0; at !== undefined && previousOf.has(at) && n <= previousOf.size; n++)
      at = previousOf.get(at)
    setAttribute(annotation.element, 'PREVIOUS_ANNOTATION', at ?? null)
  }
}

export interface WantedSpan {
  annotation: EafAnnotation
  startMs: number
  endMs: number
}

/**
 * Moves ends. Slots that several annotations share move where all of them agree; an annotation that goes its own way
 * gets slots of its own.
 *
 * @param all what every aligned annotation of the file is to have, whether it moves or not
 */
export function setSpans(
  document: EafDocument,
  moved: readonly WantedSpan[],
  all: readonly WantedSpan[],
): void {
  const wanted = new Map<string, Set<number>>()
  const want = (slot: string | undefined, timeMs: number) => {
    if (slot === undefined) return
    const times = wanted.get(slot)
    if (times) times.add(timeMs)
    else wanted.set(slot, new Set([timeMs]))
  }
  for (const { annotation, startMs, endMs } of all) {
    want(annotation.element.attributes['TIME_SLOT_REF1'], startMs)
    want(annotation.element.attributes['TIME_SLOT_REF2'], endMs)
  }
  const left = new Set<string>()
  for (const { annotation, startMs, endMs } of moved) {
    for (const [name, timeMs] of [
      ['TIME_SLOT_REF1', startMs],
      ['TIME_SLOT_REF2', endMs],
    ] as const) {
      const slotId = annotation.element.attributes[name] ?? ''
      const slot = document.slotById.get(slotId)
      if (slot?.timeMs === timeMs) continue
      if (slot && wanted.get(slotId)?.size === 1) moveSlot(document, slot, timeMs)
      else {
        setAttribute(annotation.element, name, addSlot(document, timeMs).id)
        left.add(slotId)
      }
    }
  }
  removeUnusedSlots(document, left)
}

export interface NewEafAnnotation {
  startMs: number
  endMs: number
  value: string
  cveRef: string | null
  /** Of one that takes its time from a parent. */
  parent: EafAnnotation | null
}

export function addAnnotation(document: EafDocument, tier: EafTier, added: NewEafAnnotation): EafAnnotation {
  const id = freshAnnotationId(document)
  const entry: Record<string, string> = added.cveRef ? { CVE_REF: added.cveRef } : {}
  const element = added.parent
    ? newElement('REF_ANNOTATION', { ANNOTATION_ID: id, ANNOTATION_REF: added.parent.id, ...entry })
    : newElement('ALIGNABLE_ANNOTATION', {
        ANNOTATION_ID: id,
        TIME_SLOT_REF1: addSlot(document, added.startMs).id,
        TIME_SLOT_REF2: addSlot(document, added.endMs).id,
        ...entry,
      })
  append(document, tier, element, added.value)
  return tier.annotations.at(-1) as EafAnnotation
}

/** Writes the order of a symbolic subdivision where it differs from what the file says. */
export function setChain(family: readonly EafAnnotation[]): void {
  family.forEach(({ element }, at) => {
    const before = family[at - 1]?.id ?? null
    setAttribute(element, 'PREVIOUS_ANNOTATION', before)
  })
}

/** A LANGUAGE that is referred to has to be there. */
export function ensureLanguage(document: EafDocument, language: string): void {
  const { root } = document.xml
  const isThere = childrenOf(root, 'LANGUAGE').some(({ attributes }) => attributes['LANG_ID'] === language)
  if (language !== '' && !isThere)
    insertInOrder(root, newElement('LANGUAGE', { LANG_DEF: '', LANG_ID: language, LANG_LABEL: language }))
}

export function ensureLocale(document: EafDocument, locale: string): void {
  const { root } = document.xml
  const isThere = childrenOf(root, 'LOCALE').some(({ attributes }) => attributes['LANGUAGE_CODE'] === locale)
  if (locale !== '' && !isThere) insertInOrder(root, newElement('LOCALE', { LANGUAGE_CODE: locale }))
}
