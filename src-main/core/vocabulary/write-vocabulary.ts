import { randomUUID } from 'node:crypto'
import type { VocabularyEntryId, VocabularyId } from '#shared/contract/ids.ts'
import type { VocabularyEntry, VocabularyValue } from '#shared/contract/vocabulary.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Vocabulary as FileVocabulary } from '../../formats/annotation-document.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import { shownValue } from './tier-value.ts'
import { findVocabularyNamed, listEntries, listTokens, listValueIds } from './vocabulary.queries.ts'

/** The part of an edit that adding needs; an import writes rows without an undo log. */
export interface Writer {
  insert: EditTransaction['insert']
  update: (...edit: Parameters<EditTransaction['update']>) => unknown
  remove: EditTransaction['remove']
}

interface NewEntry {
  cveId: string
  externalRef: string
  values: readonly VocabularyValue[]
}

export function insertEntry(
  tx: Writer,
  vocabularyId: VocabularyId,
  ordinal: number,
  { cveId, externalRef, values }: NewEntry,
): VocabularyEntryId {
  const row = { vocabulary_id: vocabularyId, ordinal, external_ref: externalRef }
  const id = tx.insert('vocabulary_entry', { ...row, cve_id: cveId || `cveid_${randomUUID()}` })
  values.forEach((value, place) => tx.insert('vocabulary_value', { entry_id: id, ordinal: place, ...value }))
  return id as VocabularyEntryId
}

/**
 * A vocabulary of a file in the corpus. One of its name with the same entries is that one; otherwise `refresh` gives
 * the known one the entries of the file, and `rename` makes another with the next free name.
 */
export function takeVocabulary(
  db: ReadDb,
  tx: Writer,
  vocabulary: FileVocabulary,
  { onTaken, externalUrl = '' }: { onTaken: 'refresh' | 'rename'; externalUrl?: string },
): VocabularyId {
  const known = findVocabularyNamed(db, vocabulary.name)
  if (known && externalUrl !== '' && known.externalUrl === externalUrl) return known.id
  if (known && isSame(db, known.id, vocabulary) && externalUrl === '') return known.id
  if (known && onTaken === 'refresh') {
    refreshEntries(db, tx, known.id, vocabulary)
    return known.id
  }
  let name = vocabulary.name || 'vocabulary'
  for (let n = 2; findVocabularyNamed(db, name); n++) name = `${vocabulary.name} (${n})`
  const id = tx.insert('vocabulary', {
    name,
    descriptions: JSON.stringify(vocabulary.descriptions),
    external_url: externalUrl,
  }) as VocabularyId
  vocabulary.entries.forEach((entry, ordinal) => insertEntry(tx, id, ordinal, newEntry(entry)))
  return id
}

function newEntry({ id, externalRef, values }: FileVocabulary['entries'][number]): NewEntry {
  return { cveId: id, externalRef, values }
}

function isSame(db: ReadDb, id: VocabularyId, { entries }: FileVocabulary): boolean {
  const known = listEntries(db, id)
  const facts = (values: readonly VocabularyValue[]) => JSON.stringify(values.map(v => [v.language, v.value]))
  return (
    known.length === entries.length &&
    known.every((entry, at) => {
      const other = entries[at]
      if (other === undefined) return false
      return (other.id === '' || other.id === entry.cveId) && facts(entry.values) === facts(other.values)
    })
  )
}

/** New values for an entry; annotations that show the old ones follow. */
export function changeEntry(
  db: ReadDb,
  tx: Writer,
  entry: VocabularyEntry,
  values: readonly VocabularyValue[],
): void {
  const known = listValueIds(db, entry.id)
  values.forEach((value, ordinal) => {
    const id = known[ordinal]
    if (id === undefined) tx.insert('vocabulary_value', { entry_id: entry.id, ordinal, ...value })
    else tx.update('vocabulary_value', id, { ordinal, ...value })
  })
  for (const id of known.slice(values.length)) tx.remove('vocabulary_value', id)
  for (const token of listTokens(db, entry.id)) {
    const isShown = entry.values.some(({ value }) => value === token.value)
    if (isShown) tx.update('annotation', token.id, { value: shownValue({ values }, token.language) })
  }
}

/** Entries are the same by their id, else by their first value; those that the file no longer has go. */
function refreshEntries(db: ReadDb, tx: Writer, id: VocabularyId, vocabulary: FileVocabulary): void {
  const left = new Map(listEntries(db, id).map(entry => [entry.id, entry]))
  vocabulary.entries.forEach((entry, ordinal) => {
    const known = [...left.values()].find(({ cveId, values }) =>
      entry.id === '' ? values[0]?.value === entry.values[0]?.value : cveId === entry.id,
    )
    if (!known) return void insertEntry(tx, id, ordinal, newEntry(entry))
    left.delete(known.id)
    tx.update('vocabulary_entry', known.id, { ordinal, external_ref: entry.externalRef })
    changeEntry(db, tx, known, entry.values)
  })
  for (const gone of left.keys()) tx.remove('vocabulary_entry', gone)
}
