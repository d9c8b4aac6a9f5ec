import type { CommandFact } from './facts.ts'
import { AEGISUB } from './aegisub.ts'
import { BORIS } from './boris.ts'
import { ELAN } from './elan.ts'
import { type Chords, chordsIn, type Keymap, type Mode, MODES, type Scope } from './modes.ts'
import { PRAAT } from './praat.ts'
import { SIGNWRIGHT } from './signwright.ts'

/** The keymaps that come with the program, in the order in which they are offered. */
export const KEYMAPS = { signwright: SIGNWRIGHT, elan: ELAN, aegisub: AEGISUB, praat: PRAAT, boris: BORIS }
export type KeymapName = keyof typeof KEYMAPS
export const KEYMAP_NAMES: Readonly<Record<KeymapName, string>> = {
  signwright: 'Signwright',
  elan: 'ELAN',
  aegisub: 'Aegisub',
  praat: 'Praat',
  boris: 'BORIS',
}

/** Command id → the user's own keys; an empty list takes the keys away. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>

/** A command's keys in a keymap, without the user's own. */
export function defaultKeys(id: string, name: KeymapName, mode: Mode | null): readonly string[] | undefined {
  const keymap: Keymap = KEYMAPS[name]
  const chords: Chords | undefined = keymap[id] ?? SIGNWRIGHT[id]
  return chords && chordsIn(chords, mode)
}

const ORDER = ['Control', 'Ctrl', 'Alt', 'Shift']

/** One spelling for one chord: `Shift+Alt+c` → `Alt+Shift+C`. */
export function normalChord(chord: string): string {
  const parts = chord.endsWith('+')
    ? [...chord.slice(0, -1).split('+').filter(Boolean), '+']
    : chord.split('+')
  const key = parts.at(-1) ?? ''
  const held = ORDER.filter(name => parts.slice(0, -1).includes(name))
  return [...held, key.length === 1 ? key.toUpperCase() : key].join('+')
}

/** Outside a Mac, Control and the menu key are the same. */
export function pressedAs(chord: string, isMac: boolean): string {
  return normalChord(isMac ? chord : chord.replaceAll('Control+', 'Ctrl+'))
}

/** Chords that Chromium and Firefox act on before the page hears of them. Electron has no such keys. */
const BROWSER_OWN = new Set(
  [
    'Ctrl+N',
    'Ctrl+Shift+N',
    'Ctrl+T',
    'Ctrl+Shift+T',
    'Ctrl+W',
    'Ctrl+Shift+W',
    'Ctrl+Q',
    'Ctrl+Shift+Q',
    'Ctrl+Tab',
    'Ctrl+Shift+Tab',
    'Ctrl+PageUp',
    'Ctrl+PageDown',
    'Alt+F4',
  ].map(normalChord),
)

export function isBrowsersOwn(chord: string): boolean {
  return BROWSER_OWN.has(pressedAs(chord, false))
}

/** The modes in which a command can be met; null stands for all that is not a mode. */
function placesOf(scopes: readonly Scope[]): (Scope | null)[] {
  return scopes.includes('everywhere') ? [null, 'corpus', 'review', ...MODES] : [...scopes]
}

function modeOf(place: Scope | null): Mode | null {
  return MODES.find(mode => mode === place) ?? null
}

export interface Conflict {
  chord: string
  with: CommandFact
}

export type KeysOf = (id: string, mode: Mode | null) => readonly string[]

interface Question {
  fact: CommandFact
  chords: readonly string[]
  all: readonly CommandFact[]
  keysOf: KeysOf
  isMac: boolean
}

/** The commands that could be meant by one of these chords where `fact` can be reached, each named once a chord. */
export function conflictsOf({ fact, chords, all, keysOf, isMac }: Question): Conflict[] {
  const wanted = new Set(chords.map(chord => pressedAs(chord, isMac)))
  const places = new Set(placesOf(fact.scopes))
  const found = new Map<string, Conflict>()
  for (const other of all) {
    if (other.id === fact.id || (fact.state && other.state && fact.state !== other.state)) continue
    for (const place of placesOf(other.scopes)) {
      if (!places.has(place)) continue
      for (const chord of keysOf(other.id, modeOf(place))) {
        const pressed = pressedAs(chord, isMac)
        if (wanted.has(pressed)) found.set(`${other.id} ${pressed}`, { chord, with: other })
      }
    }
  }
  return [...found.values()]
}

/** Conflicts inside a keymap, each pair once, with the mode in which they meet. */
export function conflictsWithin(
  all: readonly CommandFact[],
  keysOf: KeysOf,
  isMac: boolean,
): { chord: string; place: string; ids: string[] }[] {
  const places: (Scope | null)[] = [null, 'corpus', 'review', ...MODES]
  return places.flatMap(place => {
    const owners = new Map<string, CommandFact[]>()
    for (const fact of all) {
      if (!placesOf(fact.scopes).includes(place)) continue
      for (const chord of keysOf(fact.id, modeOf(place))) {
        const pressed = pressedAs(chord, isMac)
        owners.set(pressed, [...(owners.get(pressed) ?? []), fact])
      }
    }
    return [...owners]
      .filter(([, facts]) => !areApart(facts))
      .map(([chord, facts]) => ({ chord, place: place ?? 'everywhere', ids: facts.map(fact => fact.id) }))
  })
}

function areApart(facts: readonly CommandFact[]): boolean {
  const states = facts.map(fact => fact.state)
  return facts.length < 2 || (states.every(Boolean) && new Set(states).size === states.length)
}
