import { moduleBeside } from '../../module-beside.ts'
import type { CorpusContext } from '../context.ts'
import { type ActTask, createActsThread } from '../thread/acts-thread.ts'
import type { FileActs } from './file-acts.ts'

/** What the worker opens: a connection of its own, so that it writes without holding the core's thread. */
export interface ActsOrigin {
  dir: string
  database: string
}

/** The acts as they cross to their thread. */
export type ThreadedActs = {
  [Act in keyof FileActs]: (input: Parameters<FileActs[Act]>[0], task: ActTask) => ReturnType<FileActs[Act]>
}

const IDLE_MS = 20_000
/** A file of 80 MB makes a million objects that live until it is written; a small nursery copies each of them twice. */
const YOUNG_MB = 128

/** The acts on a worker thread. */
export function workerActs(context: CorpusContext): FileActs & { close: () => Promise<void> } {
  const { ask, stop } = createActsThread<ThreadedActs>({
    module: () => moduleBeside(import.meta.url, './file-acts.worker.ts', 'file-acts.worker.js'),
    workerData: { dir: context.dir, database: context.db.name } satisfies ActsOrigin,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: 8192 },
    idleMs: IDLE_MS,
    purpose: 'reads annotation files',
    tooLarge: 'The file is too large for the memory of this computer. Split it.',
    author: context.author,
  })
  return {
    preview: input => ask('preview', input),
    check: input => ask('check', input),
    importFile: (input, signal) => ask('importFile', input, { signal }),
    previewExport: input => ask('previewExport', input),
    exportFile: input => ask('exportFile', input),
    close: stop,
  }
}
