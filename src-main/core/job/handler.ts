import type { RunId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import type { JobItem, JobRecord } from './job.queries.ts'

/** What a handler may say while it works. */
export interface JobControl {
  signal: AbortSignal
  /** Units done within the current item, or of the whole job where it has no items. */
  progress: (done: number, total?: number) => void
  /** Gives the name under which the job's results are recorded. */
  device: (name: string) => string
  /** Memory of the process that works for the job. */
  memory: (bytes: number) => void
  log: (level: 'info' | 'warning' | 'error', message: string, clip?: string | null) => void
  warn: (message: string) => void
}

/** Jobs of one lane take turns; lanes do not wait for each other. */
export const LANES = ['engine', 'files', 'models', 'network', 'playback', 'language'] as const

/** Several clips at once, for work that is faster so. Where it fails, each clip is tried by itself. */
export interface BatchWork {
  /** How many at the most; the job keeps what is done batch by batch. */
  size: (job: JobRecord) => Promise<number>
  run: (job: JobRecord, items: readonly JobItem[], control: JobControl) => Promise<void>
}

/** Work over clips: `runItem` is called for each that is not done. Otherwise `run` does it all. */
export interface JobHandler {
  /** One job a lane runs at a time; somebody sits before the screen and waits for `playback`. */
  lane: (typeof LANES)[number]
  runItem?: (job: JobRecord, item: JobItem, control: JobControl) => Promise<void>
  batch?: BatchWork
  run?: (job: JobRecord, control: JobControl) => Promise<JobOutcome>
  /** The job was cancelled or removed before its end: takes away what it had kept for going on. */
  discard?: (job: JobRecord) => void
}

/** What a job made; stays as it was where nothing is said. */
export interface JobOutcome {
  output?: string
  runId?: RunId
}

export type JobHandlers = Partial<Record<Job['kind'], JobHandler>>
