import { CATALOGUE } from '../../keymaps/catalogue.ts'
import type { CommandFact } from '../../keymaps/facts.ts'
import { type Mode, MODES, type Scope } from '../../keymaps/modes.ts'

export interface KeyPage {
  place: Scope
  mode: Mode | null
  groups: Map<CommandFact['group'], { fact: CommandFact; keys: readonly string[] }[]>
}

const PLACES: readonly Scope[] = ['everywhere', 'corpus', 'review', ...MODES]

/**
 * The cheat sheet's pages: one for every screen with keys of its own and for every mode. What works on every screen
 * stands on the first page only.
 */
export function keyPages(keysOf: (id: string, mode: Mode | null) => readonly string[]): KeyPage[] {
  return PLACES.map(place => {
    const mode = MODES.find(each => each === place) ?? null
    const entries = CATALOGUE.filter(fact => fact.scopes.includes(place))
      .map(fact => ({ fact, keys: keysOf(fact.id, mode) }))
      .filter(({ keys }) => keys.length > 0)
    return { place, mode, groups: Map.groupBy(entries, ({ fact }) => fact.group) }
  })
}
