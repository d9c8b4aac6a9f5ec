import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, JobId } from '#shared/contract/ids.ts'
import type { Job, JobLogEntry } from '#shared/contract/job.ts'
import type { CorpusContext } from '../context.ts'
import { createEmitter } from '../emitter.ts'
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
import { createJobRunner, type JobHandlers } from './job.runner.ts'

/** The queue of a corpus: rows in its database, so that every job is found again after a crash. */
export function createJobService(context: CorpusContext, handlers: JobHandlers) {
  const { db } = context
  const changes = createEmitter<Job>()
  const runner = createJobRunner(context, handlers, changes)

  function require(id: JobId): JobRecord {
    const job = findJob(db, id)
    if (!job) throw new AppError('not-found', `There is no job ${id}. It may have been removed.`)
    return job
  }

  function add(job: NewJob, items: readonly { clipId: ClipId; units: number }[] = []): Job {
    const id = db.transaction(() => insertJob(db, job, items, context.now()))()
    runner.announce(id)
    runner.wake()
    return runner.view(require(id))
  }

  function setState(id: JobId, state: Job['state']): Job {
    saveJob(db, { ...require(id), state, finishedAt: state === 'cancelled' ? context.now() : null, problem: null })
    runner.announce(id)
    runner.wake()
    return runner.view(require(id))
  }

  async function pause(id: JobId): Promise<Job> {
    const job = require(id)
    if (runner.isRunning(id)) await runner.halt(id, 'pause')
    else if (job.state === 'queued') return setState(id, 'paused')
    return runner.view(require(id))
  }

  async function cancel(id: JobId): Promise<Job> {
    const job = require(id)
    if (runner.isRunning(id)) await runner.halt(id, 'cancel')
    else if (job.state !== 'done') return setState(id, 'cancelled')
    return runner.view(require(id))
  }

  /** Goes on where the job stopped; what is done stays done. */
  function resume(id: JobId): Job {
    const job = require(id)
    if (job.state === 'running' || job.state === 'queued' || job.state === 'done') return runner.view(job)
    return setState(id, 'queued')
  }

  /** As `resume`, and tries the failed clips again. */
  function retry(id: JobId): Job {
    if (runner.isRunning(id)) return runner.view(require(id))
    reopenFailedItems(db, id)
    return setState(id, 'queued')
  }

  async function remove(id: JobId): Promise<void> {
    await runner.halt(id, 'cancel')
    require(id)
    deleteJob(db, id)
  }

  /** After a crash: `goOn` puts interrupted jobs back into the queue, otherwise they wait as paused. */
  function recover(goOn: boolean): void {
    for (const id of interruptedJobs(db)) {
      addJobLog(db, id, { at: context.now(), level: 'warning', clip: null, message: 'The program ended while this job ran. What was done is kept.' })
      saveJob(db, { ...require(id), state: goOn ? 'queued' : 'paused' })
    }
    if (goOn) runner.wake()
  }

  /** Resolves with the job as soon as it is done, failed, paused or cancelled. */
  async function settled(id: JobId, onChange?: (job: Job) => void): Promise<Job> {
    const isSettled = (job: Job) => job.state !== 'queued' && job.state !== 'running'
    return new Promise(resolve => {
      const off = changes.on(job => {
        if (job.id !== id) return
        onChange?.(job)
        if (isSettled(job) && !runner.isRunning(id)) done(job)
      })
      const done = (job: Job) => {
        off()
        resolve(job)
      }
      const now = runner.view(require(id))
      if (isSettled(now) && !runner.isRunning(id)) done(now)
    })
  }

  return {
    add,
    pause,
    cancel,
    resume,
    retry,
    remove,
    recover,
    settled,
    changes,
    list: (): Job[] => listJobs(db).map(runner.view),
    get: (id: JobId): Job => runner.view(require(id)),
    log: (id: JobId): JobLogEntry[] => (require(id), jobLog(db, id)),
    close: runner.close,
  }
}

export type JobService = ReturnType<typeof createJobService>
