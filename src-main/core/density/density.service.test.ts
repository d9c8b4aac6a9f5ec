import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DensityInput } from '#shared/contract/density.ts'
import { ModelId } from '#shared/contract/ids.ts'
import { readMatrix } from '../../formats/npy.ts'
import { createCore } from '../core.ts'
import { silentLog } from '../testing/corpus.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const modelId = ModelId.parse('demo-sign2gpt')
/** Z* has a row for each second frame; the demo clips have 25 frames a second. */
const FRAME_MS = 40
/** Clips of the demo corpus whose features are extracted here. */
const CLIPS = ['test-0001', 'test-0002', 'test-0003', 'test-0004']

/** Of all tests of the file. */
const folder = mkdtempSync(join(tmpdir(), 'signwright-test-'))
let place: Awaited<ReturnType<typeof setup>>
let closing = () => Promise.resolve()
beforeAll(async () => void (place = await setup()), 300_000)
afterAll(async () => {
  await closing()
  rmSync(folder, { recursive: true, force: true })
})

async function setup() {
  const core = await createCore({
    shell: 'test',
    dataDir: join(folder, 'data'),
    resourcesDir: join(repository, 'resources'),
    modelsDir: join(repository, 'models'),
    version: '0.0.0',
    log: silentLog,
    resumeJobs: false,
  })
  closing = core.close
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.demo({ dir: join(folder, 'Demo.signwright') })
  const selection = { kind: 'names' as const, names: CLIPS }
  const { id } = await api.job.extract({ selection, modelId, device: 'cpu', outDir: join(folder, 'out') })
  expect(await core.settled(id, () => {})).toMatchObject({ state: 'done' })
  const measured = async (input: DensityInput) => {
    for await (const event of await api.density.measure(input)) if (event.kind === 'done') return event
    throw new Error('no report')
  }
  return { api, features: join(folder, 'out', 'zstar', 'Demo', 'test'), measured }
}

/** From the exported files and the tier as they are: vectors of each gloss whose frame lies in an annotation of it. */
async function vectorsByGloss(): Promise<Map<string, number[][]>> {
  const { api, features } = place
  const groups = new Map<string, number[][]>()
  for (const name of CLIPS) {
    const { data, shape } = await readMatrix(join(features, `${name}.npy`))
    const [clipId] = await api.clip.ids({ sort: 'name', filter: { text: name } })
    if (clipId === undefined) throw new Error(name)
    const { recordingId } = await api.clip.get({ clipId })
    const tier = (await api.annotation.tiers({ recordingId })).find(each => each.name === 'Gloss')
    for (const each of await api.annotation.list({ recordingId }))
      for (let row = 0; each.tierId === tier?.id && row < shape[0]; row++) {
        const middle = (2 * row + 0.5) * FRAME_MS
        if (middle < each.startMs || middle >= each.endMs) continue
        const vector = [...data.subarray(row * shape[1], (row + 1) * shape[1])]
        groups.set(each.value, [...(groups.get(each.value) ?? []), vector])
      }
  }
  return groups
}

const distance = (x: number[], y: number[]) => Math.hypot(...x.map((value, at) => value - (y[at] ?? NaN)))
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('density of extracted features is that of the files they are exported to', async () => {
  const { api, measured } = place
  const input = {
    selection: { kind: 'all' },
    modelId,
    stream: 'zstar',
    glosses: { kind: 'tier', tier: 'Gloss' },
    instances: 'every',
    least: 4,
    most: 200,
  } satisfies DensityInput
  const report = await measured(input)

  const all = await vectorsByGloss()
  const groups = [...all].filter(([, vectors]) => vectors.length >= 4)
  const expected = groups.map(([gloss, vectors]) => {
    const intra = mean(
      vectors.flatMap((x, i) => vectors.flatMap((y, j) => (i === j ? [] : [distance(x, y)]))),
    )
    const others = groups.filter(([other]) => other !== gloss)
    const far = others.map(([, other]) => mean(vectors.flatMap(x => other.map(y => distance(x, y)))))
    return { gloss, instances: vectors.length, intra, inter: mean(far), ratio: intra / mean(far) }
  })
  expect(report.glosses.map(({ gloss }) => gloss).toSorted()).toEqual(
    expected.map(({ gloss }) => gloss).toSorted(),
  )
  for (const { gloss, instances, ...figures } of expected) {
    const found = report.glosses.find(each => each.gloss === gloss)
    expect(found?.instances, gloss).toBe(instances)
    for (const figure of ['intra', 'inter', 'ratio'] as const)
      expect(found?.[figure], `${gloss} ${figure}`).toBeCloseTo(figures[figure], 6)
  }
  expect(report.ratio).toBeCloseTo(mean(expected.map(({ ratio }) => ratio)), 6)
  expect(report.clips).toBe(CLIPS.length)
  expect(report.points).toHaveLength(report.instances)
  const { rows } = await api.clip.list({ sort: 'name', limit: 100 })
  expect(report.leftOut.withoutFeatures).toHaveLength(rows.length - CLIPS.length)
  expect(report.leftOut.tooFew.map(({ gloss }) => gloss)).toEqual(
    [...all]
      .filter(([, vectors]) => vectors.length < 4)
      .map(([gloss]) => gloss)
      .toSorted(),
  )

  const capped = await measured({ ...input, most: 4 })
  expect(capped.instances).toBe(4 * capped.glosses.length)
  expect(capped.leftOut.beyondMost).toBe(report.instances - capped.instances)

  const localised = await measured({
    ...input,
    glosses: { kind: 'localised', modelId, measure: 'A', threshold: 0.3 },
  })
  const { words } = await api.localisation.words({ modelId, limit: 500 })
  expect(words.map(({ word }) => word)).toEqual(
    expect.arrayContaining(localised.glosses.map(({ gloss }) => gloss)),
  )
})

test('what cannot be measured is refused with what to do instead', async () => {
  const { measured } = place
  const input = {
    selection: { kind: 'names', names: CLIPS },
    modelId,
    stream: 'zstar',
    glosses: { kind: 'tier', tier: 'Gloss' },
    instances: 'centre',
    least: 2,
    most: 200,
  } satisfies DensityInput
  await expect(measured({ ...input, stream: 'spatial' })).rejects.toThrow('It has: zstar')
  const without = { ...input, modelId: ModelId.parse('demo'), stream: 'motion' as const }
  await expect(measured(without)).rejects.toThrow('None of the 4 clips has features of')
  await expect(measured({ ...input, least: 900 })).rejects.toThrow('No gloss has 900 instances')
  const nowhere = { ...input, glosses: { kind: 'tier' as const, tier: 'Nowhere' } }
  await expect(measured(nowhere)).rejects.toThrow('Choose another tier')
})
