import type { AnnotationDocument, AnnotationTier, DocumentAnnotation } from './annotation-document.ts'

/** Something that the written file will not hold, told before it is written. */
export interface Loss {
  code: string
  count: number
  /** With the count in it. */
  sentence: string
}

/** The parts of the neutral model that formats differ in. */
export type Ability =
  | 'author'
  | 'date'
  | 'media'
  | 'linked-files'
  | 'properties'
  | 'licenses'
  | 'languages'
  | 'unused-types'
  | 'vocabularies'
  | 'external-refs'
  | 'tier-names'
  | 'empty-tiers'
  | 'parents'
  | 'parent-links'
  | 'stereotypes'
  | 'types'
  | 'participants'
  | 'annotators'
  | 'tier-languages'
  | 'tier-vocabularies'
  | 'point-tiers'
  | 'ids'
  | 'speakers'
  | 'unaligned'
  | 'entry-links'
  | 'annotation-refs'

interface Measure {
  count: (document: AnnotationDocument) => number
  one: string
  many: string
}

const tiers = (keep: (tier: AnnotationTier) => boolean) => (document: AnnotationDocument) =>
  document.tiers.filter(keep).length

const annotations = (keep: (annotation: DocumentAnnotation) => boolean) => (document: AnnotationDocument) =>
  document.tiers.reduce((sum, tier) => sum + tier.annotations.filter(keep).length, 0)

const GONE = 'left out'

const MEASURES: Record<Ability, Measure> = {
  author: { count: ({ author }) => (author ? 1 : 0), one: 'name of the author is left out', many: '' },
  date: { count: ({ date }) => (date ? 1 : 0), one: 'date of the document is left out', many: '' },
  media: {
    count: ({ media }) => media.length,
    one: 'link to a media file, with its time offset, is left out',
    many: 'links to media files, with their time offsets, are left out',
  },
  'linked-files': {
    count: ({ linkedFiles }) => linkedFiles.length,
    one: `linked file is ${GONE}`,
    many: `linked files are ${GONE}`,
  },
  properties: {
    count: ({ properties }) => properties.length,
    one: `property of the document is ${GONE}`,
    many: `properties of the document are ${GONE}`,
  },
  licenses: {
    count: ({ licenses }) => licenses.length,
    one: `licence is ${GONE}`,
    many: `licences are ${GONE}`,
  },
  languages: {
    count: ({ languages }) => languages.length,
    one: `description of a language is ${GONE}`,
    many: `descriptions of languages are ${GONE}`,
  },
  'unused-types': {
    count: ({ unusedTypes }) => unusedTypes.length,
    one: `tier type that no tier has is ${GONE}`,
    many: `tier types that no tier has are ${GONE}`,
  },
  vocabularies: {
    count: ({ vocabularies }) => vocabularies.length,
    one: `controlled vocabulary is ${GONE}`,
    many: `controlled vocabularies are ${GONE}`,
  },
  'external-refs': {
    count: ({ externalRefs }) => externalRefs.length,
    one: `external reference is ${GONE}`,
    many: `external references are ${GONE}`,
  },
  'tier-names': {
    count: tiers(({ name }) => name !== ''),
    one: `tier loses its name`,
    many: 'tiers lose their names: their annotations are put into one list',
  },
  'empty-tiers': {
    count: tiers(tier => !tier.annotations.length),
    one: `tier without annotations is ${GONE}`,
    many: `tiers without annotations are ${GONE}`,
  },
  parents: {
    count: tiers(({ parent }) => parent !== null),
    one: 'tier loses its parent tier',
    many: 'tiers lose their parent tiers',
  },
  'parent-links': {
    count: annotations(({ parentId }) => parentId !== null),
    one: 'annotation loses the link to its parent annotation',
    many: 'annotations lose the links to their parent annotations',
  },
  stereotypes: {
    count: tiers(({ stereotype }) => stereotype !== 'none'),
    one: 'tier loses its stereotype (how it depends on its parent)',
    many: 'tiers lose their stereotypes (how they depend on their parents)',
  },
  types: {
    count: tiers(({ typeName }) => typeName !== ''),
    one: 'tier loses the name of its type',
    many: 'tiers lose the names of their types',
  },
  participants: {
    count: tiers(({ participant }) => participant !== ''),
    one: 'tier loses its participant',
    many: 'tiers lose their participants',
  },
  annotators: {
    count: tiers(({ annotator }) => annotator !== ''),
    one: 'tier loses its annotator',
    many: 'tiers lose their annotators',
  },
  'tier-languages': {
    count: tiers(({ language }) => language !== ''),
    one: 'tier loses its language',
    many: 'tiers lose their languages',
  },
  'tier-vocabularies': {
    count: tiers(({ vocabulary }) => vocabulary !== ''),
    one: 'tier loses the link to its vocabulary',
    many: 'tiers lose the links to their vocabularies',
  },
  'point-tiers': {
    count: document => document.tiers.filter(({ kind }) => kind === 'point').length,
    one: 'point tier becomes a tier of annotations without length',
    many: 'point tiers become tiers of annotations without length',
  },
  ids: {
    count: annotations(({ id }) => id !== ''),
    one: 'annotation loses its id',
    many: 'annotations lose their ids',
  },
  speakers: {
    count: annotations(({ speaker }) => speaker !== ''),
    one: 'cue loses the name of its speaker',
    many: 'cues lose the names of their speakers',
  },
  unaligned: {
    count: annotations(({ isAligned }) => !isAligned),
    one: 'annotation without times of its own gets the time worked out from its neighbours, as if it had been measured',
    many: 'annotations without times of their own get times worked out from their neighbours, as if they had been measured',
  },
  'entry-links': {
    count: annotations(({ entryId }) => entryId !== ''),
    one: 'annotation loses the link to its vocabulary entry; its text stays',
    many: 'annotations lose the links to their vocabulary entries; their texts stay',
  },
  'annotation-refs': {
    count: annotations(({ externalRef }) => externalRef !== ''),
    one: 'annotation loses its external reference',
    many: 'annotations lose their external references',
  },
}

/** What a format without these abilities cannot take over, and what the reader had to leave out already. */
export function lossesOf(document: AnnotationDocument, abilities: readonly Ability[]): Loss[] {
  const can = new Set(abilities)
  const losses: Loss[] = document.extras.map(({ code, count, sentence }) => ({ code, count, sentence }))
  for (const [code, { count, one, many }] of Object.entries(MEASURES)) {
    if (can.has(code as Ability)) continue
    const found = count(document)
    if (found) losses.push(loss(code, found, one, many))
  }
  return losses
}

/** `12 tiers lose …`: the noun and verb follow the number. */
export function loss(code: string, count: number, one: string, many: string): Loss {
  return { code, count, sentence: `${count} ${count === 1 ? one : many}.` }
}

export function onlyReal(losses: Loss[]): Loss[] {
  return losses.filter(({ count }) => count > 0)
}
