import * as fc from 'fast-check'
import { STEREOTYPES } from '#shared/contract/annotation.ts'
import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
} from '../annotation-document.ts'
import { shareOf } from '../spread-times.ts'

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

const CHILD = fc.record({
  name: fc.constantFrom(
    '%gls@A',
    'word-txt-eng@A',
    'phrase-gls-eng@A',
    'morph-type@A',
    'Notes',
    'POS',
    'Translation',
  ),
  stereotype: fc.constantFrom('symbolic-association', 'symbolic-subdivision'),
  /** How many hang on each annotation of the parent, in turn. */
  counts: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
  texts: fc.array(value, { minLength: 1, maxLength: 4 }),
  parent: fc.nat(5),
  hasLanguage: fc.boolean(),
})

const SPEAKING = fc.record({
  name: fc.constantFrom('*A', 'A', 'Glosses R', 'phrases', '*CHI'),
  participant: fc.constantFrom('', 'A', 'CHI', 'Ann'),
  spans: fc.array(fc.tuple(fc.nat(5000), fc.nat(900), value), { minLength: 1, maxLength: 4 }),
  children: fc.array(CHILD, { maxLength: 5 }),
})

/** Interlinear documents as projects have them: every dependent annotation has its parent, every id is its own. */
export const interlinearDocuments: fc.Arbitrary<AnnotationDocument> = fc
  .tuple(HEAD, fc.array(SPEAKING, { minLength: 1, maxLength: 3 }))
  .map(([head, speaking]) => {
    const tiers = speaking.flatMap((one, at) => family(one, at))
    const named = tiers.filter((tier, at) => tiers.findIndex(({ name: other }) => other === tier.name) === at)
    const names = new Set(named.map(({ name: kept }) => kept))
    return {
      ...emptyDocument(),
      ...head,
      languages: [{ id: 'eng', definition: '', label: '' }],
      tiers: named.filter(({ parent }) => parent === null || names.has(parent)),
    }
  })

type Speaking = typeof SPEAKING extends fc.Arbitrary<infer T> ? T : never

function family({ name: own, participant, spans, children }: Speaking, at: number): AnnotationTier[] {
  const top: AnnotationTier = {
    ...plainTier(own),
    participant,
    annotations: inTimeOrder(
      spans.map(([startMs, length, text], i) =>
        plainAnnotation({ id: `s${at}-${i}`, startMs, endMs: startMs + length, value: text }),
      ),
    ),
  }
  const made = [top]
  for (const [place, child] of children.entries()) {
    const parent = made[child.parent % made.length]!
    const isOne = child.stereotype === 'symbolic-association'
    const annotations = parent.annotations.flatMap((owner, i) => {
      const wanted = child.counts[i % child.counts.length]!
      const count = isOne ? Math.min(1, wanted) : wanted
      return Array.from({ length: count }, (_, part) => ({
        ...plainAnnotation({
          id: `${owner.id}-${place}${part}`,
          ...shareOf(owner, part, count),
          value: child.texts[(i + part) % child.texts.length]!,
        }),
        isAligned: false,
        parentId: owner.id,
      }))
    })
    made.push({
      ...plainTier(`${child.name}${at === 0 ? '' : at}`),
      participant,
      stereotype: child.stereotype as AnnotationTier['stereotype'],
      parent: parent.name,
      language: child.hasLanguage ? 'eng' : '',
      annotations: inTimeOrder(annotations),
    })
  }
  return made
}
