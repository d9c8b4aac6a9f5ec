import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClipId, JobId } from '#shared/contract/ids.ts'
import { encodeNpy } from '../../../formats/npy.ts'
import { makeVideos, testCore } from '../../testing/workplace.ts'

/** Of both test videos: two seconds of 25 frames. */
const FRAMES = 50

/** Of all tests of the file. */
const folder = mkdtempSync(join(tmpdir(), 'signwright-test-'))

async function setup() {
  makeVideos(join(folder, 'videos'), 2)
  const core = await testCore(join(folder, 'data'))
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(folder, 'One.signwright'), name: 'One' })
  const finish = async ({ id }: { id: JobId }) => core.settled(id, () => {})
  await finish(await api.importing.start({ source: join(folder, 'videos') }))
  const clips = await api.clip.ids({ sort: 'name' })
  const write = (name: string, content: object) => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(content, null, 1))
    return path
  }
  const outputOf = async (clipId: ClipId, run: string) => {
    const { hypotheses } = await api.clip.get({ clipId })
    const output = hypotheses.find(({ runName }) => runName === run)
    if (!output) throw new Error(`no output of ${run}`)
    return output
  }
  return { core, api, clips, finish, write, outputOf }
}

let place: Awaited<ReturnType<typeof setup>>
beforeAll(async () => void (place = await setup()))
afterAll(async () => {
  await place.core.close()
  rmSync(folder, { recursive: true, force: true })
})

const VOCABULARY = ['<blank>', 'REGEN', 'WIND']
/** Step by step the blank is likelier than the gloss, but all paths with the gloss together are likelier than none. */
const UNSURE = [
  [
    [0, Math.log(0.6)],
    [1, Math.log(0.4)],
  ],
  [
    [0, Math.log(0.6)],
    [1, Math.log(0.4)],
  ],
]

test('frame labels become glosses that WER scores, with their spans in the video', async () => {
  const { api, finish, write, outputOf, clips } = place
  const [first] = clips
  if (!first) throw new Error('no clip')
  const labels = [0, 0, 1, 1, 0, 1, 2, 2, 2, 0]
  const source = write('labels.json', {
    vocabulary: VOCABULARY,
    blank: 0,
    stride: 5,
    clips: [{ id: 'clip-00', labels }],
  })
  const preview = await api.importing.previewPredictions({ source, run: 'labels' })
  expect(preview).toMatchObject({ format: 'ctc', alignment: 'names', issues: [] })
  expect(await finish(await api.importing.startPredictions({ source, run: 'labels' }))).toMatchObject({
    state: 'done',
  })
  const output = await outputOf(first, 'labels')
  expect(output.text).toBe('REGEN REGEN WIND')
  expect(await api.run.list()).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'labels', task: 'CSLR', kind: 'imported' })]),
  )
  const read = await api.run.explanation({ hypothesisId: output.id })
  if (read.kind !== 'ctc') throw new Error(read.kind)
  expect(read.blankShare).toBeCloseTo(0.4, 9)
  expect(read.glosses).toEqual(['', 'REGEN', 'WIND'])
  expect(read.cells).toHaveLength(labels.length)
  expect(read.cells.at(-1)).toMatchObject({ endMs: FRAMES * 40, lastFrame: FRAMES - 1 })
  expect(read.greedy).toEqual(read.beam)
  expect(read.beam.map(({ gloss, startMs, endMs }) => [gloss, startMs, endMs])).toEqual([
    ['REGEN', 400, 800],
    ['REGEN', 1000, 1200],
    ['WIND', 1200, 1800],
  ])

  const { recordingId, mediaId } = await api.clip.get({ clipId: first })
  await api.media.setOffset({ mediaId, offsetMs: -500 })
  const moved = await api.run.explanation({ hypothesisId: output.id })
  expect(moved).toMatchObject({
    cells: read.cells.map(cell => ({ ...cell, startMs: cell.startMs + 500, endMs: cell.endMs + 500 })),
    beam: [{ startMs: 900, endMs: 1300 }, { startMs: 1500 }, { startMs: 1700 }],
  })
  await api.edit.undo()

  const tier = await api.annotation.createTier({ recordingId, name: 'Gloss' })
  for (const [at, value] of ['REGEN', 'WIND'].entries())
    await api.annotation.create({ tierId: tier.id, startMs: 800 * at, endMs: 800 * at + 400, value })
  const scored = await api.run.score({ runId: output.runId, glossTier: 'Gloss' })
  expect(scored.scores.find(({ metric }) => metric.startsWith('WER'))?.score).toBeCloseTo(50, 6)

  await api.edit.undo()
})

test('sums over paths and the best path may differ, and the choice is the output', async () => {
  const { api, finish, write, outputOf, clips } = place
  const [first] = clips
  if (!first) throw new Error('no clip')
  const content = { vocabulary: VOCABULARY, blank: '<blank>', clips: [{ id: 'clip-00', steps: UNSURE }] }
  const source = write('unsure.json', content)
  for (const decoding of ['beam', 'greedy'] as const)
    await finish(await api.importing.startPredictions({ source, run: decoding, ctc: { decoding } }))
  const beam = await outputOf(first, 'beam')
  expect(beam.text).toBe('REGEN')
  expect((await outputOf(first, 'greedy')).text).toBe('')
  const read = await api.run.explanation({ hypothesisId: beam.id })
  expect(read).toMatchObject({ kind: 'ctc', greedy: [], beam: [{ gloss: 'REGEN' }], blankShare: 1 })
})

test('matrices in a folder are found by the names of their clips', async () => {
  const { api, finish, outputOf, clips } = place
  const dir = join(folder, 'matrices')
  mkdirSync(dir)
  const rows = [
    [0.1, 0.8, 0.1],
    [0.9, 0.05, 0.05],
    [0.2, 0.1, 0.7],
  ]
  for (const name of ['clip-00', 'clip-01'])
    writeFileSync(join(dir, `${name}.npy`), encodeNpy(Float32Array.from(rows.flat()), [3, 3]))
  const preview = () => api.importing.previewPredictions({ source: dir, run: 'matrices' })
  await expect(preview()).rejects.toThrow('There is no vocabulary')
  writeFileSync(join(dir, 'vocabulary.txt'), 'REGEN\nWIND\n')
  await expect(preview()).rejects.toThrow('clip-00.npy has 3 columns, and the vocabulary 2 entries')
  writeFileSync(join(dir, 'vocabulary.txt'), `${VOCABULARY.join('\n')}\n`)
  await finish(await api.importing.startPredictions({ source: dir, run: 'matrices' }))
  for (const clip of clips) expect((await outputOf(clip, 'matrices')).text).toBe('REGEN WIND')
})

test('a stride that does not fit the clip is told, and a wrong file by its line', async () => {
  const { api, write } = place
  const one = { vocabulary: VOCABULARY, blank: 0, stride: 2, clips: [{ id: 'clip-00', labels: [1, 1, 0] }] }
  const { issues } = await api.importing.previewPredictions({ source: write('short.json', one) })
  expect(issues).toEqual([
    expect.objectContaining({
      severity: 'warning',
      message: expect.stringContaining('3 steps of 2 frames end at frame 6, the clip has 50'),
    }),
  ])
  const wrong = write('wrong.json', { ...one, clips: [{ id: 'clip-00', labels: ['SONNE'] }] })
  await expect(api.importing.previewPredictions({ source: wrong })).rejects.toThrow(
    /wrong\.json:\d+: clip clip-00, step 1: the label "SONNE" is not in the vocabulary/,
  )
})
