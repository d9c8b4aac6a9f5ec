import { AppError } from '#shared/contract/errors.ts'
import type { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import type { CorpusContext } from '../context.ts'
import type { Emitter } from '../emitter.ts'
import {
  addJobLog,
  findJob,
  type JobItem,
  type JobRecord,
  nextOpenItem,
  nextQueuedJob,
  saveJob,
  setItemState,
  unitsDone,
} from './job.queries.ts'
import { createRateMeter, type RateMeter } from './rate-meter.ts'

/** What a handler may say while it works. */
export interface JobControl {
  signal: AbortSignal
  /** Units done within the current item, or of the whole job where it has no items. */
  progress: (done: number, total?: number) => void
  device: (name: string) => void
  log: (level: 'info' | 'warning' | 'error', message: string, clip?: string | null) => void
  warn: (message: string) => void
}

/** Work over clips: `runItem` is called for each that is not done. Otherwise `run` does it all. */
export interface JobHandler {
  lane: 'engine' | 'files'
  runItem?: (job: JobRecord, item: JobItem, control: JobControl) => Promise<void>
  run?: (job: JobRecord, control: JobControl) => Promise<{ output?: string }>
}

export type JobHandlers = Partial<Record<Job['kind'], JobHandler>>

export type StopReason = 'pause' | 'cancel' | 'shutdown'

interface Running {
  job: JobRecord
  abort: AbortController
  reason: StopReason | null
  meter: RateMeter
  announcedAt: number
  ended: Promise<void>
}

/** A clip that brings the engine down this often is given up; the others go on. */
const MAX_CRASHES_PER_CLIP = 5
const ANNOUNCE_EVERY_MS = 100
/** Failures that the next clip would meet as well: the job stops and waits for the user. */
const STOPPING_CODES = new Set(['disk-full', 'ffmpeg-missing', 'model-unavailable', 'locked', 'no-corpus'])

/** Runs queued jobs, one a lane: the engine does one thing at a time, and file work need not wait for it. */
export function createJobRunner(context: CorpusContext, handlers: JobHandlers, changes: Emitter<Job>) {
  const { db } = context
  const running = new Map<JobId, Running>()
  let isClosed = false

  function view(record: JobRecord): Job {
    const live = running.get(record.id)
    const current = live ? { ...record, ...live.job, itemsDone: record.itemsDone, itemsFailed: record.itemsFailed } : record
    const rate = live?.meter.rate() ?? null
    const { parameters: _parameters, ...job } = current
    return { ...job, rate, secondsLeft: rate ? Math.max(0, (current.total - current.done) / rate) : null }
  }

  function announce(id: JobId): void {
    const record = findJob(db, id)
    if (record) changes.emit(view(record))
  }

  function kindsOf(lane: JobHandler['lane']): Job['kind'][] {
    return (Object.keys(handlers) as Job['kind'][]).filter(kind => handlers[kind]?.lane === lane)
  }

  function isBusy(lane: JobHandler['lane']): boolean {
    return [...running.values()].some(live => handlers[live.job.kind]?.lane === lane)
  }

  /** Starts what can start; called whenever a job is added, ends or is resumed. */
  function wake(): void {
    if (isClosed) return
    for (const lane of ['engine', 'files'] as const) {
      if (isBusy(lane)) continue
      const job = nextQueuedJob(db, kindsOf(lane))
      if (job) start(job)
    }
  }

  function start(job: JobRecord): void {
    const live: Running = {
      job: { ...job, state: 'running', attempts: job.attempts + 1, startedAt: context.now(), finishedAt: null, problem: null },
      abort: new AbortController(),
      reason: null,
      meter: createRateMeter(context.now),
      announcedAt: 0,
      ended: Promise.resolve(),
    }
    running.set(job.id, live)
    saveJob(db, live.job)
    announce(job.id)
    live.ended = work(live).finally(() => {
      running.delete(job.id)
      if (!isClosed) announce(job.id)
      wake()
    })
  }

  async function work(live: Running): Promise<void> {
    try {
      const handler = handlers[live.job.kind]
      if (!handler) throw new Error(`No handler for jobs of kind ${live.job.kind}`)
      if (handler.runItem) await workItems(live, handler.runItem)
      if (handler.run) live.job.output = (await handler.run(live.job, controlOf(live, 0))).output ?? live.job.output
      finish(live, 'done', null)
    } catch (error) {
      stop(live, error)
    }
  }

  async function workItems(live: Running, runItem: NonNullable<JobHandler['runItem']>): Promise<void> {
    for (;;) {
      live.abort.signal.throwIfAborted()
      const item = nextOpenItem(db, live.job.id)
      if (!item) break
      const before = unitsDone(db, live.job.id)
      await workItem(live, item, runItem, before)
      live.job.done = unitsDone(db, live.job.id)
      live.meter.add(live.job.done)
      saveJob(db, live.job)
      announce(live.job.id)
    }
    const record = findJob(db, live.job.id)
    if (record && record.itemsFailed > 0 && record.itemsDone === 0)
      throw new AppError('invalid-input', 'None of the clips could be processed. The log names the reason for each.')
  }

  async function workItem(
    live: Running,
    item: JobItem,
    runItem: NonNullable<JobHandler['runItem']>,
    before: number,
  ): Promise<void> {
    const control = controlOf(live, before, item)
    for (let crashes = 1; ; crashes++) {
      try {
        await runItem(live.job, item, control)
        setItemState(db, item.id, 'done', null)
        return
      } catch (error) {
        if (live.abort.signal.aborted || !(error instanceof AppError) || STOPPING_CODES.has(error.code)) throw error
        if (error.code === 'engine-crashed' && crashes < MAX_CRASHES_PER_CLIP) {
          control.log('warning', `${error.message} Trying this clip again.`, item.clipName)
          continue
        }
        control.log('error', error.message, item.clipName)
        setItemState(db, item.id, 'failed', error.message)
        return
      }
    }
  }

  function controlOf(live: Running, before: number, item?: JobItem): JobControl {
    return {
      signal: live.abort.signal,
      progress: (done, total) => {
        if (total !== undefined && !item) live.job.total = total
        live.job.done = before + (item ? Math.min(done, item.units) : done)
        live.meter.add(live.job.done)
        if (context.now() - live.announcedAt < ANNOUNCE_EVERY_MS) return
        live.announcedAt = context.now()
        announce(live.job.id)
      },
      device: name => {
        live.job.device = name
      },
      log: (level, message, clip = item?.clipName ?? null) =>
        addJobLog(db, live.job.id, { at: context.now(), level, clip, message }),
      warn: message => {
        live.job.warning = message
      },
    }
  }

  function finish(live: Running, state: JobRecord['state'], problem: string | null): void {
    if (isClosed && live.reason !== 'shutdown') return
    live.job.state = state
    live.job.problem = problem
    live.job.finishedAt = state === 'paused' || state === 'queued' ? null : context.now()
    if (state === 'done') live.job.done = live.job.total
    saveJob(db, live.job)
  }

  function stop(live: Running, error: unknown): void {
    if (live.reason === 'cancel') return finish(live, 'cancelled', null)
    if (live.reason === 'pause') return finish(live, 'paused', null)
    if (live.reason === 'shutdown') return finish(live, 'queued', null)
    const problem = error instanceof AppError ? error.message : 'Something went wrong inside the program; the log of the program has the details.'
    if (!(error instanceof AppError))
      context.log.error({ err: error, job: live.job.id }, 'job failed')
    addJobLog(db, live.job.id, { at: context.now(), level: 'error', clip: null, message: problem })
    finish(live, 'failed', problem)
  }

  async function halt(id: JobId, reason: StopReason): Promise<void> {
    const live = running.get(id)
    if (!live) return
    live.reason = reason
    live.abort.abort()
    await live.ended
  }

  async function close(): Promise<void> {
    isClosed = true
    await Promise.all([...running.keys()].map(id => halt(id, 'shutdown')))
  }

  return { view, announce, wake, halt, close, isRunning: (id: JobId) => running.has(id) }
}

export type JobRunner = ReturnType<typeof createJobRunner>
