import type { ExportRequest, ImportSource } from '#shared/contract/transfer.ts'
import type { z } from 'zod'
import type { EngineClient } from '../../engine/client.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { ExportService } from '../export/export.service.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import type { ImportService } from '../import/import.service.ts'
import type { JobItem, JobRecord } from '../job/job.queries.ts'
import type { JobControl, JobHandlers } from '../job/job.runner.ts'
import type { ModelService } from '../model/model.service.ts'
import { saveHypotheses, setRunDevice } from '../run/run.queries.ts'
import type { ExtractParameters, TranslateParameters } from './work.service.ts'

export interface HandlerDeps {
  engine: EngineClient
  models: ModelService
  features: FeatureService
  imports: ImportService
  exports: ExportService
}

/** What the jobs of a corpus do. */
export function createHandlers(context: CorpusContext, deps: HandlerDeps): JobHandlers {
  const { db } = context
  const { engine, models, features, imports, exports } = deps

  async function extractItem(job: JobRecord, item: JobItem, control: JobControl): Promise<void> {
    const { modelId, device } = JSON.parse(job.parameters) as ExtractParameters
    const bundle = await models.open(modelId, control.signal)
    await features.ensure(item.clipId, bundle, {
      device,
      signal: control.signal,
      onProgress: frames => control.progress(frames),
      onDevice: control.device,
    })
    announce(context, 'clip', item.clipId)
  }

  async function translateItem(job: JobRecord, item: JobItem, control: JobControl): Promise<void> {
    const { modelId, device, runId, ...decoding } = JSON.parse(job.parameters) as TranslateParameters
    const bundle = await models.open(modelId, control.signal)
    const files = await features.ensure(item.clipId, bundle, {
      device,
      signal: control.signal,
      onProgress: () => {},
      onDevice: control.device,
    })
    const result = await engine.translate(
      {
        bundleDir: bundle.dir,
        spatialNpy: files.spatial,
        motionNpy: files.motion,
        device,
        options: decoding,
      },
      { signal: control.signal },
    )
    db.transaction(() => {
      saveHypotheses(db, runId, item.clipId, result.hypotheses)
      setRunDevice(db, runId, result.device)
    })()
    control.device(result.device)
    announce(context, 'clip', item.clipId)
  }

  async function runImport(job: JobRecord, control: JobControl) {
    const source = JSON.parse(job.parameters) as ImportSource
    const counts = await imports.run(source, {
      signal: control.signal,
      onProgress: (done, total) => control.progress(done, total),
    })
    control.log('info', `${counts.added} added, ${counts.changed} changed, ${counts.known} known, ${counts.broken} broken.`)
    for (const { severity, file, line, message } of counts.issues)
      control.log(severity, `${file}${line === null ? '' : `:${line}`}: ${message}`)
    if (counts.broken > 0) control.warn(`${counts.broken} clips were left out; the log of this job names the reasons.`)
    announce(context, 'clips')
    return {}
  }

  async function runExport(job: JobRecord, control: JobControl) {
    const request = JSON.parse(job.parameters) as z.infer<typeof ExportRequest>
    await exports.run(request, { signal: control.signal, onProgress: (done, total) => control.progress(done, total) })
    return { output: request.outDir }
  }

  return {
    extract: { lane: 'engine', runItem: extractItem },
    translate: { lane: 'engine', runItem: translateItem },
    import: { lane: 'files', run: runImport },
    export: { lane: 'files', run: runExport },
  }
}
