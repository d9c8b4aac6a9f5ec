import type { AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ModelId } from '#shared/contract/ids.ts'
import type { Job, TranslateInput } from '#shared/contract/job.ts'
import type { PredictionSource } from '#shared/contract/predictions.ts'
import type { GlossImport, TaggerTraining } from '#shared/contract/pseudo-gloss.ts'
import type { ExportRequest, ImportSource } from '#shared/contract/transfer.ts'
import type { z } from 'zod'
import type { ReadDb } from '../../db/types.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { framesOfClips } from '../clip/clip.frames.ts'
import { resolveSelection } from '../clip/selection.ts'
import { announce, type CorpusContext } from '../context.ts'
import { findStoppedJob, type StoppedWish } from '../job/job.queries.ts'
import type { JobService } from '../job/job.service.ts'
import type { ModelService } from '../model/model.service.ts'
import type { RunService } from '../run/run.service.ts'
import { joined, planTranslation, saveRun, weightsOf } from './plan-translation.ts'
import type { Device, ExtractParameters, Translate, TranslateParameters } from './parameters.ts'

export interface WorkDeps {
  jobs: JobService
  models: ModelService
  runs: RunService
  /** Demo clips are what the demo model knows; on anything else its warning is shown and stored. */
  isDemo: () => boolean
}

/** Turns wishes into jobs. */
export function createWorkService(context: CorpusContext, { jobs, models, runs, isDemo }: WorkDeps) {
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

  async function translate(wish: z.infer<typeof TranslateInput>): Promise<Job> {
    const clipIds = clipsOf(db, wish.selection)
    const bundle = await models.openKnown(wish.modelId)
    const input: Translate = { ...wish, beams: wish.beams ?? bundle.manifest.generation.beams }
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
    ...createFileJobs(jobs, goOn),
  }
}

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
    importTags: (tags: GlossImport) =>
      fileJob('import', `Import tags from ${tags.files.join(', ')}`, { tags }),
    ...createLanguageJobs(jobs),
    export: (request: z.infer<typeof ExportRequest>) =>
      fileJob('export', `Export to ${request.outDir}`, request, request.outDir),
  }
}

function createLanguageJobs(jobs: JobService) {
  return {
    tag: (parameters: { imported: boolean }) =>
      jobs.add({ kind: 'tag', title: 'Tag the sentences', parameters, unit: 'sentences', total: 0 }),
    train: (parameters: TaggerTraining) => {
      const title = `Train the tagger “${parameters.name}” (${parameters.language})`
      return jobs.add({ kind: 'train', title, parameters, unit: 'sentences', total: 0 })
    },
  }
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
