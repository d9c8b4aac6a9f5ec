import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { DeviceInfo } from '#shared/contract/app.ts'
import type { CorpusChange, CorpusSummary } from '#shared/contract/corpus.ts'
import type { Job } from '#shared/contract/job.ts'
import type { EngineClient } from '../engine/client.ts'
import type { AppService } from './app/app.service.ts'
import type { Log } from './context.ts'
import { demoCorpusDir, fillDemo } from './corpus/demo.ts'
import { findCorpusDir, isCorpusFolder } from './corpus/folder.ts'
import { createCorpus, openCorpus, type OpenCorpus } from './corpus/open-corpus.ts'
import { createRecentList } from './corpus/recent.ts'
import { corpusOfBackup, restoreBackup } from './corpus/restore.ts'
import { createEmitter } from './emitter.ts'
import { createImportService } from './import/import.service.ts'
import type { ModelService } from './model/model.service.ts'
import { createSession, type Session } from './session.ts'

export interface WorkspaceDeps {
  app: AppService
  models: ModelService
  engine: EngineClient
  dataDir: string
  resourcesDir: string
  version: string
  log: Log
  now: () => number
  /** Whether jobs that a crash interrupted go on when their corpus is opened. */
  resumeJobs: boolean
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
  const { app, models, engine, now } = deps
  const changes = createEmitter<CorpusChange>()
  const jobChanges = createEmitter<Job>()
  const recent = createRecentList(deps.dataDir, now)
  let session: Session | null = null
  /** Opening and closing take turns: two windows may ask at once. */
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const corpusDeps = { log: deps.log, now, changes, author: () => app.settings().annotator || systemUser }

  /** The corpus that was open stays open where the next one cannot be opened. */
  async function use(open: () => Promise<OpenCorpus>): Promise<CorpusSummary> {
    const corpus = await open()
    await session?.close()
    session = createSession(corpus, { engine, models, version: deps.version, jobChanges })
    session.jobs.recover(deps.resumeJobs)
    const summary = await corpus.summary()
    recent.remember(summary)
    changes.emit({ kind: 'corpus', clipId: null })
    return summary
  }

  async function openDir(dir: string): Promise<CorpusSummary> {
    if (session && session.corpus.context.dir === findCorpusDir(dir)) return session.corpus.summary()
    return use(() => openCorpus(dir, corpusDeps))
  }

  async function demo(dir?: string): Promise<CorpusSummary> {
    const demoDir = demoCorpusDir(deps.dataDir, dir)
    if (session?.corpus.context.dir !== demoDir)
      await use(() =>
        isCorpusFolder(demoDir) ? openCorpus(demoDir, corpusDeps) : createCorpus(demoDir, { name: 'Wetter-Demo' }, corpusDeps),
      )
    const corpus = (session as Session).corpus
    const imports = createImportService(corpus.context)
    await fillDemo(corpus, {
      demoDir: join(deps.resourcesDir, 'demo'),
      importFolder: source => imports.run(source, { signal: new AbortController().signal, onProgress: () => {} }),
    })
    const summary = await corpus.summary()
    recent.remember(summary)
    return summary
  }

  async function closeSession(): Promise<void> {
    const closing = session
    session = null
    if (!closing) return
    recent.remember(await closing.corpus.summary())
    await closing.close()
    changes.emit({ kind: 'corpus', clipId: null })
  }

  async function restore(file: string): Promise<CorpusSummary> {
    const dir = corpusOfBackup(file)
    if (session?.corpus.context.dir === dir) await closeSession()
    try {
      await restoreBackup(file, now)
    } finally {
      await openDir(dir)
    }
    return (session as unknown as Session).corpus.summary()
  }

  async function devices(): Promise<DeviceInfo[]> {
    return (await engine.devices()).map(report => ({ ...report, label: DEVICE_LABELS[report.id] }))
  }

  return {
    app,
    models,
    changes,
    jobChanges,
    devices,
    session: () => session,
    recent: recent.list,
    create: (input: { dir: string; name: string }) => inTurn(() => use(() => createCorpus(input.dir, { name: input.name }, corpusDeps))),
    open: (dir: string) => inTurn(() => openDir(dir)),
    demo: (dir?: string) => inTurn(() => demo(dir)),
    restore: (file: string) => inTurn(() => restore(file)),
    forget: (dir: string) => recent.forget(dir),
    close: () => inTurn(closeSession),
  }
}

export type Workspace = ReturnType<typeof createWorkspace>
