import type { XmlElement } from '../xml/xml-element.ts'
import type { Report } from './eaf-defects.ts'
import type { EafDocument } from './eaf-document.ts'
import { DATE_TIME, ELEMENTS, HEADER_ORDER, NC_NAME, ROOT_ORDER } from './eaf-schema.ts'

/** What the schema forbids: elements, attributes, their order and their form. */
export function structureDefects(document: EafDocument, report: Report): void {
  const { root } = document.xml
  if (!DATE_TIME.test(root.attributes['DATE'] ?? ''))
    report(
      'bad-date',
      root,
      `DATE is "${root.attributes['DATE'] ?? ''}", not a date with a time.`,
      'Write the date in the form 2024-05-31T12:00:00Z, or 1970-01-01T00:00:00Z where it cannot be read.',
    )
  for (const name of ['HEADER', 'TIME_ORDER']) {
    if (!root.children.some(child => child.name === name))
      report(
        `missing-${name.toLowerCase().replace('_', '-')}`,
        root,
        `The document has no ${name}.`,
        `Add an empty ${name}.`,
      )
  }
  unboundPrefixes(root, report)
  order(root, ROOT_ORDER, report)
  for (const child of root.children) if (child.name === 'HEADER') order(child, HEADER_ORDER, report)
  checkElement(root, report)
  ids(document, report)
}

function unboundPrefixes(root: XmlElement, report: Report): void {
  const isUsed = Object.keys(root.attributes).some(name => name.startsWith('xsi:'))
  if (isUsed && root.attributes['xmlns:xsi'] === undefined)
    report('unbound-prefix', root, 'The prefix xsi is used but not declared.', 'Declare xmlns:xsi.')
}

function order(parent: XmlElement, names: readonly string[], report: Report): void {
  let last = 0
  for (const child of parent.children) {
    const place = names.indexOf(child.name)
    if (place < 0) continue
    if (place < last)
      report(
        'element-order',
        child,
        `${child.name} stands behind ${names[last]}, where the schema wants it before.`,
        'Move it to its place; nothing else changes.',
      )
    last = Math.max(last, place)
  }
}

/** Nesting is limited by the reader, so recursion is safe. */
function checkElement(element: XmlElement, report: Report): void {
  const rule = ELEMENTS[element.name]
  if (!rule) return
  for (const name of Object.keys(element.attributes)) {
    const isKnown =
      name.includes(':') ||
      name === 'xmlns' ||
      rule.attributes.includes(name) ||
      rule.attributes.includes(`${name}!`)
    if (!isKnown)
      report(
        'unknown-attribute',
        element,
        `${element.name} has an attribute ${name} that EAF does not know.`,
        'It is kept as it is.',
      )
  }
  for (const attribute of rule.attributes) {
    const name = attribute.slice(0, -1)
    if (attribute.endsWith('!') && name !== 'DATE' && element.attributes[name] === undefined)
      report('missing-attribute', element, `${element.name} has no ${name}.`, `Write ${name}="".`)
  }
  for (const child of element.children) {
    if (!rule.children.includes(child.name))
      report(
        'unknown-element',
        child,
        `${child.name} has no place in ${element.name}.`,
        'It is kept as it is.',
      )
    checkElement(child, report)
  }
  if (rule.children.length && /\S/.test(element.text))
    report('stray-text', element, `${element.name} has text between its elements.`, 'It is kept as it is.')
  if (element.name === 'ANNOTATION' && element.children.length !== 1)
    report(
      'empty-annotation',
      element,
      `An ANNOTATION holds ${element.children.length} annotations, not one.`,
      'Remove an empty one; put each of several into an ANNOTATION of its own.',
    )
  if (element.name.endsWith('_ANNOTATION') && element.children.length === 0)
    report(
      'missing-value',
      element,
      `The annotation ${element.attributes['ANNOTATION_ID'] ?? ''} has no ANNOTATION_VALUE.`,
      'Add an empty value.',
    )
}

function ids({ xml, slots, annotationsById, tiers }: EafDocument, report: Report): void {
  duplicates(
    slots.map(({ id, element }) => ({ id, element })),
    'duplicate-slot-id',
    'time slot',
    report,
  )
  duplicates(
    tiers.map(({ name, element }) => ({ id: name, element })),
    'duplicate-tier',
    'tier',
    report,
  )
  for (const [id, same] of annotationsById)
    for (const { element } of same.slice(1))
      report(
        'duplicate-annotation-id',
        element,
        `The annotation id "${id}" is used ${same.length} times.`,
        'Give this one a new id; references to it are resolved by the parent tier.',
      )
  const types = xml.root.children.filter(({ name }) => name === 'LINGUISTIC_TYPE')
  duplicates(
    types.map(element => ({ id: element.attributes['LINGUISTIC_TYPE_ID'] ?? '', element })),
    'duplicate-type',
    'tier type',
    report,
  )
  for (const same of annotationsById.values()) {
    const { id, element } = same[0]!
    if (!NC_NAME.test(id))
      report(
        'bad-id',
        element,
        `"${id}" cannot be an annotation id.`,
        'Give it a new id, here and where it is referred to.',
      )
  }
  for (const { id, element } of slots)
    if (!NC_NAME.test(id))
      report(
        'bad-id',
        element,
        `"${id}" cannot be a time slot id.`,
        'Give it a new id, here and where it is referred to.',
      )
}

function duplicates(
  named: { id: string; element: XmlElement }[],
  code: string,
  noun: string,
  report: Report,
): void {
  const seen = new Set<string>()
  for (const { id, element } of named) {
    if (seen.has(id))
      report(
        code,
        element,
        `There are two ${noun}s "${id}".`,
        'Give the second one another name; the first is the one referred to.',
      )
    seen.add(id)
  }
}
