import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { BundleFile, BundleManifest } from './manifest.ts'

const SCHEMA = resolve(import.meta.dirname, '../../../models/signwright-model.schema.json')

test('the published JSON Schema is that of the program (UPDATE_SCHEMA=1 writes it)', () => {
  const schema = {
    $id: 'signwright-model.schema.json',
    title: 'Manifest of a Signwright model bundle (signwright-model.json)',
    ...z.toJSONSchema(BundleManifest, { io: 'input' }),
  }
  const text = `${JSON.stringify(schema, undefined, 2)}\n`
  if (process.env['UPDATE_SCHEMA']) writeFileSync(SCHEMA, text)
  expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(JSON.parse(text))
})

test.each(['../evil.onnx', '/etc/passwd', 'a/b.onnx', '.hidden', 'c:\\x', ''])(
  'a manifest cannot name the file %j',
  path => {
    const file = BundleFile.safeParse({ path, sha256: '0'.repeat(64), bytes: 1 })
    expect(file.success).toBe(false)
  },
)
