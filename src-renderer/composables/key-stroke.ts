/**
 * Keys are written `Ctrl+Shift+Z`, `Space`, `ArrowLeft`, `?`. On a Mac `Ctrl` means the Command key.
 * Shift is not named for signs that are only reached with it (`?`, `+`): keyboards differ in which they are.
 */
export interface KeyStroke {
  key: string
  ctrl: boolean
  shift: boolean
  alt: boolean
}

type KeyLike = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)

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
    shift: has('Shift'),
    alt: has('Alt'),
  }
}

/** The key pressed; `code` is asked where Alt or Shift turned a letter or digit into another sign. */
function keyOf(event: KeyLike, stroke: KeyStroke): string {
  const written = event.key.toLowerCase()
  if (written === stroke.key) return written
  if (/^[a-z]$/.test(stroke.key) && !/^[a-z]$/.test(written))
    return event.code.replace(/^Key/, '').toLowerCase()
  if (/^\d$/.test(stroke.key)) return event.code.replace(/^(Digit|Numpad)/, '')
  return written
}

export function matchesStroke(event: KeyLike, stroke: KeyStroke): boolean {
  if (keyOf(event, stroke) !== stroke.key) return false
  const ctrl = isMac ? event.metaKey : event.ctrlKey
  if (ctrl !== stroke.ctrl || event.altKey !== stroke.alt) return false
  return event.shiftKey === stroke.shift || (isSign(stroke.key) && stroke.key !== ' ')
}

const SHOWN: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
}

/** For a `kbd` element: `Ctrl+ArrowLeft` → `Ctrl ←`. */
export function shownKeys(keys: string): string {
  const parts = keys.endsWith('+') ? [...keys.slice(0, -1).split('+').filter(Boolean), '+'] : keys.split('+')
  return parts.map(part => (part === 'Ctrl' && isMac ? '⌘' : (SHOWN[part] ?? part))).join(' ')
}
