import { z } from 'zod'
import { base } from './base.ts'
import { Timestamp, VocabularyEntryId, VocabularyId } from './ids.ts'

export const VocabularyValue = z.strictObject({
  /** Id of an EAF LANGUAGE; empty for the only one. */
  language: z.string(),
  value: z.string(),
  description: z.string(),
})
export type VocabularyValue = z.infer<typeof VocabularyValue>

export const ENTRY_COLOURS = ['good', 'warn', 'accent', 'violet', 'bad'] as const

/** How an entry is typed and shown, for everybody who works with the corpus. */
export const EntryLook = z.strictObject({
  /** The one sign that enters it; empty for none. */
  key: z.string().max(8),
  /** Name of a colour of the design tokens; empty for the tier's. */
  colour: z.enum([...ENTRY_COLOURS, '']),
})
export type EntryLook = z.infer<typeof EntryLook>

export const VocabularyEntry = z.strictObject({
  id: VocabularyEntryId,
  /** EAF's CVE_ID, to which annotations refer. */
  cveId: z.string(),
  externalRef: z.string(),
  /** Null until somebody chooses one: the entry then takes the next free digit and the tier's colour. */
  look: EntryLook.nullable(),
  /** The first is the one that annotations show. */
  values: z.array(VocabularyValue).min(1),
})
export type VocabularyEntry = z.infer<typeof VocabularyEntry>

export const Vocabulary = z.strictObject({
  id: VocabularyId,
  name: z.string(),
  descriptions: z.array(z.strictObject({ language: z.string(), text: z.string() })),
  /** Address of the .ecv that holds the entries; empty for a vocabulary of the corpus itself. */
  externalUrl: z.string(),
  /** When the entries of an external vocabulary were last fetched; null before the first time. */
  fetchedAt: Timestamp.nullable(),
  /** Tiers take values that are no entries, too. */
  isFree: z.boolean(),
  entryCount: z.int(),
})
export type Vocabulary = z.infer<typeof Vocabulary>

/** A text on tiers of a vocabulary whose annotations stand for none of its entries. */
export const UnmatchedText = z.strictObject({
  text: z.string(),
  annotations: z.int(),
  recordings: z.int(),
  /** An entry that has this value, to which the annotations were never linked. */
  entryId: VocabularyEntryId.nullable(),
})
export type UnmatchedText = z.infer<typeof UnmatchedText>

const ById = z.strictObject({ vocabularyId: VocabularyId })
const Name = z.string().min(1).max(200)
const EntryId = z.strictObject({ entryId: VocabularyEntryId })
const Values = z.array(VocabularyValue).min(1)

/** Controlled vocabularies of the corpus. */
export const vocabulary = {
  list: base.output(z.array(Vocabulary)),
  entries: base.input(ById).output(z.array(VocabularyEntry)),
  create: base
    .input(
      z.strictObject({ name: Name, isFree: z.boolean().default(false), externalUrl: z.string().default('') }),
    )
    .output(Vocabulary),
  update: base
    .input(
      z.strictObject({
        vocabularyId: VocabularyId,
        changes: z
          .strictObject({
            name: Name,
            isFree: z.boolean(),
            descriptions: Vocabulary.shape.descriptions,
          })
          .partial(),
      }),
    )
    .output(Vocabulary),
  /** Only one that no tier type uses. */
  remove: base.input(ById).output(z.void()),
  addEntry: base
    .input(z.strictObject({ vocabularyId: VocabularyId, values: Values, at: z.int().min(0).optional() }))
    .output(VocabularyEntry),
  /** A new first value is written into every annotation that has this entry. */
  updateEntry: base.input(EntryId.extend({ values: Values })).output(VocabularyEntry),
  setLook: base.input(EntryId.extend({ look: EntryLook })).output(VocabularyEntry),
  /** Annotations keep their text and lose the link. */
  removeEntry: base.input(EntryId).output(z.void()),
  orderEntries: base
    .input(z.strictObject({ vocabularyId: VocabularyId, entryIds: z.array(VocabularyEntryId).min(1) }))
    .output(z.array(VocabularyEntry)),
  /** Texts without an entry, the most frequent first: the first 500 of `total`, with all their annotations counted. */
  unmatched: base
    .input(ById)
    .output(z.strictObject({ texts: z.array(UnmatchedText), total: z.int(), annotations: z.int() })),
  /** Annotations with this text and without an entry take the one that has it; where none has, it is made. */
  match: base
    .input(ById.extend({ text: z.string().min(1) }))
    .output(z.strictObject({ entry: VocabularyEntry, annotations: z.int() })),
  /** Reads every vocabulary of an .ecv file; those of a name that is known get its entries. */
  importFile: base.input(z.strictObject({ file: z.string().min(1) })).output(z.array(Vocabulary)),
  /** The only way in which an external vocabulary is fetched: nothing is, until somebody asks for it. */
  fetchExternal: base.input(ById).output(Vocabulary),
}
