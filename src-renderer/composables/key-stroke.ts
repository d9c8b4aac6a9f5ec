/**
 * Keys are written `Ctrl+Shift+Z`, `Space`, `ArrowLeft`, `?`. On a Mac `Ctrl` means the Command key, `Control` the
 * key of that name; elsewhere they are the same.
 * `Numpad4` is that key of the number block, `4` the digit wherever it is.
 * Shift is not named for signs that are only reached with it (`?`, `+`): keyboards differ in which they are.
 */
export interface KeyStroke {
  key: string
  ctrl: boolean
  /** Control as such, also on a Mac. */
  control: boolean
  shift: boolean
  alt: boolean
}

type KeyLike = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)

function isSign(key: string): boolean {
  return key.length === 1 && key.toLowerCase() === key.toUpperCase() && !/\d/.test(key)
}

export function parseKeys(keys: string): KeyStroke {
  const parts = keys.endsWith('+') ? [...keys.slice(0, -1).split('+').filter(Boolean), '+'] : keys.split('+')
  const key = parts.at(-1) ?? ''
  const has = (name: string) => parts.slice(0, -1).includes(name)
  return {
    key: key === 'Space' ? ' ' : key.toLowerCase(),
    ctrl: has('Ctrl'),
    control: has('Control'),
    shift: has('Shift'),
    alt: has('Alt'),
  }
}

const isNumpadKey = (key: string) => key.startsWith('numpad')

/** The key pressed; `code` is asked where Alt or Shift turned a letter or digit into another sign. */
function keyOf(event: KeyLike, stroke: KeyStroke): string {
  const written = event.key.toLowerCase()
  if (written === stroke.key) return written
  if (isNumpadKey(stroke.key)) return event.code.toLowerCase()
  if (/^[a-z]$/.test(stroke.key) && !/^[a-z]$/.test(written))
    return event.code.replace(/^Key/, '').toLowerCase()
  if (/^\d$/.test(stroke.key)) return event.code.replace(/^(Digit|Numpad)/, '')
  return written
}

function holdsControl(event: KeyLike, stroke: KeyStroke): boolean {
  if (!isMac) return event.ctrlKey === (stroke.ctrl || stroke.control)
  return event.metaKey === stroke.ctrl && event.ctrlKey === stroke.control
}

/** The chord that a key press is, as it is written; null while only modifiers are held. */
export function chordOf(event: KeyLike): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Unidentified'].includes(event.key)) return null
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1] ?? /^Digit(\d)$/.exec(event.code)?.[1]
  const isPlainSign = isSign(event.key) && event.key !== ' '
  const key = event.key === ' ' ? 'Space' : isPlainSign && !event.altKey ? event.key : (letter ?? event.key)
  const shift = event.shiftKey && !(isPlainSign && key === event.key)
  const [ctrl, control] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, false]
  const held = [control && 'Control', ctrl && 'Ctrl', event.altKey && 'Alt', shift && 'Shift']
  return [...held.filter(name => name !== false), key].join('+')
}

export function matchesStroke(event: KeyLike, stroke: KeyStroke): boolean {
  if (keyOf(event, stroke) !== stroke.key) return false
  if (event.altKey !== stroke.alt || !holdsControl(event, stroke)) return false
  return event.shiftKey === stroke.shift || (isSign(stroke.key) && stroke.key !== ' ')
}

const SHOWN: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  Control: 'Ctrl',
  NumpadAdd: 'Num +',
  NumpadSubtract: 'Num −',
}

/** For a `kbd` element: `Ctrl+ArrowLeft` → `Ctrl ←`. */
export function shownKeys(keys: string): string {
  const parts = keys.endsWith('+') ? [...keys.slice(0, -1).split('+').filter(Boolean), '+'] : keys.split('+')
  return parts
    .map(part => (part === 'Ctrl' && isMac ? '⌘' : (SHOWN[part] ?? part.replace(/^Numpad/, 'Num '))))
    .join(' ')
}
