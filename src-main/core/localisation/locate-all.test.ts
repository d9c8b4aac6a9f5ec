import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import { convertSign2gpt } from '../../engine/bundle/convert-sign2gpt.ts'
import { SEEDED_GATES, SEEDED_GLOSSES, writeSeededSign2gpt } from '../../engine/testing/seeded-sign2gpt.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { makeVideos, testCore } from '../testing/workplace.ts'

const modelId = ModelId.parse('signs')
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

async function setup() {
  const dataDir = temporaryFolder()
  const sources = writeSeededSign2gpt(join(dataDir, 'sources'))
  const outDir = join(dataDir, 'built-in', 'signs')
  await convertSign2gpt({ ...sources, outDir, precision: 'fp32', card: { name: 'Signs' } })
  makeVideos(join(dataDir, 'videos'), 2)
  const core = await testCore(dataDir)
  closing.push(core.close)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dataDir, 'One.signwright'), name: 'One' })
  const settled = (id: Parameters<typeof core.settled>[0]) => core.settled(id, () => {})
  await settled((await api.importing.start({ source: join(dataDir, 'videos') })).id)
  const [first] = await api.clip.ids({ sort: 'name' })
  if (first === undefined) throw new Error('no clip')
  const extract = await api.job.extract({
    selection: { kind: 'ids', clipIds: [first] },
    modelId,
    device: 'cpu',
  })
  expect(await settled(extract.id)).toMatchObject({ state: 'done' })
  const { recordingId } = await api.clip.get({ clipId: first })
  return { api, first, recordingId, settled }
}

type Workplace = Awaited<ReturnType<typeof setup>>

async function outcome<Event extends { kind: string }>(events: AsyncIterable<Event>) {
  for await (const event of events)
    if (event.kind === 'done') return event as Extract<Event, { kind: 'done' }>
  throw new Error('no outcome')
}

/** On the manual tier: the strongest segment as the model finds it, one word elsewhere, and one it cannot know. */
async function annotate(
  { api, recordingId }: Workplace,
  segment: { word: string; startMs: number; endMs: number },
) {
  const tier = await api.annotation.createTier({ recordingId, name: 'Hand' })
  const { word, startMs, endMs } = segment
  await api.annotation.create({ tierId: tier.id, startMs, endMs, value: word.toUpperCase() })
  await api.annotation.create({ tierId: tier.id, startMs: 1990, endMs: 2000, value: 'GIBT-ES-NICHT' })
}

test('a seeded Sign2GPT tells words, gates and segments, and compares them with a tier', async () => {
  const place = await setup()
  const { api, first } = place
  expect(await api.model.gates({ modelId })).toEqual(SEEDED_GATES)
  expect(await api.localisation.words({ modelId, text: 'S', limit: 1 })).toEqual({
    total: 2,
    words: [{ word: 'sonne', count: 7 }],
  })

  const search = {
    selection: { kind: 'all' as const },
    modelId,
    words: { kind: 'words' as const, words: ['WIND', 'regen', 'nie-gehört'] },
    measure: 'A' as const,
    threshold: 0.02,
  }
  const found = await outcome(await api.localisation.segments(search))
  expect(found).toMatchObject({ clips: 1, withoutFeatures: ['clip-01'], unknown: ['nie-gehört'] })
  const [segment] = found.segments
  if (!segment) throw new Error('no segment')
  const { cells, glosses, A } = await api.localisation.ofClip({
    clipId: first,
    modelId,
    words: ['wind', 'regen'],
  })
  expect(glosses).toEqual(['wind', 'regen'])
  const inside = cells.flatMap(({ startMs, endMs }, at) =>
    startMs >= segment.startMs && endMs <= segment.endMs
      ? [A[at]?.[glosses.indexOf(segment.word)] ?? NaN]
      : [],
  )
  expect(segment.score).toBeCloseTo(Math.max(...inside), 6)
  expect(segment.mass).toBeCloseTo(
    inside.reduce((sum, value) => sum + value, 0),
    6,
  )

  await annotate(place, segment)
  const words = { kind: 'tier', tier: 'Hand' } as const
  const report = await outcome(await api.localisation.againstTier({ ...search, words, tier: 'Hand' }))
  expect(report).toMatchObject({ clips: 1, withoutAnnotations: 0, unknown: ['GIBT-ES-NICHT'] })
  expect(report.at).toMatchObject({ both: 1, extra: 0, missed: 0, precision: 1, recall: 1, f1: 1 })
  expect(report.sweep.at(-1)).toMatchObject({
    threshold: 0.95,
    both: 0,
    missed: 1,
    precision: null,
    recall: 0,
  })
  expect(report.points.words).toBe(1)

  const tiers = await api.annotation.tiers({ recordingId: place.recordingId })
  const tier = tiers.find(({ name }) => name === 'Hand')
  if (!tier) throw new Error('no tier')
  await api.annotation.create({ tierId: tier.id, startMs: 1900, endMs: 1980, value: 'KUESTE' })
  expect(await outcome(await api.localisation.againstTier({ ...search, words, tier: 'Hand' }))).toMatchObject(
    {
      points: { words: 2 },
      unknown: ['GIBT-ES-NICHT'],
      spelled: [{ value: 'KUESTE', word: 'küste' }],
    },
  )
})

test('without a beam width it translates with that of the model', async () => {
  const { api, first, settled } = await setup()
  const job = await api.job.translate({
    selection: { kind: 'ids', clipIds: [first] },
    modelId,
    device: 'cpu',
  })
  expect(await settled(job.id)).toMatchObject({ state: 'done' })
  const [run] = await api.run.list()
  expect(run?.parameters).toMatchObject({ beams: 4 })
  expect(SEEDED_GLOSSES).toHaveLength(8)
})
