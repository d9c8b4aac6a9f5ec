import type { XmlElement } from '../xml/xml-element.ts'
import type { Report } from './eaf-defects.ts'
import {
  type EafAnnotation,
  type EafDocument,
  isAlignable,
  parentTierOf,
  stereotypeOf,
  tierNamed,
  typeOf,
} from './eaf-document.ts'

/** References to what is not there, and circles of them. */
export function referenceDefects(document: EafDocument, report: Report): void {
  for (const tier of document.tiers) {
    const { element } = tier
    const parent = element.attributes['PARENT_REF']
    const stereotype = stereotypeOf(document, tier)
    if (parent !== undefined && !tierNamed(document, parent))
      report(
        'missing-parent-tier',
        element,
        `The tier "${tier.name}" names a parent "${parent}" that does not exist.`,
        'Name the tier that its annotations refer to; without one, make it a tier of its own.',
      )
    if (!typeOf(document, tier))
      report(
        'missing-type',
        element,
        `The tier "${tier.name}" has the type "${element.attributes['LINGUISTIC_TYPE_REF'] ?? ''}", which does not exist.`,
        'Add a type of that name.',
      )
    if (parent === undefined && stereotype !== 'none')
      report(
        'missing-parent-tier',
        element,
        `The type of the tier "${tier.name}" asks for a parent tier, and it has none.`,
        'Name the tier that its annotations refer to; without one, give it a type without constraint.',
      )
    const expects = stereotype.startsWith('symbolic') ? 'REF_ANNOTATION' : 'ALIGNABLE_ANNOTATION'
    const wrong = tier.annotations.filter(annotation => annotation.element.name !== expects)
    if (wrong[0] && typeOf(document, tier))
      report(
        'wrong-kind',
        wrong[0].element,
        `${wrong.length} annotations of the tier "${tier.name}" are no ${expects}, as its type wants.`,
        'They are kept and shown with the times they have.',
      )
    for (const annotation of tier.annotations) annotationReferences(document, annotation, report)
    circularPrevious(tier.annotations, report)
  }
  circularTiers(document, report)
  circularAnnotations(document, report)
  for (const { name, attribute, target, noun } of LINKS)
    missingLinks(document.xml.root, name, attribute, target, noun, report)
}

function annotationReferences(document: EafDocument, annotation: EafAnnotation, report: Report): void {
  const { element, id, tier } = annotation
  if (isAlignable(annotation)) {
    for (const name of ['TIME_SLOT_REF1', 'TIME_SLOT_REF2']) {
      const slot = element.attributes[name]
      if (slot !== undefined && !document.slotById.has(slot))
        report(
          'missing-slot',
          element,
          `The annotation ${id} refers to the time slot "${slot}", which does not exist.`,
          'Add the slot; it gets the time of the other end.',
        )
    }
    return
  }
  const parent = element.attributes['ANNOTATION_REF'] ?? ''
  const found = document.annotationsById.get(parent)
  if (!found)
    report(
      'missing-annotation',
      element,
      `The annotation ${id} refers to the annotation "${parent}", which does not exist.`,
      'It is kept, shown at 0; a repaired copy leaves it out and says so.',
    )
  else if (!found.some(candidate => candidate.tier === parentTierOf(document, tier)))
    report(
      'wrong-tier',
      element,
      `The annotation ${id} refers to "${parent}", which is not on the parent tier of "${tier.name}".`,
      'It is kept.',
    )
  const previous = element.attributes['PREVIOUS_ANNOTATION']
  if (
    previous !== undefined &&
    !document.annotationsById.get(previous)?.some(candidate => candidate.tier === tier)
  )
    report(
      'missing-previous',
      element,
      `The annotation ${id} follows "${previous}", which is not on its tier.`,
      'Forget what it follows; the order of the file decides.',
    )
}

/** Reports every start from which following `next` comes back to it, once a circle. */
function circles<T>(all: Iterable<T>, next: (at: T) => T | undefined, found: (start: T) => void): void {
  const done = new Set<T>()
  for (const start of all) {
    if (done.has(start) || next(start) === undefined) continue
    const line = new Set<T>()
    let at: T | undefined = start
    for (; at !== undefined && !done.has(at) && !line.has(at); at = next(at)) line.add(at)
    if (at !== undefined && line.has(at)) found(at)
    for (const one of line) done.add(one)
  }
}

