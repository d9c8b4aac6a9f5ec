import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/golden.ts'
import { MANIFEST_NAME } from './manifest.ts'
import { openBundle } from './open-bundle.ts'

const DEMO = resolve(import.meta.dirname, '../../../models/demo')

test('says of a model of an earlier format that it has to be converted again, and where it is', () => {
  using folder = temporaryFolder()
  const dir = join(folder.path, 'old')
  cpSync(DEMO, dir, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(dir, MANIFEST_NAME), 'utf8')) as Record<string, unknown>
  writeFileSync(join(dir, MANIFEST_NAME), JSON.stringify({ ...manifest, format: 1 }))
  expect(() => openBundle(dir)).toThrow(
    expect.objectContaining({
      code: 'model-unavailable',
      message: expect.stringMatching(/earlier version.*convert it again/) as unknown,
      details: { file: join(dir, MANIFEST_NAME) },
    }),
  )
})
