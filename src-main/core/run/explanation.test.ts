import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import type { TranslateInput } from '#shared/contract/job.ts'
import type { z } from 'zod'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

async function setup() {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  makeVideos(join(dataDir, 'videos'), 2)
  const core = await testCore(dataDir)
  closing.push(core.close)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dataDir, 'Two.signwright'), name: 'Two' })
  await core.settled((await api.importing.start({ source: join(dataDir, 'videos') })).id, () => {})
  const clipIds = await api.clip.ids({})

  async function translate(wish: Partial<z.input<typeof TranslateInput>>) {
    const job = await api.job.translate({
      selection: { kind: 'all' },
      modelId: ModelId.parse('tiny'),
      device: 'cpu',
      maxLength: 12,
      beams: 3,
      nBest: 3,
      ...wish,
    })
    expect(await core.settled(job.id, () => {})).toMatchObject({ state: 'done' })
    const found = []
    for (const clipId of clipIds) {
      const { hypotheses } = await api.clip.get({ clipId })
      found.push(...hypotheses.filter(({ runId }) => runId === job.runId))
    }
    return { found, run: (await api.run.list()).find(({ id }) => id === job.runId) }
  }
  return { api, clipIds, translate }
}

test('a seed repeats a sampled run, stored with all that it takes; another seed gives another one', async () => {
  const { translate } = await setup()
  const runs = []
  for (const seed of [7, 7, 8]) runs.push(await translate({ decoding: 'sample', seed, topP: 1, topK: 0 }))
  const texts = runs.map(({ found }) => found.map(({ text, score }) => ({ text, score })))
  expect(texts[1]).toEqual(texts[0])
  expect(texts[2]).not.toEqual(texts[0])
  expect(runs[0]?.run?.parameters).toMatchObject({
    decoding: expect.stringContaining('sampling') as unknown,
    seed: 7,
    temperature: 1,
    topK: 0,
    topP: 1,
    beams: 3,
    inContextExamples: 'none',
  })
})

test('a hypothesis tells for each word where in the clip the model looked', async () => {
  const { api, clipIds, translate } = await setup()
  const { found } = await translate({})
  const clip = await api.clip.get({ clipId: clipIds[0]! })
  for (const { id, text } of found.filter(({ id }) => clip.hypotheses.some(each => each.id === id))) {
    const explained = await api.run.explanation({ hypothesisId: id })
    if (explained.kind !== 'attention') throw new Error(explained.kind)
    expect([explained.binEdgesMs[0], explained.binEdgesMs.at(-1)]).toEqual([0, 2000])
    // 50 frames and 5 windows are 55 joint rows.
    expect(explained.visualTokens).toHaveLength(10)
    expect(explained.visualTokens[1]).toMatchObject({ startMs: 160, endMs: 800, stream: 'spatial' })
    expect(explained.visualTokens.every(({ nearest }) => nearest.length === 3)).toBe(true)
    for (const word of explained.words) {
      expect(text.slice(word.from, word.to)).toMatch(/^\S+$/)
      expect(word.weights).toHaveLength(50)
      const sum = word.weights.reduce((total, weight) => total + weight, 0)
      expect(sum).toBeGreaterThan(0)
      expect(sum).toBeLessThan(1.001)
      expect(word.peakMs).toBeGreaterThanOrEqual(0)
      expect(word.peakMs).toBeLessThan(2000)
    }
  }
})

test('where the model looked is told on the time line of the recording', async () => {
  const { api, clipIds, translate } = await setup()
  const { found } = await translate({})
  const { mediaId, ...clip } = await api.clip.get({ clipId: clipIds[0]! })
  const hypothesisId = found.find(({ id }) => clip.hypotheses.some(each => each.id === id))!.id
  const before = await api.run.explanation({ hypothesisId })
  await api.media.setOffset({ mediaId, offsetMs: -500 })
  const after = await api.run.explanation({ hypothesisId })
  if (before.kind !== 'attention' || after.kind !== 'attention') throw new Error(after.kind)
  expect(after.binEdgesMs).toEqual(before.binEdgesMs.map(timeMs => timeMs + 500))
  expect(after.words.map(({ peakMs }) => peakMs)).toEqual(before.words.map(({ peakMs }) => peakMs + 500))
  expect(await api.clip.get({ clipId: clipIds[0]! })).toMatchObject({ startMs: 500, endMs: 2500 })
})

test('examples: the release puts references of other clips into the prompt, and the run says so for ever', async () => {
  const { api, clipIds, translate } = await setup()
  await expect(translate({ examples: 'train' })).rejects.toMatchObject({ code: 'invalid-input' })
  for (const [at, clipId] of clipIds.entries())
    for (const [language, text] of [
      ['', `satz ${at}`],
      ['en', `sentence ${at}`],
    ] as const)
      await api.reference.save({ clipId, text, language })
  const { run } = await translate({ examples: 'as-released' })
  expect(run).toMatchObject({
    warning: expect.stringContaining('leak') as unknown,
    parameters: { inContextExamples: 'as-released', seed: 1 },
  })

  await api.clip.update({ selection: { kind: 'ids', clipIds: [clipIds[1]!] }, changes: { split: 'train' } })
  const trained = await translate({ examples: 'train', selection: { kind: 'ids', clipIds: [clipIds[0]!] } })
  expect(trained.run).toMatchObject({
    warning: null,
    parameters: { inContextExamples: 'train', example: '"sentence 1=satz 1."' },
  })
})
