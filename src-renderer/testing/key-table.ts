import { expect } from 'vitest'
import { factOf } from '../keymaps/catalogue.ts'
import { defaultKeys, type KeymapName, pressedAs } from '../keymaps/chords.ts'
import { MODES, type Scope } from '../keymaps/modes.ts'

const HELD: Readonly<Record<string, string>> = { M: 'Ctrl', C: 'Control', S: 'Shift', A: 'Alt' }

function written(chord: string): string {
  const [, held, key] = /^((?:[MCSA]-)*)(.+)$/.exec(chord) ?? []
  const names = (held ?? '').split('-').filter(Boolean)
  return [...names.map(name => HELD[name]), key].join('+')
}

function rows(table: string): [chord: string, command: string][] {
  return table
    .trim()
    .split('\n')
    .map(line => line.split(' '))
    .map(([chord = '', command = '']) => [written(chord), command])
}

/**
 * Each line of a table is a key of another tool and the command that does the same here: it must have the key, on a Mac
 * too, and be offered in that place.
 */
export function expectKeys(name: KeymapName, place: Scope, table: string): void {
  const mode = MODES.find(each => each === place) ?? null
  for (const [chord, command] of rows(table)) {
    for (const isMac of [false, true]) {
      const keys = (defaultKeys(command, name, mode) ?? []).map(key => pressedAs(key, isMac))
      expect(keys, `${command} on ${chord}`).toContain(pressedAs(chord, isMac))
    }
    const scopes = factOf(command)?.scopes
    expect(scopes, `${command} is a command`).toBeDefined()
    const isReached = scopes?.some(scope => scope === place || scope === 'everywhere')
    expect(isReached, `${command} is offered in ${place}`).toBe(true)
  }
}
