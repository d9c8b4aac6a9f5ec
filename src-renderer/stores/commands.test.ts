import { expect, test } from 'vitest'
import { clientOf, inApp } from '../testing/test-core.ts'
import { type Command, useCommandRegistry } from './commands.ts'
import { useSettings } from './settings.ts'

function setup() {
  const ran: string[] = []
  const { result } = inApp(clientOf({}), () => ({ registry: useCommandRegistry(), settings: useSettings() }))
  const command = (id: string, more: Partial<Command>): Command => ({
    id,
    title: () => id,
    group: () => 'test',
    run: () => void ran.push(id),
    ...more,
  })

  function press(init: KeyboardEventInit, target: HTMLElement = document.body): boolean {
    let wasHandled = false
    const listen = (event: KeyboardEvent) => (wasHandled = result.registry.handleKey(event))
    if (target !== document.body) document.body.append(target)
    target.addEventListener('keydown', listen)
    target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
    target.removeEventListener('keydown', listen)
    return wasHandled
  }

  return { ...result, command, press, ran }
}

test("runs the screen's command rather than the shell's for the same key", () => {
  const { registry, command, press, ran } = setup()
  registry.add([command('shell', { keys: ['T'] })])
  const leave = registry.add([command('screen', { keys: ['T'] })])

  press({ key: 't' })
  leave()
  press({ key: 't' })

  expect(ran).toEqual(['screen', 'shell'])
})

test('falls to the next command where one does not apply now', () => {
  const { registry, command, press, ran } = setup()
  registry.add([command('shell', { keys: ['T'] })])
  registry.add([command('screen', { keys: ['T'], when: () => false })])
  press({ key: 't' })
  expect(ran).toEqual(['shell'])
})

test('a key of the number block means the command that names it before one that has its sign', () => {
  const { registry, command, press, ran } = setup()
  registry.add([command('block', { keys: ['NumpadAdd'] })])
  registry.add([command('sign', { keys: ['+'] })])
  press({ key: '+', code: 'NumpadAdd' })
  press({ key: '+', code: 'BracketRight' })
  expect(ran).toEqual(['block', 'sign'])
})

test('leaves Tab to the control that has the focus, so that no keymap keeps anybody there', () => {
  const { registry, command, press, ran } = setup()
  registry.add([command('play', { keys: ['Tab'] })])
  expect(press({ key: 'Tab' }, document.createElement('button'))).toBe(false)
  expect(press({ key: 'Tab' })).toBe(true)
  expect(ran).toEqual(['play'])
})

test('leaves keys to text fields, save for commands meant for them', () => {
  const { registry, command, press, ran } = setup()
  registry.add([
    command('letter', { keys: ['T'] }),
    command('save', { keys: ['Ctrl+Enter'], isForText: true }),
  ])
  const field = document.createElement('textarea')

  expect(press({ key: 't' }, field)).toBe(false)
  expect(press({ key: 'Enter', ctrlKey: true }, field)).toBe(true)
  expect(ran).toEqual(['save'])
})

test('leaves Space and Enter to the button that has the focus', () => {
  const { registry, command, press } = setup()
  registry.add([command('play', { keys: ['Space'] })])
  expect(press({ key: ' ' }, document.createElement('button'))).toBe(false)
  expect(press({ key: ' ' })).toBe(true)
})

test('does nothing while a word is being composed', () => {
  const { registry, command, press } = setup()
  registry.add([command('letter', { keys: ['T'] })])
  expect(press({ key: 't', isComposing: true })).toBe(false)
})

test('uses the keys of the keymap in the settings', () => {
  const { registry, settings, command, press, ran } = setup()
  registry.add([command('play', { keys: { signwright: ['Space'], elan: ['Ctrl+Space'] } })])
  settings.current = { ...settings.current, keymap: 'elan' }

  press({ key: ' ' })
  press({ key: ' ', ctrlKey: true })

  expect([ran, registry.keyOf('play')]).toEqual([['play'], 'Ctrl+Space'])
})

test("the user's own keys take the place of the keymap's, and an empty list takes them away", () => {
  const { registry, settings, command, press, ran } = setup()
  registry.add([command('annotation.create', {}), command('tier.create', {})])
  settings.current = {
    ...settings.current,
    ownKeys: { signwright: { 'annotation.create': ['Q'], 'tier.create': [] } },
  }

  press({ key: 'Enter' })
  press({ key: 't' })
  press({ key: 'q' })

  expect(ran).toEqual(['annotation.create'])
})

test('a key means what the mode on screen makes of it', () => {
  const { registry, settings, command, press, ran } = setup()
  settings.current = { ...settings.current, keymap: 'elan' }
  registry.add([command('timeline.centreSelection', {}), command('annotation.mergeNext', {})])

  registry.mode = 'annotation'
  press({ key: 'A', code: 'KeyA', ctrlKey: true, shiftKey: true })
  registry.mode = 'segmentation'
  press({ key: 'A', code: 'KeyA', ctrlKey: true, shiftKey: true })

  expect(ran).toEqual(['timeline.centreSelection', 'annotation.mergeNext'])
})
