import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnnotationDocument } from './annotation-document.ts'
import { planAnnotations, readAnnotations } from './convert.ts'
import { documents, interlinearDocuments } from './testing/document-arbitrary.ts'
import { forget } from './testing/forget.ts'

const RUNS = Number(process.env['SIGNWRIGHT_FUZZ'] ?? 0) > 0 ? 2000 : 150

/** What a format adds of its own where the document says nothing, which loses nothing. */
const ADDED: Record<
  string,
  (document: AnnotationDocument, wanted: AnnotationDocument) => AnnotationDocument
> = {
  '.cha': ({ properties, ...back }, wanted) => ({
    ...back,
    properties: properties.filter(
      ({ name }) => name !== '@ID' || wanted.properties.some(one => one.name === name),
    ),
    tiers: withoutTypes(back.tiers, /^(orthography|%[a-z0-9]+)$/),
  }),
  '.flextext': back => ({
    ...back,
    tiers: withoutTypes(back.tiers, /^(phrase|word|morph)-[a-z0-9]+$/),
  }),
  '.eaf': (back, wanted) => ({
    ...back,
    date: wanted.date === '' ? '' : back.date,
    tiers: back.tiers.map((tier, i) => {
      const source = wanted.tiers[i]
      return {
        ...tier,
        name: source?.name === '' ? '' : tier.name,
        parent: source?.parent === '' ? '' : tier.parent,
        typeName: source?.typeName === '' ? '' : tier.typeName,
      }
    }),
  }),
}

/** Types that only say which kind of line or item a tier holds. */
function withoutTypes(tiers: AnnotationDocument['tiers'], types: RegExp): AnnotationDocument['tiers'] {
  return tiers.map(tier => ({
    ...tier,
    typeName: types.test(tier.typeName) ? '' : tier.typeName,
  }))
}

/** Links that are only told by times, and ids that were made up, are in the file but not in the document. */
function withoutAdditions(
  document: AnnotationDocument,
  extension: string,
  wanted: AnnotationDocument,
): AnnotationDocument {
  const known = new Set(wanted.tiers.flatMap(({ annotations }) => annotations.map(({ id }) => id)))
  const linked = new Set(
    wanted.tiers.flatMap(({ annotations }) =>
      annotations.filter(({ parentId }) => parentId !== null).map(({ id }) => id),
    ),
  )
  const base = ADDED[extension]?.(document, wanted) ?? document
  return {
    ...base,
    tiers: base.tiers.map(tier => ({
      ...tier,
      annotations: tier.annotations.map(one => {
        const id = known.has(one.id) ? one.id : ''
        return { ...one, id, parentId: id !== '' && linked.has(id) ? one.parentId : null }
      }),
    })),
  }
}

test.each(['.eaf', '.json', '.vtt', '.srt', '.TextGrid', '.cha', '.flextext', '.csv', '.tsv'])(
  'whatever %s does not give back was told before writing',
  extension => {
    fc.assert(
      fc.property(fc.oneof(documents, interlinearDocuments), document => {
        const before = structuredClone(document)
        const { losses, write } = planAnnotations(
          { document, defects: [], rewrite: () => new Uint8Array() },
          'x.none',
          `x${extension}`,
        )
        const codes = losses.map(({ code }) => code)
        const back = readAnnotations(write(), `x${extension}`).document
        // The names of parents are told by their tiers: comparing them twice would report one loss as two.
        expect(forget(withoutAdditions(back, extension, before), codes)).toEqual(
          forget(withoutAdditions(before, extension, before), codes),
        )
        for (const { count, sentence } of losses)
          expect(sentence).toMatch(new RegExp(`^${count} .+\\.$`, 's'))
        expect(document).toEqual(before)
      }),
      { numRuns: RUNS },
    )
  },
)
