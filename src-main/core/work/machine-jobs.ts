import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DownloadPlan } from '#shared/contract/download.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type Job, MACHINE_JOB_IDS_FROM } from '#shared/contract/job.ts'
import type { ConvertInput } from '#shared/contract/model.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import type { CorpusContext, Log } from '../context.ts'
import { acquireLock } from '../corpus/lock.ts'
import { createEmitter, type Emitter } from '../emitter.ts'
import { listJobs } from '../job/job.queries.ts'
import { createJobService, type JobService } from '../job/job.service.ts'
import { viewOf } from '../job/live-job.ts'
import { createModelHandlers, type ModelWorkDeps } from './model-handlers.ts'
import { createModelWork } from './model-work.ts'

export interface MachineJobsDeps extends ModelWorkDeps {
  dataDir: string
  log: Log
  now: () => number
  jobChanges: Emitter<Job>
}

interface OpenJobs {
  jobs: JobService
  work: ReturnType<typeof createModelWork>
  close: () => Promise<void>
}

/**
 * Downloads and conversions need no corpus: their jobs lie in `jobs.sqlite` of the data folder, a database of the same
 * tables. One process runs them; it opens the database with the first of them, or to go on with what was left.
 */
export function createMachineJobs(deps: MachineJobsDeps) {
  const file = join(deps.dataDir, 'jobs.sqlite')
  let open: OpenJobs | null = null

  /** @throws AppError 'locked' while another process runs the jobs of this machine */
  const opened = (): OpenJobs => (open ??= openJobs(file, deps))

  return {
    /** Goes on with jobs that the end of the program interrupted, unless another process has them. */
    recover(): void {
      if (!existsSync(file)) return
      try {
        opened().jobs.recover(true)
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'locked')) throw error
        deps.log.info({ file }, 'another process runs the jobs of this machine')
      }
    },
    jobs: (): JobService => opened().jobs,
    /** Newest first; those of another process as they were last written down. */
    list: (): Job[] => open?.jobs.list() ?? writtenJobs(file),
    download: (plan: DownloadPlan): Job => opened().work.download(plan),
    convert: (input: ConvertInput): Job => opened().work.convert(input),
    close: async (): Promise<void> => {
      await open?.close()
      open = null
    },
  }
}

function openJobs(file: string, deps: MachineJobsDeps): OpenJobs {
  mkdirSync(deps.dataDir, { recursive: true })
  const lock = acquireLock(`${file}.lock`, deps.now, 'The downloads and conversions of this computer are')
  try {
    const db = openDatabase(file, { create: true })
    migrate(db)
    const { log, now, dataDir: dir } = deps
    const context: CorpusContext = { dir, db, log, now, changes: createEmitter(), author: () => '' }
    const jobs = createJobService(context, createModelHandlers(deps), { firstId: MACHINE_JOB_IDS_FROM })
    const off = jobs.changes.on(deps.jobChanges.emit)
    const work = createModelWork(context, { jobs, conversions: deps.conversions })
    async function close(): Promise<void> {
      await jobs.close()
      off()
      db.close()
      lock.release()
    }
    return { jobs, work, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

function writtenJobs(file: string): Job[] {
  if (!existsSync(file)) return []
  const db = openDatabase(file, { create: false })
  try {
    migrate(db)
    return listJobs(db).map(job => viewOf(job, undefined))
  } finally {
    db.close()
  }
}
