import type { AppError } from '#shared/contract/errors.ts'
import { type Job, MACHINE_JOB_IDS_FROM } from '#shared/contract/job.ts'
import type { WriteDb } from '../../db/types.ts'
import type { JobControl } from './handler.ts'
import { addJobLog, type JobRecord } from './job.queries.ts'
import { createRateMeter, type RateMeter } from './rate-meter.ts'

export type StopReason = 'pause' | 'cancel' | 'shutdown'

/** A job that runs now: its row as it will be saved, and what only matters while it runs. */
export interface LiveJob {
  job: JobRecord
  abort: AbortController
  reason: StopReason | null
  meter: RateMeter
  announcedAt: number
  ended: Promise<void>
  /** Why it failed: the row keeps the sentence, this keeps the code and the file too. */
  failure: AppError | null
  memoryBytes: number | null
}

export interface LiveDeps {
  db: WriteDb
  now: () => number
  announce: (live: LiveJob) => void
}

const ANNOUNCE_EVERY_MS = 100

export function startLive(job: JobRecord, now: () => number): LiveJob {
  const begun = {
    state: 'running',
    attempts: job.attempts + 1,
    startedAt: now(),
    finishedAt: null,
    problem: null,
    failedDevice: null,
  } as const
  return {
    job: { ...job, ...begun },
    abort: new AbortController(),
    reason: null,
    meter: createRateMeter(now),
    announcedAt: 0,
    ended: Promise.resolve(),
    failure: null,
    memoryBytes: null,
  }
}

/** What a handler gets; `before` are the units that were done when its clip, or its batch of them, began. */
export function controlOf(
  live: LiveJob,
  { db, now, announce }: LiveDeps,
  before = 0,
  item?: { units: number; clipName: string | null },
): JobControl {
  return {
    signal: live.abort.signal,
    progress: (done, total) => {
      if (total !== undefined && !item) live.job.total = total
      live.job.done = before + (item ? Math.min(done, item.units) : done)
      live.meter.add(live.job.done)
      if (now() - live.announcedAt < ANNOUNCE_EVERY_MS) return
      live.announcedAt = now()
      announce(live)
    },
    device: name => {
      const before = live.job.device
      // Results of two devices lie in one job only where the user agreed: both are named.
      if (live.job.fallback === null || before === null) live.job.device = name
      else if (!before.endsWith(name)) live.job.device = `${before} → ${name}`
      return live.job.device ?? name
    },
    memory: bytes => {
      live.memoryBytes = bytes
    },
    log: (level, message, clip = item?.clipName ?? null) =>
      addJobLog(db, live.job.id, { at: now(), level, clip, message }),
    warn: message => {
      live.job.warning = message
    },
  }
}

/** The row as the window sees it, with rate and time left while it runs. */
export function viewOf(record: JobRecord, live: LiveJob | undefined): Job {
  const { itemsDone, itemsFailed } = record
  const {
    parameters: _parameters,
    failedDevice,
    ...job
  } = live ? { ...record, ...live.job, itemsDone, itemsFailed } : record
  const rate = live?.meter.rate() ?? null
  const question = failedDevice
    ? ({ failed: failedDevice, goOnWith: 'cpu', reason: job.problem ?? '' } as const)
    : null
  const secondsLeft = rate ? Math.max(0, (job.total - job.done) / rate) : null
  const scope = job.id >= MACHINE_JOB_IDS_FROM ? 'machine' : 'corpus'
  return { ...job, scope, question, memoryBytes: live?.memoryBytes ?? null, rate, secondsLeft }
}
