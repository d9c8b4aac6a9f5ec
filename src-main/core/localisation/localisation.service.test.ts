import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, describe, expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import { convertSign2gpt } from '../../engine/bundle/convert-sign2gpt.ts'
import { CHECKPOINTS, hasSign2gpt, PARTS, sign2gptJson } from '../../engine/testing/sign2gpt-golden.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

const modelId = ModelId.parse('signs')
const FRAMES = 50
const CELLS = 13

async function setup() {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  const { stage1, stage2 } = CHECKPOINTS
  const card = { name: 'Signs', textLanguages: ['de'] }
  const outDir = join(dataDir, 'built-in', 'signs')
  await convertSign2gpt({ ...PARTS, stage1, stage2, outDir, precision: 'fp32', card })
  makeVideos(join(dataDir, 'videos'), 1)
  const core = await testCore(dataDir)
  closing.push(core.close)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dataDir, 'One.signwright'), name: 'One' })
  await core.settled((await api.importing.start({ source: join(dataDir, 'videos') })).id, () => {})
  const [clipId] = await api.clip.ids({})
  if (clipId === undefined) throw new Error('no clip')
  const settled = (id: Parameters<typeof core.settled>[0]) => core.settled(id, () => {})
  return { api, clipId, settled }
}

describe.skipIf(!hasSign2gpt)('a Sign2GPT model in a corpus', () => {
  test('extracts, localises, translates and explains, through the same jobs', async () => {
    const { api, clipId, settled } = await setup()
    expect(await api.model.get({ modelId })).toMatchObject({
      kind: 'sign2gpt',
      abilities: ['translate', 'localise'],
      beams: 4,
    })
    const { effective } = sign2gptJson<{ effective: number[][] }>('stage2.expected/gates.json')
    expect(await api.model.gates({ modelId })).toEqual(
      effective.map(heads => heads.map(gate => expect.closeTo(gate, 6))),
    )
    await expect(api.localisation.ofClip({ clipId, modelId })).rejects.toMatchObject({
      code: 'not-found',
      data: { missing: 'features' },
    })

    const selection = { kind: 'all' } as const
    const extracted = await api.job.extract({ selection, modelId, device: 'cpu' })
    expect(await settled(extracted.id)).toMatchObject({ state: 'done', done: FRAMES })
    const words = ['wind', 'kein-wort', 'norden', 'wind']
    const found = await api.localisation.ofClip({ clipId, modelId, words })
    expect([found.glosses, found.unknown]).toEqual([['wind', 'norden'], ['kein-wort']])
    expect(found.cells).toHaveLength(CELLS)
    // Cells of four frames at 25 fps; the first stands for two.
    expect(found.cells.slice(0, 2)).toEqual([
      { startMs: 0, endMs: 80, firstFrame: 0, lastFrame: 1 },
      { startMs: 80, endMs: 240, firstFrame: 2, lastFrame: 5 },
    ])
    expect(found.cells.at(-1)?.endMs).toBe(2000)
    for (const [column, presence] of found.presence.entries()) {
      const mass = found.E.reduce((sum, row) => sum + (row[column] ?? NaN), 0)
      expect(mass).toBeCloseTo(presence, 5)
      expect(mass).toBeLessThanOrEqual(1)
    }
    const likeliest = await api.localisation.ofClip({ clipId, modelId })
    expect(likeliest.glosses).toHaveLength(20)
    expect(likeliest.presence).toEqual([...likeliest.presence].sort((a, b) => b - a))

    const job = await api.job.translate({
      selection,
      modelId,
      device: 'cpu',
      nBest: 2,
      maxLength: 16,
    })
    expect(await settled(job.id)).toMatchObject({ state: 'done' })
    const { hypotheses } = await api.clip.get({ clipId })
    const [best] = hypotheses.filter(({ runId }) => runId === job.runId)
    if (!best) throw new Error('no hypothesis')
    const [run] = await api.run.list()
    expect(run).toMatchObject({ kind: 'sign2gpt', parameters: { lengthRule: 'pinned', beams: 4 } })
    const explanation = await api.run.explanation({ hypothesisId: best.id })
    if (explanation.kind !== 'attention') throw new Error(explanation.kind)
    expect(explanation.visualTokens).toHaveLength(CELLS)
    expect(explanation.visualTokens[1]).toMatchObject({ startMs: 80, endMs: 240 })
    expect(explanation.visualTokens[1]?.nearest).toHaveLength(3)
    for (const { weights } of explanation.words)
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2)
  }, 180_000)

  test('a model without prototypes says so', async () => {
    const { api, clipId } = await setup()
    const tiny = ModelId.parse('tiny')
    await expect(api.localisation.ofClip({ clipId, modelId: tiny })).rejects.toMatchObject({
      code: 'model-unavailable',
    })
  })
})
