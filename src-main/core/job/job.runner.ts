import { AppError } from '#shared/contract/errors.ts'
import type { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { asExpected } from '../../db/failures.ts'
import type { CorpusContext } from '../context.ts'
import type { Emitter } from '../emitter.ts'
import { type JobHandler, type JobHandlers, LANES } from './handler.ts'
import { workItems } from './item-work.ts'
import { addJobLog, findJob, type JobRecord, nextQueuedJob, saveJob } from './job.queries.ts'
import { controlOf, type LiveDeps, type LiveJob, startLive, type StopReason, viewOf } from './live-job.ts'

const STATE_AFTER: Record<StopReason, JobRecord['state']> = {
  pause: 'paused',
  cancel: 'cancelled',
  shutdown: 'queued',
}

/** Runs queued jobs, one a lane: the engine does one thing at a time, and other work need not wait for it. */
export function createJobRunner(context: CorpusContext, handlers: JobHandlers, changes: Emitter<Job>) {
  const { db, now } = context
  const running = new Map<JobId, LiveJob>()
  /** Jobs whose end could not be written down, as on a full disk: their rows still say that they run. */
  const unwritten = new Map<JobId, LiveJob>()
  const failures = new Map<JobId, AppError>()
  const view = (record: JobRecord) => viewOf(record, running.get(record.id) ?? unwritten.get(record.id))
  const deps: LiveDeps = { db, now, announce: live => announce(live.job.id) }
  let isClosed = false

  function announce(id: JobId): void {
    const record = findJob(db, id)
    if (record) changes.emit(view(record))
  }

  function isBusy(lane: JobHandler['lane']): boolean {
    return [...running.values()].some(live => handlers[live.job.kind]?.lane === lane)
  }

  /** Starts what can start; called whenever a job is added, ends or is resumed. */
  function wake(): void {
    if (isClosed) return
    for (const lane of LANES) {
      const job = isBusy(lane) ? undefined : nextQueuedJob(db, kindsOf(handlers, lane))
      if (job && !unwritten.has(job.id)) start(job)
    }
  }

  function start(job: JobRecord): void {
    const live = startLive(job, now)
    running.set(job.id, live)
    failures.delete(job.id)
    announce(job.id)
    live.ended = work(live, handlers, context, deps)
      .catch((error: unknown) => {
        context.log.error({ err: error, job: job.id }, 'the end of a job could not be saved')
        unwritten.set(job.id, live)
      })
      .then(() => {
        running.delete(job.id)
        if (live.failure) failures.set(job.id, live.failure)
        if (!isClosed) announce(job.id)
        wake()
      })
  }

  const halt = async (id: JobId, reason: StopReason) => end(running.get(id), reason)

  async function close(): Promise<void> {
    isClosed = true
    await Promise.all([...running.keys()].map(id => halt(id, 'shutdown')))
  }

  return {
    view,
    announce,
    wake,
    halt,
    close,
    discard: (job: JobRecord) => discard(job, handlers),
    isRunning: (id: JobId) => running.has(id),
    failureOf: (id: JobId) => failures.get(id),
    rewritten: (id: JobId) => void unwritten.delete(id),
  }
}

export type JobRunner = ReturnType<typeof createJobRunner>

async function end(live: LiveJob | undefined, reason: StopReason): Promise<void> {
  if (!live) return
  live.reason = reason
  live.abort.abort()
  await live.ended
}

/** What an unfinished job had kept for going on. */
function discard(job: JobRecord, handlers: JobHandlers): void {
  if (job.state !== 'done') handlers[job.kind]?.discard?.(job)
}

function kindsOf(handlers: JobHandlers, lane: JobHandler['lane']): Job['kind'][] {
  return (Object.keys(handlers) as Job['kind'][]).filter(kind => handlers[kind]?.lane === lane)
}

async function work(
  live: LiveJob,
  handlers: JobHandlers,
  context: CorpusContext,
  deps: LiveDeps,
): Promise<void> {
  try {
    saveJob(deps.db, live.job)
    const handler = handlers[live.job.kind]
    if (!handler) throw new Error(`No handler for jobs of kind ${live.job.kind}`)
    const { runItem, batch } = handler
    if (runItem) await workItems(live, { runItem, ...(batch && { batch }) }, deps)
    if (handler.run) Object.assign(live.job, await handler.run(live.job, controlOf(live, deps)))
    finish(live, 'done', null, deps)
  } catch (error) {
    if (live.reason === 'cancel') discard(live.job, handlers)
    if (live.reason) finish(live, STATE_AFTER[live.reason], null, deps)
    else if (error instanceof AppError && error.code === 'device-failed') ask(live, error, deps)
    else fail(live, error, context, deps)
  }
}

function finish(
  live: LiveJob,
  state: JobRecord['state'],
  problem: string | null,
  { db, now }: LiveDeps,
): void {
  live.job.state = state
  live.job.problem = problem
  live.job.finishedAt = state === 'paused' || state === 'queued' ? null : now()
  if (state === 'done') live.job.done = live.job.total
  saveJob(db, live.job)
}

/** No other device goes on in place of the one that was chosen, unless the user says so. */
function ask(live: LiveJob, error: AppError, deps: LiveDeps): void {
  live.failure = error
  live.job.failedDevice = String(error.details['device'])
  finish(live, 'paused', error.message, deps)
  addJobLog(deps.db, live.job.id, { at: deps.now(), level: 'error', clip: null, message: error.message })
}

function fail(live: LiveJob, thrown: unknown, { log, dir }: CorpusContext, deps: LiveDeps): void {
  const error = asExpected(thrown, dir)
  const isExpected = error instanceof AppError
  if (!isExpected) log.error({ err: error, job: live.job.id }, 'job failed')
  const problem = isExpected
    ? error.message
    : 'Something went wrong inside the program; what was done is kept, and the log of the program has the details.'
  live.failure = isExpected ? error : new AppError('internal', problem, { cause: error })
  finish(live, 'failed', problem, deps)
  addJobLog(deps.db, live.job.id, { at: deps.now(), level: 'error', clip: null, message: problem })
}
