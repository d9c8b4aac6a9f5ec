import { expect, test } from 'vitest'
import { chordOf, matchesStroke, parseKeys, shownKeys } from './key-stroke.ts'

function press(key: string, modifiers: Partial<KeyboardEventInit> = {}, code = '') {
  return { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers }
}

const matches = (keys: string, event: ReturnType<typeof press>) => matchesStroke(event, parseKeys(keys))

test('takes modifiers exactly', () => {
  expect(matches('Ctrl+Z', press('z', { ctrlKey: true }))).toBe(true)
  expect(matches('Ctrl+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false)
  expect(matches('Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true)
  expect(matches('T', press('t', { altKey: true }))).toBe(false)
})

test('asks for no Shift where a sign needs it on some keyboards', () => {
  expect(matches('?', press('?', { shiftKey: true }))).toBe(true)
  expect(matches('/', press('/', { shiftKey: true }))).toBe(true)
  expect(matches('Ctrl++', press('+', { ctrlKey: true }))).toBe(true)
})

test('tells Space with and without Shift apart', () => {
  expect(matches('Space', press(' '))).toBe(true)
  expect(matches('Space', press(' ', { shiftKey: true }))).toBe(false)
  expect(matches('Shift+Space', press(' ', { shiftKey: true }))).toBe(true)
})

test('knows the digit and letter under another sign or script', () => {
  expect(matches('Shift+1', press('!', { shiftKey: true }, 'Digit1'))).toBe(true)
  expect(matches('Alt+2', press('™', { altKey: true }, 'Digit2'))).toBe(true)
  expect(matches('Ctrl+S', press('ы', { ctrlKey: true }, 'KeyS'))).toBe(true)
})

test('tells the number block from the row of digits where a keymap does', () => {
  expect(matches('Numpad4', press('4', {}, 'Numpad4'))).toBe(true)
  expect(matches('Numpad4', press('4', {}, 'Digit4'))).toBe(false)
  expect(matches('NumpadAdd', press('+', {}, 'NumpadAdd'))).toBe(true)
  expect(['Numpad4', 'Ctrl+NumpadAdd'].map(shownKeys)).toEqual(['Num 4', 'Ctrl Num +'])
})

test('shows keys as they are printed on keyboards', () => {
  expect(['Ctrl+Shift+Z', 'Alt+ArrowLeft', 'Ctrl++', 'Escape'].map(shownKeys)).toEqual([
    'Ctrl Shift Z',
    'Alt ←',
    'Ctrl +',
    'Esc',
  ])
})

test.each([
  ['Ctrl+Shift+E', press('E', { ctrlKey: true, shiftKey: true }, 'KeyE')],
  ['Alt+N', press('ñ', { altKey: true }, 'KeyN')],
  ['Shift+Space', press(' ', { shiftKey: true }, 'Space')],
  ['?', press('?', { shiftKey: true }, 'Slash')],
  ['Ctrl+5', press('5', { ctrlKey: true }, 'Digit5')],
  ['Alt+ArrowLeft', press('ArrowLeft', { altKey: true }, 'ArrowLeft')],
])('a press of %s is written so, and is found again by what was written', (chord, event) => {
  expect(chordOf(event)).toBe(chord)
  expect(matches(chord, event)).toBe(true)
})

test('modifiers alone are no chord', () => {
  expect(chordOf(press('Shift', { shiftKey: true }, 'ShiftLeft'))).toBeNull()
})
