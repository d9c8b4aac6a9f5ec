import { homedir } from 'node:os'
import type { AppInfo } from '#shared/contract/app.ts'
import { AppError, toWireError } from '#shared/contract/errors.ts'
import type { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { createEngineClient, type EngineClient } from '../engine/client.ts'
import { findFfmpeg } from '../engine/frames/ffmpeg.ts'
import { createAppService } from './app/app.service.ts'
import type { Log } from './context.ts'
import { createDeviceService } from './device/device.service.ts'
import { createDownloadService } from './download/download.service.ts'
import { downloadDirOf } from './download/place.ts'
import { createConversionService } from './model/conversion.service.ts'
import { type ApiKeys, environmentKeys } from './gloss-to-text/api-keys.ts'
import { createModelService } from './model/model.service.ts'
import { createLanguageTools } from './pseudo-gloss/language-tools.ts'
import type { PrintPdf } from './report/report.service.ts'
import { createRouter, jobsWith } from './router.ts'
import { createWorkspace } from './workspace.ts'

export interface CoreOptions {
  shell: AppInfo['shell']
  /** Settings, recent corpora, installed models, the demo corpus. */
  dataDir: string
  resourcesDir: string
  /** Bundles that come with the program. */
  modelsDir: string
  version: string
  log: Log
  resumeJobs: boolean
  /** A page as PDF, where the shell has a browser of its own. */
  printPdf?: PrintPdf
  /** Keys of servers, where the shell has a keychain; otherwise they come from the environment. */
  keys?: ApiKeys
  engine?: EngineClient
  now?: () => number
}

/** The program without a window: everything a shell serves. */
export async function createCore(options: CoreOptions) {
  const { dataDir, log, version, shell, now = Date.now } = options
  const engine = options.engine ?? createEngineClient()
  const app = createAppService({ dataDir, homeDir: homedir(), version, shell, log, ffmpeg: describeFfmpeg })
  const downloads = createDownloadService({
    base: () => app.settings().downloadBase,
    dir: () => downloadDirOf(app.settings(), dataDir),
  })
  const models = createModelService({ builtInDir: options.modelsDir, dataDir, version, engine, log })
  const conversions = createConversionService({ engine, models, dataDir })
  const language = createLanguageTools({ dataDir, version, log, now })
  const { printPdf } = options
  const workspace = createWorkspace({
    app,
    models,
    downloads,
    conversions,
    devices: createDeviceService({ engine, dataDir, log, now }),
    engine,
    language,
    dataDir,
    resourcesDir: options.resourcesDir,
    version,
    log,
    now,
    resumeJobs: options.resumeJobs,
    keys: options.keys ?? environmentKeys(),
    ...(printPdf && { printPdf }),
  })

  /** Bytes by address: videos, pictures. Errors become responses, because a video element asks here. */
  async function fetch(request: Request): Promise<Response> {
    try {
      return (await workspace.session()?.media.fetch(request)) ?? new Response(null, { status: 404 })
    } catch (error) {
      return failedResponse(error, request, log)
    }
  }

  /** Resolves when the job has ended, for shells that wait for it. */
  function settled(id: JobId, onChange: (job: Job) => void): Promise<Job> {
    return jobsWith(workspace, id).settled(id, onChange)
  }

  /** Why a job of this session failed, with its code. */
  function failureOf(id: JobId): AppError | undefined {
    return jobsWith(workspace, id).failureOf(id)
  }

  async function close(): Promise<void> {
    await workspace.end()
    await Promise.all([engine.stop(), language.close()])
  }

  return {
    router: createRouter(workspace, log),
    fetch,
    settled,
    failureOf,
    convert: conversions.run,
    inspectSources: conversions.inspect,
    verifyModel: models.verifyFolder,
    close,
    log,
    engine,
  }
}

export type Core = Awaited<ReturnType<typeof createCore>>

function failedResponse(error: unknown, request: Request, log: Log): Response {
  const wire = toWireError(error, bug => {
    log.error({ err: bug, path: new URL(request.url).pathname }, 'media request failed')
    return ''
  })
  if (wire.code === 'internal') return new Response(null, { status: 500 })
  return new Response(wire.message, { status: wire.code === 'not-found' ? 404 : 422 })
}

async function describeFfmpeg(): Promise<AppInfo['ffmpeg']> {
  try {
    const tools = await findFfmpeg()
    return { path: tools.ffmpeg, version: tools.version, problem: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { path: null, version: null, problem: error.message }
  }
}
