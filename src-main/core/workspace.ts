import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { DeviceInfo } from '#shared/contract/app.ts'
import type { CorpusChange, CorpusSummary } from '#shared/contract/corpus.ts'
import type { Job } from '#shared/contract/job.ts'
import type { EngineClient } from '../engine/client.ts'
import type { AppService } from './app/app.service.ts'
import type { Log } from './context.ts'
import { DEMO_NAME, demoCorpusDir, fillDemo } from './corpus/demo.ts'
import { findCorpusDir, isCorpusFolder } from './corpus/folder.ts'
import { createCorpus, openCorpus, type OpenCorpus } from './corpus/open-corpus.ts'
import { clearLeftovers } from './corpus/leftovers.ts'
import { createRecentList, type RecentList } from './corpus/recent.ts'
import { corpusOfBackup, restoreBackup } from './corpus/restore.ts'
import type { DeviceService } from './device/device.service.ts'
import type { DownloadService } from './download/download.service.ts'
import { createEmitter, type Emitter } from './emitter.ts'
import type { ConversionService } from './model/conversion.service.ts'
import type { ModelService } from './model/model.service.ts'
import type { ApiKeys } from './gloss-to-text/api-keys.ts'
import type { LanguageTools } from './pseudo-gloss/language-tools.ts'
import type { PrintPdf } from './report/report.service.ts'
import { readPublishedResults } from './published/published-results.ts'
import { createSession, type Session } from './session.ts'
import { createMachineJobs } from './work/machine-jobs.ts'

export interface WorkspaceDeps {
  app: AppService
  models: ModelService
  downloads: DownloadService
  conversions: ConversionService
  devices: DeviceService
  engine: EngineClient
  language: LanguageTools
  dataDir: string
  resourcesDir: string
  version: string
  log: Log
  now: () => number
  /** Whether jobs that a crash interrupted go on when their corpus is opened. */
  resumeJobs: boolean
  printPdf?: PrintPdf
  keys: ApiKeys
}

/** Signs the edits of somebody who has not set a name yet. */
const systemUser = userInfo().username

const DEVICE_LABELS: Record<DeviceInfo['id'], string> = {
  cpu: 'CPU',
  cuda: 'NVIDIA CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
}

/** What outlives a corpus (settings, models, engine, recent corpora), and the one corpus that is open. */
export function createWorkspace(deps: WorkspaceDeps) {
  const { app, models, conversions, engine, now } = deps
  const changes = createEmitter<CorpusChange>()
  const jobChanges = createEmitter<Job>()
  const recent = createRecentList(deps.dataDir, now)
  const machine = createMachineJobs({ ...deps, jobChanges })
  if (deps.resumeJobs) machine.recover()
  const place = createOpenPlace(deps, { changes, jobChanges, recent })
  const inTurn = createTurns()

  async function demo(dir?: string): Promise<CorpusSummary> {
    const demoDir = demoCorpusDir(deps.dataDir, dir)
    const session = isCorpusFolder(demoDir)
      ? await place.open(demoDir)
      : await place.create(demoDir, DEMO_NAME)
    const { signal } = new AbortController()
    await fillDemo(session.corpus, {
      demoDir: join(deps.resourcesDir, 'demo'),
      importFolder: source => session.imports.run(source, { signal, onProgress: () => {} }),
    })
    return place.summary(session)
  }

  async function restore(file: string): Promise<CorpusSummary> {
    const dir = corpusOfBackup(file)
    if (place.session()?.corpus.context.dir === dir) await place.close()
    try {
      await restoreBackup(file, now)
    } finally {
      await place.open(dir)
    }
    return place.summary(await place.open(dir))
  }

  async function deviceReports(again: boolean): Promise<DeviceInfo[]> {
    return (await engine.devices(again)).map(report => ({ ...report, label: DEVICE_LABELS[report.id] }))
  }

  return {
    app,
    models,
    downloads: deps.downloads,
    conversions,
    changes,
    jobChanges,
    devices: deps.devices,
    language: deps.language,
    published: () => readPublishedResults(deps.resourcesDir),
    deviceReports,
    session: place.session,
    machine,
    recent: recent.list,
    create: ({ dir, name }: { dir: string; name: string }) =>
      inTurn(async () => place.summary(await place.create(dir, name))),
    open: (dir: string) => inTurn(async () => place.summary(await place.open(dir))),
    demo: (dir?: string) => inTurn(() => demo(dir)),
    restore: (file: string) => inTurn(() => restore(file)),
    forget: (dir: string) => recent.forget(dir),
    close: () => inTurn(place.close),
    /** Before the program ends. */
    end: () => inTurn(async () => (await place.close(), machine.close())),
  }
}

export type Workspace = ReturnType<typeof createWorkspace>

/** Opening and closing take turns: two windows may ask at once. */
function createTurns() {
  let turn: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }
}

interface PlaceDeps {
  changes: Emitter<CorpusChange>
  jobChanges: Emitter<Job>
  recent: RecentList
}

/** The one place for an open corpus. */
function createOpenPlace(deps: WorkspaceDeps, { changes, jobChanges, recent }: PlaceDeps) {
  const { log, now, app } = deps
  const corpusDeps = { log, now, changes, author: () => app.settings().annotator || systemUser }
  let session: Session | null = null

  /** The corpus that was open stays open where the next one cannot be opened. */
  async function use(open: () => Promise<OpenCorpus>): Promise<Session> {
    const corpus = await open()
    await clearLeftovers(corpus.context)
    await session?.close()
    const glossEndpoint = () => app.settings().glossEndpoint
    session = createSession(corpus, { ...deps, glossEndpoint, jobChanges })
    session.jobs.recover(deps.resumeJobs)
    changes.emit({ kind: 'corpus', clipId: null })
    return session
  }

  async function open(dir: string): Promise<Session> {
    if (session && session.corpus.context.dir === findCorpusDir(dir)) return session
    return use(() => openCorpus(dir, corpusDeps))
  }

  async function summary({ corpus }: Session): Promise<CorpusSummary> {
    const facts = await corpus.summary()
    try {
      recent.remember(facts)
    } catch (error) {
      // A full data folder must not keep a corpus on another disk from being opened, or its lock from being let go.
      log.warn({ err: error }, 'the list of recent corpora was not renewed')
    }
    return facts
  }

  async function close(): Promise<void> {
    const closing = session
    session = null
    if (!closing) return
    await summary(closing)
    await closing.close()
    changes.emit({ kind: 'corpus', clipId: null })
  }

  const create = (dir: string, name: string) => use(() => createCorpus(dir, { name }, corpusDeps))
  return { session: () => session, open, create, summary, close }
}
