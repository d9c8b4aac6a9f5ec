import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { createDrafts } from './drafts.ts'

function memory(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage
}

const owner = { referenceId: 4 as ReferenceId }

test('gives back what was typed, colons and line ends included', () => {
  const drafts = createDrafts(memory(), '/a')
  drafts.write(owner, { text: 'um 10:30\nviel sonne', version: 3 })
  expect(drafts.read(owner)).toEqual({ text: 'um 10:30\nviel sonne', version: 3 })
})

test('is gone once it is stored', () => {
  const drafts = createDrafts(memory(), '/a')
  drafts.write(owner, { text: 'x', version: 1 })
  drafts.drop(owner)
  expect(drafts.read(owner)).toBeNull()
})

test('two corpora and two kinds of owner do not share drafts', () => {
  const storage = memory()
  createDrafts(storage, '/a').write(owner, { text: 'x', version: 1 })
  expect([
    createDrafts(storage, '/b').read(owner),
    createDrafts(storage, '/a').read({ newFor: 4 as ClipId }),
  ]).toEqual([null, null])
})
