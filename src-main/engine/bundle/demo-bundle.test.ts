import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSpamo } from '../pipelines/spamo.ts'
import { inBatches } from '../testing/golden.ts'
import { syntheticFrames } from './check-frames.ts'
import { MANIFEST_NAME } from './manifest.ts'
import { openBundle } from './open-bundle.ts'

const DEMO = resolve(import.meta.dirname, '../../../models/demo')
const signal = new AbortController().signal
const SIGN2GPT = resolve(DEMO, '../demo-sign2gpt')
const MAX_BYTES = { [DEMO]: 15_000_000, [SIGN2GPT]: 12_000_000 }

describe.skipIf(!existsSync(join(DEMO, MANIFEST_NAME)))('the demo bundles', () => {
  test.each([DEMO, SIGN2GPT])('%s is sound, fits a repository, and warns wherever it is used', async dir => {
    const bundle = openBundle(dir)
    const checks = await bundle.verify()
    expect(checks.filter(check => !check.isSound)).toEqual([])
    expect(bundle.manifest.files.reduce((sum, file) => sum + file.bytes, 0)).toBeLessThan(MAX_BYTES[dir] ?? 0)
    expect([bundle.manifest.warning, bundle.manifest.domain].every(text => (text ?? '').length > 20)).toBe(
      true,
    )
  })

  test('turns frames into a sentence, the same every time', async () => {
    const pipeline = await openSpamo(DEMO, { device: 'cpu', threads: 1 })
    const sentences = []
    for (const batch of [5, 24]) {
      const frames = inBatches(syntheticFrames(24), batch)
      const { spatial, motion } = await pipeline.extract(
        frames,
        { spatial: true, motion: true },
        { signal, onFrames: () => {} },
      )
      if (!spatial || !motion) throw new Error('both were wanted')
      const { hypotheses } = await pipeline.translate({ spatial, motion }, { signal })
      sentences.push(hypotheses.map(({ text }) => text))
    }
    await pipeline.release()
    expect(sentences[0]).toHaveLength(5)
    expect(sentences[0]?.[0]).toMatch(/\p{Letter}/u)
    expect(sentences[0]).toEqual(sentences[1])
  })
})
