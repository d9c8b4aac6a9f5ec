import { basename } from 'node:path'
import type { AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { ClipSelection } from '#shared/contract/clip.ts'
import type { DownloadPlan } from '#shared/contract/download.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ModelId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import type { ConvertInput } from '#shared/contract/model.ts'
import type { PredictionSource } from '#shared/contract/predictions.ts'
import type { ExportRequest, ImportSource } from '#shared/contract/transfer.ts'
import type { z } from 'zod'
import type { ReadDb } from '../../db/types.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { framesOfClips } from '../clip/clip.frames.ts'
import { resolveSelection } from '../clip/selection.ts'
import { announce, type CorpusContext } from '../context.ts'
import { findStoppedJob, type NewJob, type StoppedWish } from '../job/job.queries.ts'
import type { JobService } from '../job/job.service.ts'
import type { ConversionService } from '../model/conversion.service.ts'
import type { ModelService } from '../model/model.service.ts'
import type { RunService } from '../run/run.service.ts'
import { joined, planTranslation, saveRun, weightsOf } from './plan-translation.ts'
import type { Device, ExtractParameters, Translate, TranslateParameters } from './parameters.ts'

export interface WorkDeps {
  jobs: JobService
  models: ModelService
  conversions: ConversionService
  runs: RunService
  /** Demo clips are what the demo model knows; on anything else its warning is shown and stored. */
  isDemo: () => boolean
}

/** Turns wishes into jobs. */
export function createWorkService(
  context: CorpusContext,
  { jobs, models, conversions, runs, isDemo }: WorkDeps,
) {
  const { db } = context

  function warningOf(bundle: Bundle): string | null {
    return isDemo() ? null : bundle.manifest.warning
  }

  /** The same wish again goes on with the job that was stopped or has failed, instead of making a second one. */
  function goOn(wish: StoppedWish): Job | null {
    const id = findStoppedJob(db, wish)
    return id === undefined ? null : jobs.retry(id)
  }

  async function extract(input: {
    selection: ClipSelection
    modelId: ModelId
    device: Device
    outDir?: string | undefined
  }): Promise<Job> {
    const clips = framesOfClips(db, clipsOf(db, input.selection))
    const bundle = await models.openKnown(input.modelId)
    const { modelId, device, outDir } = input
    const parameters: ExtractParameters =
      outDir === undefined ? { modelId, device } : { modelId, device, outDir }
    const stopped = goOn({ kind: 'extract', parameters, clipIds: clips.map(clip => clip.clipId) })
    if (stopped) return stopped
    const total = clips.reduce((sum, clip) => sum + clip.units, 0)
    const title = `Extract features of ${counted(clips.length)} with ${bundle.manifest.name}`
    return jobs.add(
      { kind: 'extract', title, parameters, unit: 'frames', total, warning: warningOf(bundle) },
      clips,
    )
  }

  async function translate(input: Translate): Promise<Job> {
    const clipIds = clipsOf(db, input.selection)
    const bundle = await models.openKnown(input.modelId)
    const { parameters, warning, name: ownName } = planTranslation(db, input, clipIds, bundle)
    const madeWith = { weights: weightsOf(bundle), runName: input.name }
    const stopped = goOn({ kind: 'translate', parameters, clipIds, ...madeWith })
    if (stopped) return stopped
    if (input.name) runs.assertFree(input.name)
    const name = input.name ?? runs.freeName(ownName)
    const shown = joined(warningOf(bundle), warning)
    const facts = { name, clips: clipIds.length, warning: shown }
    const runId = saveRun(context, bundle, { ...facts, input, examples: parameters.examples })
    announce(context, 'run')
    const items = clipIds.map(clipId => ({ clipId, units: 1 }))
    const title = `Translate ${counted(clipIds.length)}: ${name}`
    const withRun: TranslateParameters = { ...parameters, runId }
    const job = { kind: 'translate', title, parameters: withRun, unit: 'clips', total: items.length } as const
    return jobs.add({ ...job, runId, warning: shown }, items)
  }

  return {
    extract,
    translate,
    ...createFileWork({ jobs, conversions, goOn }),
  }
}

interface FileWorkDeps extends Pick<WorkDeps, 'jobs' | 'conversions'> {
  goOn: (wish: StoppedWish) => Job | null
}

/** Work without clips. */
function createFileWork({ jobs, conversions, goOn }: FileWorkDeps) {
  return {
    /** The same plan again goes on with the job that was stopped or has failed. */
    download: (plan: DownloadPlan) =>
      goOn({ kind: 'download', parameters: plan, clipIds: [] }) ?? jobs.add(downloadJob(plan)),
    convert: (input: ConvertInput) => startConversion(input, { jobs, conversions, goOn }),
    ...createFileJobs(jobs, goOn),
  }
}

function startConversion(input: ConvertInput, { jobs, conversions, goOn }: FileWorkDeps): Job {
  conversions.check(input)
  conversions.assertFreeName(input.outDir)
  const title = `Convert ${input.name ?? basename(input.outDir)} (${input.precision})`
  const job = { kind: 'convert', title, parameters: input, unit: 'bytes', total: 0 } as const
  return (
    goOn({ kind: 'convert', parameters: input, clipIds: [] }) ?? jobs.add({ ...job, output: input.outDir })
  )
}

export type WorkService = ReturnType<typeof createWorkService>

function createFileJobs(jobs: JobService, goOn: (wish: StoppedWish) => Job | null) {
  function fileJob(kind: 'import' | 'export', title: string, parameters: object, output?: string): Job {
    const stopped = goOn({ kind, parameters, clipIds: [] })
    const unit = kind === 'export' ? 'clips' : 'files'
    return stopped ?? jobs.add({ kind, title, parameters, unit, total: 0, output })
  }

  return {
    import: (source: ImportSource) => fileJob('import', `Import ${source.source}`, source),
    importPredictions: (predictions: PredictionSource) =>
      fileJob('import', `Import predictions from ${predictions.source}`, { predictions }),
    importAnnotations: (annotations: AnnotationImport) =>
      fileJob('import', `Import annotations from ${annotations.sources.join(', ')}`, { annotations }),
    export: (request: z.infer<typeof ExportRequest>) =>
      fileJob('export', `Export to ${request.outDir}`, request, request.outDir),
  }
}

function downloadJob(plan: DownloadPlan): NewJob {
  const total = plan.files.reduce((sum, file) => sum + file.bytes, 0)
  return { kind: 'download', title: `Download ${plan.repository}`, parameters: plan, unit: 'bytes', total }
}

function clipsOf(db: ReadDb, selection: ClipSelection): ClipId[] {
  const clipIds = resolveSelection(db, selection)
  if (clipIds.length === 0)
    throw new AppError('invalid-input', 'No clips are selected. Import clips first, or select others.')
  return clipIds
}

function counted(clips: number): string {
  return clips === 1 ? '1 clip' : `${clips} clips`
}
