import type { PredictionSource } from '#shared/contract/predictions.ts'
import type { TaggerTraining } from '#shared/contract/pseudo-gloss.ts'
import type { ExportRequest, ImportSource } from '#shared/contract/transfer.ts'
import type { z } from 'zod'
import type { EngineClient } from '../../engine/client.ts'
import type { AnnotationFilesService } from '../annotation-files/annotation-files.service.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { DeviceService } from '../device/device.service.ts'
import type { ExportService } from '../export/export.service.ts'
import { exportFeatures } from '../feature/export-features.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import type { ApiKeys } from '../gloss-to-text/api-keys.ts'
import { runGlossToText } from '../gloss-to-text/gloss-to-text-job.ts'
import type { ImportService } from '../import/import.service.ts'
import type { PredictionsService } from '../import/predictions/predictions.service.ts'
import type { JobItem, JobRecord } from '../job/job.queries.ts'
import type { JobControl, JobHandlers, JobOutcome } from '../job/handler.ts'
import type { MediaService } from '../media/media.service.ts'
import { importTags } from '../pseudo-gloss/import-tags.ts'
import type { LanguageTools } from '../pseudo-gloss/language-tools.ts'
import type { PseudoGlossService } from '../pseudo-gloss/pseudo-gloss.service.ts'
import { runTagging, type TagParameters } from '../pseudo-gloss/tag-job.ts'
import { runTraining } from '../pseudo-gloss/train-job.ts'
import { importAnnotations } from './import-annotations.ts'
import { createModelHandlers, type ModelWorkDeps } from './model-handlers.ts'
import { runProxy } from './playback.ts'
import type { ExtractParameters, ImportParameters } from './parameters.ts'
import { clipsAtOnce, translateClips } from './translate-clips.ts'

export interface HandlerDeps extends ModelWorkDeps {
  engine: EngineClient
  features: FeatureService
  imports: ImportService
  predictions: PredictionsService
  exports: ExportService
  media: MediaService
  devices: DeviceService
  annotationFiles: AnnotationFilesService
  pseudoGlosses: PseudoGlossService
  language: LanguageTools
  keys: ApiKeys
}

/** What the jobs of a corpus do. */
export function createHandlers(context: CorpusContext, deps: HandlerDeps): JobHandlers {
  return {
    extract: {
      lane: 'engine',
      runItem: (job, item, control) => extractItem(context, deps, { job, item, control }),
    },
    translate: {
      lane: 'engine',
      runItem: (job, item, control) => translateClips(context, deps, { job, items: [item], control }),
      batch: {
        size: job => clipsAtOnce(deps.models, job),
        run: (job, items, control) => translateClips(context, deps, { job, items, control }),
      },
    },
    import: { lane: 'files', run: (job, control) => runImport(context, deps, job, control) },
    proxy: { lane: 'playback', run: (job, control) => runProxy(deps.media, job, control) },
    export: { lane: 'files', run: (job, control) => runExport(deps.exports, job, control) },
    // Corpora of before had such jobs too; they go on.
    ...createModelHandlers(deps),
    'gloss-to-text': {
      lane: 'network',
      runItem: (job, item, control) => runGlossToText(context, deps, { job, item, control }),
    },
    tag: {
      lane: 'language',
      run: (job, control) =>
        runTagging(
          context,
          { language: deps.language, setting: deps.pseudoGlosses.setting },
          JSON.parse(job.parameters) as TagParameters,
          control,
        ),
    },
    train: {
      lane: 'language',
      run: (job, control) =>
        runTraining(context, deps, JSON.parse(job.parameters) as TaggerTraining, control),
    },
  }
}

interface ItemTask {
  job: JobRecord
  item: JobItem
  control: JobControl
}

async function extractItem(
  context: CorpusContext,
  { models, features, devices }: HandlerDeps,
  { job, item, control }: ItemTask,
) {
  const { modelId, device: wish, outDir } = JSON.parse(job.parameters) as ExtractParameters
  const bundle = await models.open(modelId, control.signal)
  const device = await devices.choose(bundle, job.fallback ?? wish, control.signal)
  control.device(device)
  const files = await features.ensure(item.clipId, bundle, {
    device,
    signal: control.signal,
    onProgress: (frames, _total, memoryBytes) => {
      if (memoryBytes !== null) control.memory(memoryBytes)
      control.progress(frames)
    },
  })
  if (outDir !== undefined) await exportFeatures(context, item.clipId, files, outDir)
  announce(context, 'clip', item.clipId)
}

async function runImport(
  context: CorpusContext,
  deps: HandlerDeps,
  job: JobRecord,
  control: JobControl,
): Promise<JobOutcome> {
  const source = JSON.parse(job.parameters) as ImportParameters
  if ('tags' in source) return importTags(context, deps.pseudoGlosses.setting(), source.tags, control)
  if ('annotations' in source) return importAnnotations(deps.annotationFiles, source.annotations, control)
  return 'predictions' in source
    ? importPredictions(deps.predictions, source.predictions, control)
    : importClips(deps.imports, source, control)
}

async function importPredictions(
  predictions: PredictionsService,
  source: PredictionSource,
  control: JobControl,
): Promise<JobOutcome> {
  const { counts, newClips, runIds, systems, issues, hypotheses } = await predictions.run(
    source,
    control.signal,
  )
  control.progress(1, 1)
  const made = newClips === 0 ? '' : ` ${newClips} clips without video were made.`
  control.log(
    'info',
    `${hypotheses} outputs of ${systems.length} systems: ${counts.imported} rows imported, ${counts.repaired} repaired, ${counts.skipped} left out.${made}`,
  )
  for (const { severity, file, line, message } of issues)
    control.log(severity, `${file}${line === null ? '' : `:${line}`}: ${message}`)
  if (counts.skipped > 0) control.warn(`${counts.skipped} rows were left out; the preview names the reasons.`)
  const [runId] = runIds
  return runId === undefined ? {} : { runId }
}

async function importClips(
  imports: ImportService,
  source: ImportSource,
  control: JobControl,
): Promise<JobOutcome> {
  const onProgress = (done: number, total: number) => control.progress(done, total)
  const counts = await imports.run(source, { signal: control.signal, onProgress })
  control.log(
    'info',
    `${counts.added} added, ${counts.changed} changed, ${counts.known} known, ${counts.broken} broken.`,
  )
  for (const { severity, file, line, message } of counts.issues)
    control.log(severity, `${file}${line === null ? '' : `:${line}`}: ${message}`)
  if (counts.broken > 0)
    control.warn(`${counts.broken} clips were left out; the log of this job names the reasons.`)
  return {}
}

async function runExport(exports: ExportService, job: JobRecord, control: JobControl) {
  const request = JSON.parse(job.parameters) as z.infer<typeof ExportRequest>
  const onProgress = (done: number, total: number) => control.progress(done, total)
  await exports.run(request, { signal: control.signal, onProgress })
  return { output: request.outDir }
}
