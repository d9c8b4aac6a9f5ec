import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, JobId } from '#shared/contract/ids.ts'
import type { Job, JobLogEntry } from '#shared/contract/job.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { createEmitter, type Emitter } from '../emitter.ts'
import {
  addJobLog,
  deleteJob,
  findJob,
  insertJob,
  interruptedJobs,
  jobLog,
  type JobRecord,
  listJobs,
  type NewJob,
  reopenFailedItems,
  saveJob,
} from './job.queries.ts'
import type { JobHandlers } from './handler.ts'
import { createJobRunner, type JobRunner } from './job.runner.ts'

const RESUMABLE = new Set<Job['state']>(['paused', 'failed', 'cancelled'])

/** The queue of a corpus, or of the machine: rows in a database, so that every job is found again after a crash. */
export function createJobService(
  context: CorpusContext,
  handlers: JobHandlers,
  { firstId = 1 }: { firstId?: number } = {},
) {
  const { db } = context
  const changes = createEmitter<Job>()
  const runner = createJobRunner(context, handlers, changes)

  const require = (id: JobId): JobRecord => requireJob(db, id)
  const view = (id: JobId): Job => runner.view(require(id))
  function afterChange(id: JobId): Job {
    runner.announce(id)
    runner.wake()
    return view(id)
  }

  function add(job: NewJob, items: readonly { clipId: ClipId; units: number }[] = []): Job {
    return afterChange(db.transaction(() => insertJob(db, { ...job, firstId }, items, context.now()))())
  }

  function setState(id: JobId, state: Job['state']): Job {
    const finishedAt = state === 'cancelled' ? context.now() : null
    saveJob(db, { ...require(id), state, finishedAt, problem: null, failedDevice: null })
    runner.rewritten(id)
    return afterChange(id)
  }

  async function halt(id: JobId, reason: 'pause' | 'cancel', state: 'paused' | 'cancelled'): Promise<Job> {
    const job = require(id)
    if (runner.isRunning(id)) await runner.halt(id, reason)
    else if (job.state === 'queued' || (reason === 'cancel' && job.state !== 'done')) {
      if (reason === 'cancel') runner.discard(job)
      return setState(id, state)
    }
    return view(id)
  }

  /** Goes on where the job stopped; what is done stays done. */
  const resume = (id: JobId): Job => (RESUMABLE.has(require(id).state) ? setState(id, 'queued') : view(id))

  const answer = (id: JobId, goOn: boolean): Job =>
    noteAnswer(context, require(id), goOn) ? setState(id, goOn ? 'queued' : 'cancelled') : view(id)

  /** As `resume`, and tries the failed clips again. */
  function retry(id: JobId): Job {
    if (runner.isRunning(id)) return view(id)
    reopenFailedItems(db, id)
    return setState(id, 'queued')
  }

  return {
    add,
    pause: (id: JobId) => halt(id, 'pause', 'paused'),
    cancel: (id: JobId) => halt(id, 'cancel', 'cancelled'),
    resume,
    retry,
    answer,
    remove: (id: JobId) => removeJob(db, runner, id),
    /** Sees to the jobs that a crash interrupted. */
    recover: (goOn: boolean) => recover(context, runner, goOn),
    settled: (id: JobId, onChange?: (job: Job) => void) =>
      settled(id, () => view(id), { runner, changes, onChange }),
    failureOf: runner.failureOf,
    changes,
    list: (): Job[] => listJobs(db).map(runner.view),
    get: view,
    log: (id: JobId): JobLogEntry[] => (require(id), jobLog(db, id)),
    close: runner.close,
  }
}

export type JobService = ReturnType<typeof createJobService>

function requireJob(db: ReadDb, id: JobId): JobRecord {
  const job = findJob(db, id)
  if (!job) throw new AppError('not-found', `There is no job ${id}. It may have been removed.`)
  return job
}

/** Writes down what the user says after a device has failed; false where nothing was asked. */
function noteAnswer({ db, now }: CorpusContext, job: JobRecord, goOn: boolean): boolean {
  if (job.failedDevice === null) return false
  const message = goOn
    ? `The user agreed to go on with the CPU, as ${job.failedDevice} had failed.`
    : `The user did not want to go on without ${job.failedDevice}.`
  db.transaction(() => {
    addJobLog(db, job.id, { at: now(), level: 'warning', clip: null, message })
    if (goOn) saveJob(db, { ...job, fallback: 'cpu' })
  })()
  return true
}

async function removeJob(db: WriteDb, runner: JobRunner, id: JobId): Promise<void> {
  await runner.halt(id, 'cancel')
  runner.discard(requireJob(db, id))
  deleteJob(db, id)
}

function recover(context: CorpusContext, runner: JobRunner, goOn: boolean): void {
  for (const id of interruptedJobs(context.db)) putBack(context, requireJob(context.db, id), goOn)
  if (goOn) runner.wake()
}

/** A job that was running when the program ended without a goodbye: queued it goes on by itself, paused it waits. */
function putBack({ db, now }: CorpusContext, job: JobRecord, goesOn: boolean): void {
  const message = 'The program ended while this job ran. What was done is kept.'
  addJobLog(db, job.id, { at: now(), level: 'warning', clip: null, message })
  saveJob(db, { ...job, state: goesOn ? 'queued' : 'paused' })
}

interface SettledDeps {
  runner: JobRunner
  changes: Emitter<Job>
  onChange?: ((job: Job) => void) | undefined
}

/** Resolves with the job as soon as it is done, failed, paused or cancelled. */
function settled(id: JobId, current: () => Job, { runner, changes, onChange }: SettledDeps): Promise<Job> {
  const isSettled = (job: Job) => job.state !== 'queued' && job.state !== 'running' && !runner.isRunning(id)
  if (isSettled(current())) return Promise.resolve(current())
  return new Promise(resolve => {
    const off = changes.on(job => {
      if (job.id !== id) return
      onChange?.(job)
      if (!isSettled(job)) return
      off()
      resolve(job)
    })
  })
}
