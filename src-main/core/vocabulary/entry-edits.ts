import { AppError } from '#shared/contract/errors.ts'
import type { VocabularyEntryId, VocabularyId } from '#shared/contract/ids.ts'
import type { EntryLook, Vocabulary, VocabularyEntry, VocabularyValue } from '#shared/contract/vocabulary.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { type EntryRecord, findEntry, findVocabulary, listEntries } from './vocabulary.queries.ts'
import { changeEntry, insertEntry } from './write-vocabulary.ts'

export function createEntryEdits({ db }: Pick<CorpusContext, 'db'>, { editing }: { editing: Editing }) {
  function addEntry(input: { vocabularyId: VocabularyId; values: VocabularyValue[]; at?: number }) {
    const { name } = existingVocabulary(db, input.vocabularyId)
    const known = listEntries(db, input.vocabularyId)
    checkValues(known, input.values, name)
    const id = editing.run(`Add entry ${input.values[0]?.value} to ${name}`, {}, tx => {
      const entryId = insertEntry(tx, input.vocabularyId, known.length, {
        cveId: '',
        externalRef: '',
        values: input.values,
      })
      const order = known.map(entry => entry.id)
      order.splice(input.at ?? order.length, 0, entryId)
      setOrder(tx, order)
      return entryId
    })
    return shownEntry(existingEntry(db, id))
  }

  function updateEntry({ entryId, values }: { entryId: VocabularyEntryId; values: VocabularyValue[] }) {
    const entry = existingEntry(db, entryId)
    const { name } = existingVocabulary(db, entry.vocabularyId)
    const others = listEntries(db, entry.vocabularyId).filter(({ id }) => id !== entryId)
    checkValues(others, values, name)
    const label = `Change entry ${entry.values[0]?.value ?? ''} of ${name}`
    editing.run(label, {}, tx => changeEntry(db, tx, entry, values))
    return shownEntry(existingEntry(db, entryId))
  }

  function removeEntry(entryId: VocabularyEntryId): void {
    const entry = existingEntry(db, entryId)
    const { name } = existingVocabulary(db, entry.vocabularyId)
    const label = `Remove entry ${entry.values[0]?.value ?? ''} of ${name}`
    editing.run(label, {}, tx => tx.remove('vocabulary_entry', entryId))
  }

  function orderEntries(input: { vocabularyId: VocabularyId; entryIds: VocabularyEntryId[] }) {
    const { name } = existingVocabulary(db, input.vocabularyId)
    const known = new Set(listEntries(db, input.vocabularyId).map(({ id }) => id))
    const isComplete = input.entryIds.length === known.size && input.entryIds.every(id => known.delete(id))
    if (!isComplete)
      throw new AppError('invalid-input', `Name every entry of “${name}” once, in the new order.`)
    editing.run(`Order entries of ${name}`, {}, tx => setOrder(tx, input.entryIds))
    return listEntries(db, input.vocabularyId).map(shownEntry)
  }

  function setLook({ entryId, look }: { entryId: VocabularyEntryId; look: EntryLook }) {
    const entry = existingEntry(db, entryId)
    const { name } = existingVocabulary(db, entry.vocabularyId)
    editing.run(`Change key and colour of ${entry.values[0]?.value ?? ''} in ${name}`, {}, tx =>
      tx.update('vocabulary_entry', entryId, { look: JSON.stringify(look) }),
    )
    return shownEntry(existingEntry(db, entryId))
  }

  return { addEntry, setLook, updateEntry, removeEntry, orderEntries }
}

export function shownEntry({ vocabularyId: _vocabulary, ...entry }: EntryRecord): VocabularyEntry {
  return entry
}

function setOrder(tx: EditTransaction, entryIds: readonly VocabularyEntryId[]): void {
  entryIds.forEach((id, ordinal) => tx.update('vocabulary_entry', id, { ordinal }))
}

/** A value names one entry: annotations of programs without entry ids are linked by it. */
function checkValues(others: readonly EntryRecord[], values: readonly VocabularyValue[], name: string): void {
  if (values[0]?.value === '') throw new AppError('invalid-input', 'An entry needs a value.')
  const first = values[0]?.value
  if (others.some(entry => entry.values[0]?.value === first))
    throw new AppError('conflict', `“${name}” already has an entry “${first}”. Choose another value.`)
}

export function existingVocabulary(db: ReadDb, vocabularyId: VocabularyId): Vocabulary {
  const vocabulary = findVocabulary(db, vocabularyId)
  if (!vocabulary)
    throw new AppError('not-found', 'This vocabulary has been removed.', { details: { vocabularyId } })
  return vocabulary
}

function existingEntry(db: ReadDb, entryId: VocabularyEntryId): EntryRecord {
  const entry = findEntry(db, entryId)
  if (!entry)
    throw new AppError('not-found', 'This vocabulary entry has been removed.', { details: { entryId } })
  return entry
}
