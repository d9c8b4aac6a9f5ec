import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { syntheticFrames } from '../bundle/check-frames.ts'
import { convertSpamo } from '../bundle/convert-spamo.ts'
import { MANIFEST_NAME } from '../bundle/manifest.ts'
import { difference, inBatches, temporaryFolder } from '../testing/golden.ts'
import { writeSeededModel } from '../testing/seeded-model.ts'
import { openSpamo } from './spamo.ts'

const signal = new AbortController().signal

async function outputs(dir: string) {
  const pipeline = await openSpamo(dir, { device: 'cpu', threads: 1 })
  const wants = { spatial: true, motion: true }
  const { spatial, motion } = await pipeline.extract(inBatches(syntheticFrames(40), 8), wants, {
    signal,
    onFrames: () => {},
  })
  if (!spatial || !motion) throw new Error('both were wanted')
  const { hypotheses } = await pipeline.translate({ spatial, motion }, { signal, maxLength: 10 })
  await pipeline.release()
  return { spatial, motion, tokens: hypotheses.map(({ tokens }) => tokens) }
}

/** Makes the written-out graphs the ones that a CPU uses. */
function swapVariants(dir: string): void {
  const path = join(dir, MANIFEST_NAME)
  let text = readFileSync(path, 'utf8')
  for (const graph of ['spatial', 'motion', 'encoder', 'step']) {
    const [fused, plain] = [`${graph}.onnx`, `${graph}.plain.onnx`]
    for (const [from, to] of [
      [fused, 'other'],
      [plain, fused],
      ['other', plain],
    ] as const) {
      renameSync(join(dir, from), join(dir, to))
      text = text.replace(`"path": "${from}"`, `"path": "${to}"`)
    }
  }
  writeFileSync(path, text)
}

test.each(['fp32', 'int8'] as const)(
  'attention written out gives what the fused one gives (%s)',
  async precision => {
    using folder = temporaryFolder()
    const dir = join(folder.path, 'bundle')
    await convertSpamo({ ...writeSeededModel(folder.path), outDir: dir, precision, card: { name: 'seeded' } })
    const fused = await outputs(dir)
    swapVariants(dir)
    const plain = await outputs(dir)
    for (const kind of ['spatial', 'motion'] as const) {
      const { data, shape } = fused[kind]
      expect(difference(plain[kind].data, data, shape[1]).cosine).toBeGreaterThan(
        precision === 'fp32' ? 0.9999999 : 0.9999,
      )
    }
    if (precision === 'fp32') expect(plain.tokens).toEqual(fused.tokens)
  },
)
