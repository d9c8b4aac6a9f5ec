import { AppError } from '#shared/contract/errors.ts'
import type { VocabularyEntryId, VocabularyId } from '#shared/contract/ids.ts'
import type { UnmatchedText, VocabularyEntry } from '#shared/contract/vocabulary.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { existingVocabulary, shownEntry } from './entry-edits.ts'
import { listUnmatched, listWithText } from './unmatched.queries.ts'
import { findEntry, findEntryWithValue, listEntries } from './vocabulary.queries.ts'
import { insertEntry } from './write-vocabulary.ts'

/** Enough to walk through; the counts are of all. */
const TOLD = 500

/** Texts on tiers of a vocabulary that stand for none of its entries: imported, free, or older than the entry. */
export function createUnmatched({ db }: Pick<CorpusContext, 'db'>, { editing }: { editing: Editing }) {
  function unmatched(vocabularyId: VocabularyId) {
    const texts: UnmatchedText[] = listUnmatched(db, existingVocabulary(db, vocabularyId).id)
    const annotations = texts.reduce((sum, text) => sum + text.annotations, 0)
    return { texts: texts.slice(0, TOLD), total: texts.length, annotations }
  }

  /**
   * Annotations that have a text but no entry are tokens of the entry with this text from now on; where there is none,
   * it is made.
   *
   * @throws AppError 'not-found' where no annotation is without an entry for this text any more
   */
  function match(input: { vocabularyId: VocabularyId; text: string }): {
    entry: VocabularyEntry
    annotations: number
  } {
    const { vocabularyId, text } = input
    const { name } = existingVocabulary(db, vocabularyId)
    const tokens = listWithText(db, { id: vocabularyId, text })
    if (tokens.length === 0)
      throw new AppError(
        'not-found',
        `Every annotation with the text “${text}” has an entry of “${name}” by now.`,
      )
    const entryId = editing.run(`Match “${text}” with an entry of ${name}`, {}, tx => {
      const known = findEntryWithValue(db, vocabularyId, text)?.id
      const id =
        known ??
        insertEntry(tx, vocabularyId, listEntries(db, vocabularyId).length, {
          cveId: '',
          externalRef: '',
          values: [{ language: '', value: text, description: '' }],
        })
      for (const token of tokens) tx.update('annotation', token, { entry_id: id })
      return id as VocabularyEntryId
    })
    const entry = findEntry(db, entryId)
    if (!entry) throw new Error(`Entry ${entryId} is not there.`)
    return { entry: shownEntry(entry), annotations: tokens.length }
  }

  return { unmatched, match }
}
