import { childOf, childrenOf, setText } from '../xml/xml-edit.ts'
import type { EafDocument } from './eaf-document.ts'

interface Counters {
  annotation: number
  slot: number
}

/** The highest numbers given so far: counting them anew for each id would take minutes on large files. */
const counters = new WeakMap<EafDocument, Counters>()

function countersOf(document: EafDocument): Counters {
  let known = counters.get(document)
  if (!known) {
    const annotation = highest(
      [...document.annotationsById.keys(), lastUsed(document)?.text ?? ''],
      /^a?(\d{1,12})$/,
    )
    known = { annotation, slot: highest(document.slotById.keys(), /^ts(\d{1,12})$/) }
    counters.set(document, known)
  }
  return known
}

function highest(ids: Iterable<string>, pattern: RegExp): number {
  let most = 0
  for (const id of ids) most = Math.max(most, Number(pattern.exec(id)?.[1] ?? 0))
  return most
}

function lastUsed({ xml }: EafDocument) {
  const header = childOf(xml.root, 'HEADER')
  return (
    header &&
    childrenOf(header, 'PROPERTY').find(({ attributes }) => attributes['NAME'] === 'lastUsedAnnotationId')
  )
}

/** An id that no annotation had before; ELAN's counter in the header follows. */
export function freshAnnotationId(document: EafDocument): string {
  const counted = countersOf(document)
  do counted.annotation += 1
  while (document.annotationsById.has(`a${counted.annotation}`))
  const property = lastUsed(document)
  if (property && /^\d+$/.test(property.text)) setText(property, String(counted.annotation))
  return `a${counted.annotation}`
}

export function freshSlotId(document: EafDocument): string {
  const counted = countersOf(document)
  do counted.slot += 1
  while (document.slotById.has(`ts${counted.slot}`))
  return `ts${counted.slot}`
}
