import type { AnnotationDocument, AnnotationTier, DocumentAnnotation } from '../annotation-document.ts'

type Forget = (document: AnnotationDocument) => AnnotationDocument

const eachTier =
  (change: (tier: AnnotationTier) => Partial<AnnotationTier>): Forget =>
  document => ({
    ...document,
    tiers: document.tiers.map(tier => ({ ...tier, ...change(tier) })),
  })

const eachAnnotation = (change: (annotation: DocumentAnnotation) => Partial<DocumentAnnotation>): Forget =>
  eachTier(({ annotations }) => ({ annotations: annotations.map(one => ({ ...one, ...change(one) })) }))

const all =
  (...steps: Forget[]): Forget =>
  document =>
    steps.reduce((done, step) => step(done), document)

/** Letters that every format can hold, in values and names alike. */
const plain = (text: string) => text.replace(/[^!-~]/g, '')

const withoutStructure = all(
  eachTier(() => ({ parent: null, stereotype: 'none', typeName: '' })),
  eachAnnotation(() => ({ parentId: null, isAligned: true })),
)

const flat: Forget = document => {
  const annotations = document.tiers.flatMap(tier => tier.annotations)
  const [tier] = document.tiers
  return {
    ...document,
    tiers: tier && annotations.length ? [{ ...tier, name: '', kind: 'interval', annotations }] : [],
  }
}

const swap = ({ startMs, endMs }: DocumentAnnotation) => ({
  startMs: Math.min(startMs, endMs),
  endMs: Math.max(startMs, endMs),
})

const plainTexts: Forget = all(
  document => ({ ...document, properties: [] }),
  eachTier(({ name, parent }) => ({ name: plain(name), parent: parent === null ? null : plain(parent) })),
  eachAnnotation(({ value, speaker, id }) => ({
    value: plain(value),
    speaker: plain(speaker),
    id: plain(id),
  })),
)

/** What a reported loss allows to be different, taken away from a document. */
const FORGET: Record<string, Forget> = {
  author: document => ({ ...document, author: '' }),
  date: document => ({ ...document, date: '' }),
  'bad-date': document => ({ ...document, date: '' }),
  media: document => ({ ...document, media: [] }),
  'linked-files': document => ({ ...document, linkedFiles: [] }),
  properties: document => ({ ...document, properties: [] }),
  licenses: document => ({ ...document, licenses: [] }),
  languages: document => ({ ...document, languages: [] }),
  'unused-types': document => ({ ...document, unusedTypes: [] }),
  vocabularies: document => ({ ...document, vocabularies: [] }),
  'external-refs': document => ({ ...document, externalRefs: [] }),
  'tier-names': all(withoutStructure, flat),
  'tier-voices': all(
    withoutStructure,
    flat,
    eachAnnotation(() => ({ speaker: '' })),
  ),
  'tiers-joined': all(withoutStructure, flat),
  'empty-tiers': document => ({
    ...document,
    tiers: document.tiers.filter(({ annotations }) => annotations.length),
  }),
  parents: eachTier(() => ({ parent: null })),
  'parent-links': eachAnnotation(() => ({ parentId: null })),
  stereotypes: eachTier(() => ({ stereotype: 'none' })),
  types: eachTier(() => ({ typeName: '' })),
  'type-renamed': eachTier(() => ({ typeName: '' })),
  participants: eachTier(() => ({ participant: '' })),
  'participants-made': eachTier(() => ({ participant: '' })),
  'languages-made': eachTier(() => ({ language: '' })),
  annotators: eachTier(() => ({ annotator: '' })),
  'tier-languages': eachTier(() => ({ language: '' })),
  'tier-vocabularies': eachTier(() => ({ vocabulary: '' })),
  'point-tiers': eachTier(() => ({ kind: 'interval' })),
  ids: eachAnnotation(() => ({ id: '', parentId: null })),
  'id-renamed': eachAnnotation(() => ({ id: '', parentId: null })),
  speakers: eachAnnotation(() => ({ speaker: '' })),
  'speaker-changed': eachAnnotation(({ speaker }) => ({ speaker: plain(speaker) })),
  unaligned: eachAnnotation(() => ({ isAligned: true })),
  'entry-links': eachAnnotation(() => ({ entryId: '' })),
  'annotation-refs': eachAnnotation(() => ({ externalRef: '' })),
  'tier-renamed': eachTier(() => ({ name: '', parent: null })),
  'stereotype-changed': withoutStructure,
  'symbolic-times': eachAnnotation(() => ({ startMs: 0, endMs: 0, isAligned: true })),
  'negative-times': eachAnnotation(({ startMs, endMs }) => ({
    startMs: Math.max(0, startMs),
    endMs: Math.max(0, endMs),
  })),
  characters: plainTexts,
  'blank-lines': plainTexts,
  'line-ends': plainTexts,
  'white-space': plainTexts,
  terminators: eachAnnotation(({ value }) => ({ value: value.replace(/[\s.]*$/, '') })),
  'timing-like': eachAnnotation(() => ({ value: '' })),
  'markup-like': eachAnnotation(() => ({ value: '' })),
  overlaps: all(withoutStructure, flat),
  'no-length': all(withoutStructure, flat),
  'end-before-begin': eachAnnotation(swap),
  'empty-values': eachTier(({ annotations }) => ({
    annotations: annotations.filter(({ value }) => value !== ''),
  })),
  'rounded-times': document => document,
  'empty-intervals': document => document,
  'tier-order': document => document,
}

/** Takes from a document everything that these losses have told, and puts the rest into one order. */
export function forget(document: AnnotationDocument, codes: string[]): AnnotationDocument {
  const order = Object.keys(FORGET)
  const sorted = codes.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
  const unknown = codes.find(code => !FORGET[code])
  if (unknown) throw new Error(`the test knows no loss ${unknown}`)
  const left = sorted.reduce((done, code) => FORGET[code]!(done), document)
  const key = (annotation: DocumentAnnotation) => JSON.stringify(Object.entries(annotation).sort())
  const ordered = eachTier(({ annotations }) => ({
    annotations: annotations.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
  }))({ ...left, extras: [] })
  if (!codes.includes('tier-order')) return ordered
  const tierKey = (tier: AnnotationTier) => JSON.stringify(Object.entries(tier).sort())
  return { ...ordered, tiers: ordered.tiers.toSorted((a, b) => (tierKey(a) < tierKey(b) ? -1 : 1)) }
}
