import { expect, test } from 'vitest'
import { readKeyFile, writeKeyFile } from './own-keys-file.ts'

test('own keys come back from their file; unknown commands are named and left out', () => {
  const keys = { 'annotation.split': ['Ctrl+Alt+X'], 'tier.create': [] }
  expect(readKeyFile(writeKeyFile('elan', keys))).toEqual({ keys, unknown: [] })
  expect(readKeyFile(writeKeyFile('elan', { ...keys, 'moon.walk': ['M'] }))).toEqual({
    keys,
    unknown: ['moon.walk'],
  })
})

test.each(['{', '{"keys":{}}', '{"signwrightKeys":1,"keymap":"elan","keys":{"tier.create":"T"}}'])(
  'refuses %s with a reason',
  text => {
    expect(() => readKeyFile(text)).toThrow(/\S/)
  },
)
