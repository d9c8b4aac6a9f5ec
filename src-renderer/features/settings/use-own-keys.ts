import { computed, type Ref } from 'vue'
import { isMac, shownKeys } from '../../composables/key-stroke.ts'
import { useText } from '../../composables/use-text.ts'
import { CATALOGUE } from '../../keymaps/catalogue.ts'
import {
  type Conflict,
  conflictsOf,
  defaultKeys,
  normalChord,
  type OwnKeys,
  pressedAs,
} from '../../keymaps/chords.ts'
import type { CommandFact } from '../../keymaps/facts.ts'
import { type Mode, MODES } from '../../keymaps/modes.ts'
import { useCommandRegistry } from '../../stores/commands.ts'
import { useSettings } from '../../stores/settings.ts'

/** A command as the editor shows it. */
export interface KeyRow {
  fact: CommandFact
  title: string
  group: string
  keys: readonly string[]
  isOwn: boolean
}

/** The first mode in which a command can be met: its keys there are those that the editor shows. */
function homeOf(fact: CommandFact): Mode | null {
  return MODES.find(mode => fact.scopes.includes(mode)) ?? null
}

/** The user's own keys in the keymap in use, and how to change them. */
export function useOwnKeys(search: Readonly<Ref<string>>) {
  const { t } = useText()
  const registry = useCommandRegistry()
  const settings = useSettings()

  const keysOf = (id: string, mode: Mode | null) =>
    registry.own[id] ?? defaultKeys(id, registry.keymap, mode) ?? []
  const rows = computed(() => {
    const words = search.value.trim().toLowerCase()
    return CATALOGUE.map((fact): KeyRow => ({
      fact,
      title: fact.title(t),
      group: t(fact.group),
      keys: keysOf(fact.id, homeOf(fact)),
      isOwn: fact.id in registry.own,
    })).filter(row => matches(row, words))
  })

  function matches({ title, group, keys }: KeyRow, words: string): boolean {
    if (words === '') return true
    const texts = [title, group, ...keys, ...keys.map(shownKeys)]
    return texts.some(text => text.toLowerCase().includes(words))
  }

  function replaceAll(own: OwnKeys): Promise<void> {
    const copy = Object.fromEntries(Object.entries(own).map(([id, keys]) => [id, [...keys]]))
    return settings.save({ ownKeys: { ...settings.current.ownKeys, [registry.keymap]: copy } })
  }

  function set(changes: OwnKeys): Promise<void> {
    return replaceAll({ ...registry.own, ...changes })
  }

  function reset(id: string): Promise<void> {
    return replaceAll(Object.fromEntries(Object.entries(registry.own).filter(([own]) => own !== id)))
  }

  function conflicts(row: KeyRow, chord: string): Conflict[] {
    return conflictsOf({ fact: row.fact, chords: [chord], all: CATALOGUE, keysOf, isMac })
  }

  /** Gives a command a further key; `takeFrom` lists those that lose it. */
  function add(row: KeyRow, chord: string, takeFrom: readonly CommandFact[] = []): Promise<void> {
    const pressed = pressedAs(chord, isMac)
    const without = (keys: readonly string[]) => keys.filter(key => pressedAs(key, isMac) !== pressed)
    const losses = takeFrom.map(fact => [fact.id, without(keysOf(fact.id, homeOf(fact)))] as const)
    return set({ ...Object.fromEntries(losses), [row.fact.id]: [...without(row.keys), normalChord(chord)] })
  }

  function remove(row: KeyRow, chord: string): Promise<void> {
    return set({ [row.fact.id]: row.keys.filter(key => key !== chord) })
  }

  return { rows, add, remove, reset, conflicts, replaceAll }
}
