import type { ImportPreview, ImportSource } from '#shared/contract/transfer.ts'
import { expect, test } from 'vitest'
import { clientOf, core, inApp } from '../../testing/test-core.ts'
import { importSource, useImport } from './use-import.ts'

function previewOf(input: Partial<ImportSource>): ImportPreview {
  return {
    format: 'folder',
    table: '/data/list.csv',
    tables: ['/data/list.csv'],
    delimiter: ',',
    encoding: 'utf-8',
    header: ['a', 'b'],
    columns: input.columns ?? ['id', 'text'],
    sampleRows: [],
    counts: { new: 3, known: 1, changed: 2, broken: 4 },
    clips: [],
    issues: [],
  }
}

function setup() {
  const asked: ImportSource[] = []
  const preview = core.importing.preview.handler(({ input }) => {
    asked.push(input)
    return previewOf(input)
  })
  const { result } = inApp(clientOf({ importing: { preview } }), useImport)
  return { ...result, asked }
}

test('sends only what the form says', () => {
  const form = {
    source: ' /data ',
    format: 'auto',
    table: '',
    columns: [],
    encoding: '',
    split: ' dev ',
    language: '',
    licence: '',
  } as const
  expect(importSource({ ...form, columns: [] })).toEqual({
    source: '/data',
    format: 'auto',
    licence: '',
    split: 'dev',
  })
})

test('previews again with a corrected column, and guesses anew for another source', async () => {
  const wizard = setup()
  await wizard.read({ source: '/data' })
  await wizard.setRole(1, 'gloss')
  await wizard.read({ source: '/other' })
  expect(wizard.asked.map(({ source, columns }) => ({ source, columns }))).toEqual([
    { source: '/data', columns: undefined },
    { source: '/data', columns: ['id', 'gloss'] },
    { source: '/other', columns: undefined },
  ])
})

test('offers what is new or changed, and asks nothing for an empty path', async () => {
  const wizard = setup()
  await wizard.read({ source: '  ' })
  expect([wizard.asked, wizard.importable.value]).toEqual([[], 0])
  await wizard.read({ source: '/data' })
  expect(wizard.importable.value).toBe(5)
})
