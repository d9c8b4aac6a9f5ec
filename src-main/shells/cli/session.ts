import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { AppError } from '#shared/contract/errors.ts'
import type { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { type Core, createCore } from '../../core/core.ts'
import { openLog } from '../log.ts'
import { defaultDataDir, SOURCE_PATHS } from '../paths.ts'
import { createProgressLine, EXIT, oneLine } from './output.ts'

export interface CommonOptions {
  json?: boolean
  corpus?: string
  quiet?: boolean
}

export function programVersion(): string {
  return (JSON.parse(readFileSync(SOURCE_PATHS.packageJson, 'utf8')) as { version: string }).version
}

export function startCore(
  shell: 'cli' | 'server',
  options: { resumeJobs: boolean; isLoud?: boolean },
): Promise<Core> {
  const dataDir = defaultDataDir()
  return createCore({
    shell,
    dataDir,
    resourcesDir: SOURCE_PATHS.resources,
    modelsDir: SOURCE_PATHS.models,
    version: programVersion(),
    log: openLog(dataDir, options.isLoud ?? false),
    resumeJobs: options.resumeJobs,
  })
}

export type Api = RouterClient<Core['router']>

export interface FollowOptions {
  /** The device that may go on where the chosen one fails; none without the user's word. */
  fallback?: 'cpu' | undefined
}

export interface CliSession {
  api: Api
  core: Core
  /** Shows the job's progress until it ends; Ctrl C pauses it, so that the same command goes on later. */
  follow: (job: Job, options?: FollowOptions) => Promise<Job>
  /** Work that stops at Ctrl C and keeps what it has, so that the same command goes on later. */
  interruptible: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>
}

/**
 * Runs `work` with a core of its own that is closed whatever happens. SIGINT and SIGTERM pause the job that is
 * followed, and end everything else.
 */
export async function withCore<T>(
  options: CommonOptions,
  work: (session: CliSession) => Promise<T>,
): Promise<T> {
  const stop = createStop()
  const core = await startCore('cli', { resumeJobs: false })
  try {
    const api = createRouterClient(core.router, { context: {} }) as Api
    const line = createProgressLine(options.quiet === true)
    const begin = async () => {
      if (options.corpus) await api.corpus.open({ dir: resolve(options.corpus) })
      return work({
        api,
        core,
        follow: (job, { fallback } = {}) =>
          stop.pausing(async signal => {
            const watched = { core, api, signal, line }
            line.job(job)
            const settled = await follow(watched, job.id)
            if (!settled.question) return settled
            return follow(watched, await consent(watched, settled, fallback))
          }),
        interruptible: inner => stop.pausing(inner),
      })
    }
    return await Promise.race([begin(), stop.ended])
  } finally {
    stop.release()
    await core.close()
  }
}

/** What Ctrl C means at this moment. Pressed twice it ends the program at once. */
function createStop() {
  const pause = new AbortController()
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => {})
  let isPausing = false
  const onSignal = () => {
    if (pause.signal.aborted) process.exit(EXIT.cancelled)
    pause.abort()
    if (!isPausing) ended.reject(new AppError('cancelled', 'Stopped.'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)

  async function pausing<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    isPausing = true
    try {
      return await work(pause.signal)
    } finally {
      isPausing = false
    }
  }
  const release = () => {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  return { ended: ended.promise, pausing, release }
}

interface Watched {
  core: Core
  api: Api
  signal: AbortSignal
  line: ReturnType<typeof createProgressLine>
}

/** The answer that the command line was given beforehand. */
async function consent({ core, api }: Watched, job: Job, fallback: 'cpu' | undefined): Promise<JobId> {
  if (fallback === undefined) {
    const reason = core.failureOf(job.id)?.message ?? job.problem ?? ''
    throw new AppError(
      'device-failed',
      `${reason.replace(/\.?$/, '.')} Give the command again with --fallback cpu to go on with the CPU, or with another --device. What was done is kept.`,
      { details: { device: job.question?.failed } },
    )
  }
  process.stderr.write(`Warning: ${job.question?.failed} failed, going on with ${fallback}: ${job.problem}\n`)
  return (await api.job.answer({ jobId: job.id, goOn: true })).id
}

/** Until the job is done, or asks whether another device may go on. */
async function follow({ core, api, signal, line }: Watched, jobId: JobId): Promise<Job> {
  const pause = () => void api.job.pause({ jobId })
  signal.addEventListener('abort', pause)
  if (signal.aborted) pause()
  try {
    const job = await core.settled(jobId, line.job)
    line.job(job)
    if (job.state === 'failed') throw await failureOf(core, api, job)
    if (job.state !== 'done' && !job.question)
      throw new AppError('cancelled', 'Stopped. What was done is kept; run the same command again to go on.')
    return job
  } finally {
    signal.removeEventListener('abort', pause)
  }
}

/** The reason with its code; where it was every clip by itself, the reasons go to stderr. */
async function failureOf(core: Core, api: Api, job: Job): Promise<AppError> {
  for (const line of await clipProblems(api, job)) process.stderr.write(`${line}\n`)
  return core.failureOf(job.id) ?? new AppError('invalid-input', job.problem ?? `${job.title} failed.`)
}

const SHOWN_PROBLEMS = 20

/** A line for each clip that failed. */
export async function clipProblems(api: Api, job: Job): Promise<string[]> {
  if (job.itemsFailed === 0) return []
  const log = await api.job.log({ jobId: job.id })
  const ofClips = log.filter(({ level, clip }) => level === 'error' && clip !== null).toReversed()
  const lines = ofClips
    .slice(-job.itemsFailed)
    .map(({ clip, message }) => oneLine(`error: ${clip}: ${message}`))
  const rest = lines.length - SHOWN_PROBLEMS
  return rest > 0 ? [...lines.slice(0, SHOWN_PROBLEMS), `… and ${rest} more.`] : lines
}
