import type { EntryLook, VocabularyEntry } from '#shared/contract/vocabulary.ts'

const KEYS = '123456789'

/** The look of each entry: the chosen one, else the digits in order. */
export function looksOf(entries: readonly VocabularyEntry[]): Map<number, EntryLook> {
  const taken = new Set(entries.map(entry => entry.look?.key ?? '').filter(Boolean))
  const free = [...KEYS].filter(key => !taken.has(key))
  return new Map(
    entries.map(entry => [entry.id, entry.look ?? { key: free.shift() ?? '', colour: '' }] as const),
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
