import { expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { memoryDatabase } from '../../db/open.ts'
import type { CorpusContext } from '../context.ts'
import { createEmitter } from '../emitter.ts'
import type { JobHandlers } from './handler.ts'
import { createJobService } from './job.service.ts'

const CLIPS = [1, 2, 3, 4] as ClipId[]
const items = CLIPS.map(clipId => ({ clipId, units: 10 }))
const extraction = { kind: 'extract', title: 'Extract', parameters: {}, unit: 'frames', total: 40 } as const

function contextWithClips(): CorpusContext {
  const db = memoryDatabase()
  db.exec(`
    INSERT INTO recording (id, name) VALUES (1, 'day');
    INSERT INTO media (id, recording_id, path, bytes, mtime_ms, content_hash, frames, duration_ms, facts, frame_index)
      VALUES (1, 1, '/day.mp4', 1, 1, 'h', 40, 1600, '{}', x'00');
    INSERT INTO clip (id, name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame)
      SELECT value, 'clip' || value, 1, 1, 0, 400, 0, 9 FROM json_each('[1,2,3,4]');
  `)
  const log = { info() {}, warn() {}, error() {} }
  return { dir: '/nowhere', db, changes: createEmitter(), log, now: Date.now, author: () => 'ada' }
}

type Handler = NonNullable<JobHandlers['extract']>

function setup(
  runItem: NonNullable<Handler['runItem']>,
  context = contextWithClips(),
  batch: Pick<Handler, 'batch'> = {},
) {
  return { context, jobs: createJobService(context, { extract: { lane: 'engine', runItem, ...batch } }) }
}

const facts = ({ state, done, itemsDone, itemsFailed, problem }: Job) => ({
  state,
  done,
  itemsDone,
  itemsFailed,
  problem,
})

test('works through its clips and ends as done', async () => {
  const { jobs } = setup(async (_job, item, control) => control.progress(item.units))

  const job = await jobs.settled(jobs.add(extraction, items).id)

  expect(facts(job)).toEqual({ state: 'done', done: 40, itemsDone: 4, itemsFailed: 0, problem: null })
})

test('a damaged clip is named in the log and harms no other', async () => {
  const { jobs } = setup(async (_job, item) => {
    if (item.clipId === 2) throw new AppError('corrupt-file', 'The video ends early at 00:41.')
  })

  const job = await jobs.settled(jobs.add(extraction, items).id)

  expect(facts(job)).toEqual({ state: 'done', done: 40, itemsDone: 3, itemsFailed: 1, problem: null })
  expect(jobs.log(job.id)).toEqual([
    { at: expect.any(Number), level: 'error', clip: 'clip2', message: 'The video ends early at 00:41.' },
  ])
})

test('a video that may not be read fails its clip only', async () => {
  const { jobs } = setup(async (_job, item) => {
    if (item.clipId === 2) throw new AppError('not-permitted', '/day.mp4 may not be read.')
  })

  const job = await jobs.settled(jobs.add(extraction, items).id)

  expect(facts(job)).toEqual({ state: 'done', done: 40, itemsDone: 3, itemsFailed: 1, problem: null })
})

test('retry works only on what failed', async () => {
  const seen: number[] = []
  let isBroken = true
  const { jobs } = setup(async (_job, item) => {
    seen.push(item.clipId)
    if (item.clipId === 2 && isBroken) throw new AppError('media-missing', 'Gone.')
  })
  const { id } = await jobs.settled(jobs.add(extraction, items).id)

  isBroken = false
  jobs.retry(id)
  const job = await jobs.settled(id)

  expect(seen).toEqual([1, 2, 3, 4, 2])
  expect(facts(job)).toEqual({ state: 'done', done: 40, itemsDone: 4, itemsFailed: 0, problem: null })
})

test('pause stops within the clip, resume does the rest and nothing twice', async () => {
  const finished: number[] = []
  const started = Promise.withResolvers<void>()
  let isFirst = true
  const { jobs } = setup(async (_job, item, { signal }) => {
    if (item.clipId === 3 && isFirst) {
      isFirst = false
      started.resolve()
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    finished.push(item.clipId)
  })
  const { id } = jobs.add(extraction, items)
  await started.promise

  const paused = await jobs.pause(id)
  expect(facts(paused)).toEqual({ state: 'paused', done: 20, itemsDone: 2, itemsFailed: 0, problem: null })

  jobs.resume(id)
  const job = await jobs.settled(id)
  expect(job.state).toBe('done')
  expect(finished).toEqual([1, 2, 3, 4])
})

test('a full disk stops the job with the reason; it goes on after the user made room', async () => {
  let isFull = true
  const { jobs } = setup(async (_job, item) => {
    if (item.clipId === 2 && isFull)
      throw new AppError('disk-full', 'The disk is full. Make room, then resume.')
  })
  const { id } = jobs.add(extraction, items)

  const failed = await jobs.settled(id)
  expect(facts(failed)).toEqual({
    state: 'failed',
    done: 10,
    itemsDone: 1,
    itemsFailed: 0,
    problem: 'The disk is full. Make room, then resume.',
  })

  isFull = false
  jobs.resume(id)
  expect((await jobs.settled(id)).itemsDone).toBe(4)
})

test('a clip that crashes the engine is tried again, then given up; the others go on', async () => {
  const tries = new Map<number, number>()
  const { jobs } = setup(async (_job, item) => {
    tries.set(item.clipId, (tries.get(item.clipId) ?? 0) + 1)
    if (item.clipId === 1 && tries.get(1) === 1) throw new AppError('engine-crashed', 'Killed.')
    if (item.clipId === 3) throw new AppError('engine-crashed', 'Out of memory.')
  })

  const job = await jobs.settled(jobs.add(extraction, items).id)

  expect(Object.fromEntries(tries)).toEqual({ 1: 2, 2: 1, 3: 5, 4: 1 })
  expect(facts(job)).toMatchObject({ state: 'done', itemsDone: 3, itemsFailed: 1 })
})

test('a job that ran when the program died goes on at the next start', async () => {
  const context = contextWithClips()
  const first = setup(async (_job, item, { signal }) => {
    if (item.clipId === 2) await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
  }, context)
  const { id } = first.jobs.add(extraction, items)
  await expect.poll(() => first.jobs.get(id).itemsDone).toBe(1)
  // The process is gone: nothing of the first service says goodbye, and its row still says "running".
  const rest: number[] = []
  const second = setup(async (_job, item) => void rest.push(item.clipId), context)

  second.jobs.recover(true)
  const job = await second.jobs.settled(id)

  expect(rest).toEqual([2, 3, 4])
  expect(facts(job)).toMatchObject({ state: 'done', itemsDone: 4 })
})

test('cancel leaves no clip half done and keeps what was finished', async () => {
  const { jobs } = setup(async (_job, item, { signal }) => {
    if (item.clipId === 2) await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
  })
  const { id } = jobs.add(extraction, items)
  await expect.poll(() => jobs.get(id).itemsDone).toBe(1)

  const job = await jobs.cancel(id)

  expect(facts(job)).toEqual({ state: 'cancelled', done: 10, itemsDone: 1, itemsFailed: 0, problem: null })
})

test('on a full disk the job fails, though that cannot be written down, and the program goes on', async () => {
  const context = contextWithClips()
  const { jobs } = setup(async () => {
    const { db } = context
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`)
    for (;;) db.prepare(`INSERT INTO corpus_fact VALUES (?, hex(zeroblob(1000)))`).run(String(Math.random()))
  }, context)

  const job = await jobs.settled(jobs.add(extraction, items).id)

  expect(job).toMatchObject({ state: 'failed', problem: expect.stringContaining('is full') as string })
  expect(jobs.failureOf(job.id)).toMatchObject({ code: 'disk-full' })
})

test('clips go in batches; those of a batch that fails are tried one by one, so that only the culprit fails', async () => {
  const tried: number[][] = []
  const fail = (clips: readonly number[]) => {
    tried.push([...clips])
    if (clips.includes(3)) throw new AppError('corrupt-file', 'The video ends early at 00:41.')
  }
  const { jobs } = setup(async (_job, item) => fail([item.clipId]), contextWithClips(), {
    batch: { size: async () => 2, run: async (_job, items) => fail(items.map(({ clipId }) => clipId)) },
  })

  const job = await jobs.settled(jobs.add(extraction, items).id)

  expect(tried).toEqual([[1, 2], [3, 4], [3], [4]])
  expect(facts(job)).toEqual({ state: 'done', done: 40, itemsDone: 3, itemsFailed: 1, problem: null })
  expect(jobs.log(job.id).map(({ clip, message }) => [clip, message])).toEqual([
    ['clip3', 'The video ends early at 00:41.'],
    [null, 'The video ends early at 00:41. Trying these 2 clips one by one.'],
  ])
})

test('a job that is paused within a batch does that batch again and nothing else', async () => {
  const tried: number[][] = []
  const started = Promise.withResolvers<void>()
  const { jobs } = setup(async () => {}, contextWithClips(), {
    batch: {
      size: async () => 2,
      run: async (_job, batch, { signal }) => {
        tried.push(batch.map(({ clipId }) => clipId))
        if (tried.length !== 2) return
        started.resolve()
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    },
  })
  const { id } = jobs.add(extraction, items)
  await started.promise

  const paused = await jobs.pause(id)
  jobs.resume(id)
  const job = await jobs.settled(id)

  expect([paused.itemsDone, paused.done]).toEqual([2, 20])
  expect(tried).toEqual([
    [1, 2],
    [3, 4],
    [3, 4],
  ])
  expect(facts(job)).toMatchObject({ state: 'done', itemsDone: 4 })
})
