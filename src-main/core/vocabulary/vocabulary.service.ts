import { AppError } from '#shared/contract/errors.ts'
import type { VocabularyId } from '#shared/contract/ids.ts'
import type { Vocabulary } from '#shared/contract/vocabulary.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import type { ReadDb } from '../../db/types.ts'
import { createEntryEdits, existingVocabulary, shownEntry } from './entry-edits.ts'
import { fetchEcv, readEcvFile } from './external-vocabulary.ts'
import { createUnmatched } from './unmatched.ts'
import { findVocabularyNamed, listEntries, listVocabularies, typesUsing } from './vocabulary.queries.ts'
import { takeVocabulary } from './write-vocabulary.ts'

interface VocabularyChanges {
  name?: string
  isFree?: boolean
  descriptions?: Vocabulary['descriptions']
}

export function createVocabularyService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function create(input: { name: string; isFree: boolean; externalUrl: string }): Vocabulary {
    checkName(db, input.name)
    const row = { name: input.name, is_free: input.isFree ? 1 : 0, external_url: input.externalUrl }
    const id = editing.run(`Create vocabulary ${input.name}`, {}, tx => tx.insert('vocabulary', row))
    return existingVocabulary(db, id as VocabularyId)
  }

  function update({ vocabularyId, changes }: { vocabularyId: VocabularyId; changes: VocabularyChanges }) {
    const { name } = existingVocabulary(db, vocabularyId)
    if (changes.name !== undefined && changes.name !== name) checkName(db, changes.name)
    const row = {
      ...(changes.name !== undefined && { name: changes.name }),
      ...(changes.isFree !== undefined && { is_free: changes.isFree ? 1 : 0 }),
      ...(changes.descriptions && { descriptions: JSON.stringify(changes.descriptions) }),
    }
    editing.run(`Change vocabulary ${name}`, {}, tx => tx.update('vocabulary', vocabularyId, row))
    return existingVocabulary(db, vocabularyId)
  }

  function remove(vocabularyId: VocabularyId): void {
    const { name } = existingVocabulary(db, vocabularyId)
    const types = typesUsing(db, vocabularyId)
    if (types.length > 0)
      throw new AppError(
        'conflict',
        `The tier types ${types.map(type => `“${type}”`).join(', ')} take their values from “${name}”. Give them another vocabulary first.`,
      )
    editing.run(`Remove vocabulary ${name}`, {}, tx => tx.remove('vocabulary', vocabularyId))
  }

  async function importFile(file: string): Promise<Vocabulary[]> {
    const ecv = await readEcvFile(file)
    const taken = editing.run(`Read vocabularies of ${file}`, {}, tx =>
      ecv.vocabularies.map(vocabulary => takeVocabulary(db, tx, vocabulary, { onTaken: 'refresh' })),
    )
    return taken.map(id => existingVocabulary(db, id))
  }

  async function fetchExternal(vocabularyId: VocabularyId): Promise<Vocabulary> {
    const { name, externalUrl } = existingVocabulary(db, vocabularyId)
    const entries = await fetchEcv(context.dir, { name, url: externalUrl })
    editing.run(`Fetch vocabulary ${name}`, {}, tx => {
      takeVocabulary(db, tx, { ...entries, name, externalRef: '' }, { onTaken: 'refresh' })
      tx.update('vocabulary', vocabularyId, { fetched_at: context.now() })
    })
    return existingVocabulary(db, vocabularyId)
  }

  return {
    list: () => listVocabularies(db),
    entries: (id: VocabularyId) => listEntries(db, existingVocabulary(db, id).id).map(shownEntry),
    create,
    update,
    remove,
    ...createEntryEdits({ db }, { editing }),
    ...createUnmatched({ db }, { editing }),
    importFile,
    fetchExternal,
  }
}

function checkName(db: ReadDb, name: string): void {
  if (findVocabularyNamed(db, name))
    throw new AppError('conflict', `There already is a vocabulary “${name}”. Choose another name.`)
}
