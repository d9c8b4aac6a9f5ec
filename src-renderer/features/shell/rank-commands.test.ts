import { expect, test } from 'vitest'
import type { Command } from '../../stores/commands.ts'
import { rankCommands } from './rank-commands.ts'

const named = (title: string): Command => ({ id: title, title: () => title, group: () => '', run: () => {} })
const commands = ['Go to Export', 'Export…', 'Open the demo corpus', 'Theme: dark'].map(named)
const found = (typed: string) => rankCommands(commands, typed).map(command => command.id)

test('puts a title that starts with the text before one with such a word', () => {
  expect(found('exp')).toEqual(['Export…', 'Go to Export'])
})

test('finds a word behind a colon, and initials where nothing is better', () => {
  expect(found('dark')).toEqual(['Theme: dark'])
  expect(found('otdc')).toEqual(['Open the demo corpus'])
})

test('lists everything for no text and nothing for nonsense', () => {
  expect([found('').length, found('zzz')]).toEqual([4, []])
})
