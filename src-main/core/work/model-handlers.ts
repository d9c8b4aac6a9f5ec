import type { DownloadPlan } from '#shared/contract/download.ts'
import type { ConvertInput } from '#shared/contract/model.ts'
import { languageStorage, towerFacts } from '../../engine/bundle/manifest.ts'
import type { DownloadService } from '../download/download.service.ts'
import type { JobControl, JobHandlers } from '../job/handler.ts'
import type { JobRecord } from '../job/job.queries.ts'
import type { ConversionService } from '../model/conversion.service.ts'
import type { ModelService } from '../model/model.service.ts'

export interface ModelWorkDeps {
  models: ModelService
  conversions: ConversionService
  downloads: DownloadService
}

/** What jobs do that bring models onto this machine. */
export function createModelHandlers(
  deps: ModelWorkDeps,
): Required<Pick<JobHandlers, 'download' | 'convert'>> {
  return {
    download: {
      lane: 'network',
      run: (job, control) => runDownload(deps.downloads, job, control),
      discard: job => deps.downloads.discard(JSON.parse(job.parameters) as DownloadPlan),
    },
    convert: {
      lane: 'models',
      run: (job, control) => runConversion(deps, job, control),
      discard: job => deps.conversions.discard((JSON.parse(job.parameters) as ConvertInput).outDir),
    },
  }
}

async function runDownload(downloads: DownloadService, job: JobRecord, control: JobControl) {
  const plan = JSON.parse(job.parameters) as DownloadPlan
  const { signal, progress } = control
  const output = await downloads.run(plan, { signal, progress, log: message => control.log('info', message) })
  return { output }
}

async function runConversion({ conversions, models }: ModelWorkDeps, job: JobRecord, control: JobControl) {
  const input = JSON.parse(job.parameters) as ConvertInput
  const { manifest, peakMemoryBytes } = await conversions.run(input, {
    signal: control.signal,
    onProgress: ({ done, total }) => control.progress(done, total),
  })
  for (const [part, { storage, storageCosine }] of Object.entries(towerFacts(manifest)))
    control.log(
      'info',
      `The ${part} tower is stored as ${storage}; cosine of its features to 32-bit weights: ${storageCosine?.toFixed(6)}.`,
    )
  const language = languageStorage(manifest)
  if (language !== null) control.log('info', `The language model is stored as ${language}.`)
  control.log('info', `Most memory in use: ${Math.round(peakMemoryBytes / 1e6)} MB.`)
  const { dir } = await models.add(input.outDir, control.signal)
  return { output: dir }
}