function circularTiers(document: EafDocument, report: Report): void {
  circles(
    document.tiers,
    tier => parentTierOf(document, tier),
    ({ element, name }) =>
      report(
        'circular-tiers',
        element,
        `The tier "${name}" is, through its parents, its own parent.`,
        'Make it a tier of its own.',
      ),
  )
}

function circularPrevious(annotations: EafAnnotation[], report: Report): void {
  const following = annotations.filter(
    ({ element }) => element.attributes['PREVIOUS_ANNOTATION'] !== undefined,
  )
  const byId = new Map(following.map(annotation => [annotation.id, annotation]))
  circles(
    following,
    ({ element }) => byId.get(element.attributes['PREVIOUS_ANNOTATION'] ?? ''),
    ({ element, id }) =>
      report(
        'circular-previous',
        element,
        `The annotation ${id} follows itself in a circle.`,
        'Forget what it follows; the order of the file decides.',
      ),
  )
}

function circularAnnotations(document: EafDocument, report: Report): void {
  const all = document.tiers.flatMap(tier => tier.annotations)
  const parent = ({ element }: EafAnnotation) =>
    document.annotationsById.get(element.attributes['ANNOTATION_REF'] ?? '')?.[0]
  circles(all, parent, ({ element, id }) =>
    report(
      'circular-annotations',
      element,
      `The annotation ${id} refers to itself in a circle.`,
      'It is kept, shown at 0; a repaired copy leaves it out and says so.',
    ),
  )
}

interface Link {
  name: string
  attribute: string
  target: readonly [element: string, id: string]
  noun: string
}

const LANGUAGE = ['LANGUAGE', 'LANG_ID'] as const
const EXTERNAL = ['EXTERNAL_REF', 'EXT_REF_ID'] as const

const LINKS: Link[] = [
  {
    name: 'LINGUISTIC_TYPE',
    attribute: 'CONTROLLED_VOCABULARY_REF',
    target: ['CONTROLLED_VOCABULARY', 'CV_ID'],
    noun: 'vocabulary',
  },
  {
    name: 'LINGUISTIC_TYPE',
    attribute: 'LEXICON_REF',
    target: ['LEXICON_REF', 'LEX_REF_ID'],
    noun: 'lexicon',
  },
  { name: 'LINGUISTIC_TYPE', attribute: 'EXT_REF', target: EXTERNAL, noun: 'external reference' },
  { name: 'CONTROLLED_VOCABULARY', attribute: 'EXT_REF', target: EXTERNAL, noun: 'external reference' },
  { name: 'TIER', attribute: 'LANG_REF', target: LANGUAGE, noun: 'language' },
  { name: 'TIER', attribute: 'DEFAULT_LOCALE', target: ['LOCALE', 'LANGUAGE_CODE'], noun: 'locale' },
  { name: 'CVE_VALUE', attribute: 'LANG_REF', target: LANGUAGE, noun: 'language' },
  { name: 'DESCRIPTION', attribute: 'LANG_REF', target: LANGUAGE, noun: 'language' },
]

function missingLinks(
  root: XmlElement,
  name: string,
  attribute: string,
  target: Link['target'],
  noun: string,
  report: Report,
): void {
  const known = new Set(
    root.children.filter(child => child.name === target[0]).map(child => child.attributes[target[1]]),
  )
  const missing = new Map<string, XmlElement[]>()
  const visit = (element: XmlElement, depth: number) => {
    const reference = element.name === name ? element.attributes[attribute] : undefined
    if (reference !== undefined && !known.has(reference))
      missing.set(reference, [...(missing.get(reference)?.slice(0, 0) ?? []), element])
    if (depth < 4 && element.name !== 'TIER' && element.name !== 'TIME_ORDER')
      for (const child of element.children) visit(child, depth + 1)
  }
  visit(root, 0)
  for (const [reference, [element]] of missing)
    report(
      `missing-${target[0].toLowerCase().replaceAll('_', '-')}`,
      element ?? null,
      `A ${name} refers to the ${noun} "${reference}", which does not exist.`,
      `Add the ${noun}.`,
    )
}
