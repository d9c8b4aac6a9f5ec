import type { VocabularyEntry } from '#shared/contract/vocabulary.ts'

/** How an entry is shown and typed on this computer; annotation files keep such things beside them, too. */
export interface EntryLook {
  /** One sign that enters it; empty for none. */
  key: string
  /** Name of a colour of the design tokens; empty for the tier's. */
  colour: string
}

export const ENTRY_COLOURS = ['good', 'warn', 'accent', 'violet', 'bad'] as const

export type EntryLooks = Readonly<Record<string, EntryLook>>

const KEYS = '123456789'

/** The look of each entry: the user's, else the digits in order. */
export function looksOf(entries: readonly VocabularyEntry[], chosen: EntryLooks): Map<number, EntryLook> {
  const taken = new Set(entries.map(entry => chosen[entry.id]?.key ?? '').filter(Boolean))
  const free = [...KEYS].filter(key => !taken.has(key))
  return new Map(
    entries.map(entry => [entry.id, chosen[entry.id] ?? { key: free.shift() ?? '', colour: '' }] as const),
  )
}

export function valueOf(entry: VocabularyEntry): string {
  return entry.values[0]?.value ?? ''
}

/** Entries that the typed text may mean: those that begin with it, then those that hold it. */
export function matching(entries: readonly VocabularyEntry[], typed: string): VocabularyEntry[] {
  const wanted = typed.trim().toLocaleLowerCase()
  if (wanted === '') return [...entries]
  const texts = (entry: VocabularyEntry) =>
    entry.values
      .flatMap(({ value, description }) => [value, description])
      .map(text => text.toLocaleLowerCase())
  const begins = entries.filter(entry => valueOf(entry).toLocaleLowerCase().startsWith(wanted))
  const holds = entries.filter(
    entry => !begins.includes(entry) && texts(entry).some(text => text.includes(wanted)),
  )
  return [...begins, ...holds]
}
