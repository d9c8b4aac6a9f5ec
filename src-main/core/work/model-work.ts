import { basename } from 'node:path'
import type { DownloadPlan } from '#shared/contract/download.ts'
import type { Job } from '#shared/contract/job.ts'
import type { ConvertInput } from '#shared/contract/model.ts'
import type { CorpusContext } from '../context.ts'
import { findStoppedJob, type NewJob } from '../job/job.queries.ts'
import type { JobService } from '../job/job.service.ts'
import type { ConversionService } from '../model/conversion.service.ts'

/** Turns wishes for models into jobs; the same wish again goes on with the job that was stopped or has failed. */
export function createModelWork(
  { db }: CorpusContext,
  { jobs, conversions }: { jobs: JobService; conversions: ConversionService },
) {
  function goOnOr(job: NewJob & { parameters: object }): Job {
    const stopped = findStoppedJob(db, { kind: job.kind, parameters: job.parameters, clipIds: [] })
    return stopped === undefined ? jobs.add(job) : jobs.retry(stopped)
  }

  return {
    download(plan: DownloadPlan): Job {
      const total = plan.files.reduce((sum, file) => sum + file.bytes, 0)
      const title = `Download ${plan.repository}`
      return goOnOr({ kind: 'download', title, parameters: plan, unit: 'bytes', total })
    },
    convert(input: ConvertInput): Job {
      conversions.check(input)
      conversions.assertFreeName(input.outDir)
      const title = `Convert ${input.name ?? basename(input.outDir)} (${input.precision})`
      const output = input.outDir
      return goOnOr({ kind: 'convert', title, parameters: input, unit: 'bytes', total: 0, output })
    },
  }
}
