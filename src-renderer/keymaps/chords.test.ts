import { expect, test } from 'vitest'
import { CATALOGUE, factOf } from './catalogue.ts'
import { conflictsWithin, defaultKeys, isBrowsersOwn, KEYMAPS, type KeymapName } from './chords.ts'
import { type Mode, MODES } from './modes.ts'

const NAMES = Object.keys(KEYMAPS) as KeymapName[]
const PLACES: readonly (Mode | null)[] = [null, ...MODES]

test.each(NAMES)('no two commands of keymap %s share a key where both can be meant', name => {
  for (const isMac of [false, true]) {
    const found = conflictsWithin(CATALOGUE, (id, mode) => defaultKeys(id, name, mode) ?? [], isMac)
    expect(found).toEqual([])
  }
})

test.each(NAMES)('every key of keymap %s belongs to a command', name => {
  expect(Object.keys(KEYMAPS[name]).filter(id => !factOf(id))).toEqual([])
})

test.each(NAMES)(
  'keymap %s reaches every command without a mouse, through the search where not by a key',
  name => {
    const hidden = [
      'playback.toggleWhileTyping',
      'clip.nextWhileTyping',
      'clip.previousWhileTyping',
      ...Array.from({ length: 9 }, (_, at) => `hypothesis.rate.${at + 1}`),
    ]
    // The search lists every command but the hidden ones, which are there for their keys alone.
    const keyless = ['palette.open', 'keys.show', ...hidden].flatMap(id =>
      PLACES.filter(mode => (defaultKeys(id, name, mode) ?? []).every(isBrowsersOwn)).map(mode => [id, mode]),
    )
    expect(keyless).toEqual([])
  },
)

test('where a browser keeps a key for itself, the keymap has another one', () => {
  const lost = CATALOGUE.flatMap(fact =>
    NAMES.flatMap(name =>
      MODES.map(mode => defaultKeys(fact.id, name, mode) ?? [])
        .filter(keys => keys.length > 0 && keys.every(isBrowsersOwn))
        .map(keys => `${name} ${fact.id} ${keys.join(' ')}`),
    ),
  )
  // Leaving the program has no meaning in a tab.
  expect([...new Set(lost)]).toEqual(['elan', 'aegisub', 'praat'].map(name => `${name} app.quit Ctrl+Q`))
})
