import { join } from 'node:path'
import { expect, test } from 'vitest'
import { convertSpamo } from '../bundle/convert-spamo.ts'
import { temporaryFolder } from '../testing/golden.ts'
import { writeSeededModel } from '../testing/seeded-model.ts'
import { compareWithCpu } from './compare-with-cpu.ts'
import { cosine, smallestCosine } from './cosine.ts'

test('a device that computes what the CPU does is safe', async () => {
  using folder = temporaryFolder()
  const outDir = join(folder.path, 'bundle')
  await convertSpamo({
    ...writeSeededModel(folder.path),
    outDir,
    precision: 'fp32',
    card: { name: 'seeded' },
  })
  const result = await compareWithCpu(outDir, 'cpu', 1)
  expect(result.isSafe).toBe(true)
})

test('cosine is that of the worst row, and no number for no number', () => {
  const a = Float32Array.of(1, 0, 0, 1)
  expect(smallestCosine(a, Float32Array.of(1, 0, 1, 0), 2)).toBe(0)
  expect(cosine(a, Float32Array.of(2, 0, 0, 2))).toBeCloseTo(1, 12)
  expect(cosine(a, Float32Array.of(NaN, 0, 0, 1)) >= 0.5).toBe(false)
})
