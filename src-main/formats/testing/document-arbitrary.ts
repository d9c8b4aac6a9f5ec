import * as fc from 'fast-check'
import { STEREOTYPES } from '#shared/contract/annotation.ts'
import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  emptyDocument,
  inTimeOrder,
} from '../annotation-document.ts'

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    'a\n\nb',
    'x\r\ny',
    '<b>bold</b>',
    'G:HELLO <X>',
    '"q""',
    'a,b\tc',
    '&amp;',
    '00:00:01,000 --> 00:00:02,000',
    '12',
    '{\\an8}up',
    ']]>',
    '\0',
    'é',
    'NOTE x',
    '<v Ann>hi',
  ),
)
const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom('', 'Gloss', 'Gloss', 'SpL eyebrows ', 'Tier (2)', 'a\nb', '"'),
)
const label = fc.constantFrom('', 'A', 'B b', 'Ü')
const time = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -500, max: 2_000_000_000 }) },
)

const annotation = fc.record({
  id: fc.oneof(
    fc.constant(''),
    fc.string({ minLength: 1, maxLength: 5 }),
    fc.nat(99).map(n => `a${n}`),
  ),
  startMs: time,
  length: fc.oneof(
    { weight: 12, arbitrary: fc.nat(800) },
    { weight: 1, arbitrary: fc.integer({ min: -50, max: -1 }) },
  ),
  value,
  parent: fc.option(fc.nat(4)),
  isAligned: fc.boolean(),
  speaker: fc.constantFrom('', '', 'Ann', 'Bo  <b', 'x\ny'),
  entryId: fc.constantFrom('', 'cve1'),
  externalRef: fc.constantFrom('', 'er1'),
})

const tier = fc.record({
  name,
  typeName: label,
  stereotype: fc.constantFrom(...STEREOTYPES),
  parent: fc.option(fc.nat(2)),
  participant: label,
  annotator: label,
  language: fc.constantFrom('', 'eng'),
  vocabulary: fc.constantFrom('', 'Glosses'),
  kind: fc.constantFrom('interval', 'interval', 'point'),
  annotations: fc.array(annotation, { maxLength: 5 }),
})

const HEAD = fc.record({
  author: label,
  date: fc.constantFrom('', '2024-05-31T12:00:00Z', 'yesterday'),
  media: fc.array(
    fc.record({
      url: label,
      relativeUrl: label,
      mimeType: label,
      timeOriginMs: fc.integer({ min: -9000, max: 9000 }),
      extractedFrom: label,
    }),
    { maxLength: 2 },
  ),
  linkedFiles: fc.array(
    fc.record({ url: label, relativeUrl: label, mimeType: label, associatedWith: label }),
    { maxLength: 1 },
  ),
  properties: fc.array(fc.record({ name: label, value }), { maxLength: 2 }),
  licenses: fc.array(fc.record({ text: label, url: label }), { maxLength: 1 }),
})

const VOCABULARY = {
  name: 'Glosses',
  externalRef: '',
  descriptions: [{ language: 'eng', text: 'all "of" <them>' }],
  entries: [
    { id: 'cve1', externalRef: 'er1', values: [{ language: 'eng', value: 'HAND', description: '' }] },
  ],
}

/** Documents that nobody would write, but somebody could: bad names, ids, links, times and texts are all in. */
export const documents: fc.Arbitrary<AnnotationDocument> = fc
  .tuple(HEAD, fc.array(tier, { maxLength: 4 }), fc.boolean())
  .map(([head, tiers, hasLists]) => ({
    ...emptyDocument(),
    ...head,
    languages: hasLists ? [{ id: 'eng', definition: '', label: 'English' }] : [],
    vocabularies: hasLists ? [VOCABULARY] : [],
    externalRefs: hasLists ? [{ id: 'er1', type: 'iso12620', value: 'http://x' }] : [],
    tiers: linked(tiers, hasLists),
  }))

type RawTier = typeof tier extends fc.Arbitrary<infer T> ? T : never

function linked(raw: RawTier[], hasLists: boolean): AnnotationTier[] {
  const made: AnnotationTier[] = []
  for (const one of raw) {
    const parent = one.parent === null ? undefined : made[one.parent]
    const annotations = one.annotations.map(({ length, parent: owner, ...rest }): DocumentAnnotation => {
      const endMs = one.kind === 'point' ? rest.startMs : rest.startMs + length
      return {
        ...rest,
        endMs,
        parentId: (owner === null ? undefined : parent?.annotations[owner]?.id) || null,
      }
    })
    const lists = hasLists ? {} : { language: '', vocabulary: '' }
    made.push({
      ...one,
      ...lists,
      kind: one.kind as AnnotationTier['kind'],
      parent: parent?.name ?? null,
      annotations: inTimeOrder(annotations),
    })
  }
  return made
}
