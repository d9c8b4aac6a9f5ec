import { SavedSearch } from '#shared/contract/search.ts'
import type { WriteDb } from '../../db/types.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'

/** Queries that are kept with the corpus, by their names. */
export function createSavedSearches(db: WriteDb) {
  function saved(): SavedSearch[] {
    const text = findFact(db, 'saved-searches')
    return text === undefined ? [] : SavedSearch.array().parse(JSON.parse(text))
  }

  function keep(list: readonly SavedSearch[]): SavedSearch[] {
    const sorted = list.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    setFact(db, 'saved-searches', JSON.stringify(sorted))
    return sorted
  }

  const save = (search: SavedSearch) => keep([...saved().filter(({ name }) => name !== search.name), search])
  const forget = (name: string) => keep(saved().filter(each => each.name !== name))

  return { saved, save, forget }
}
