import type { AnalysisProgress, AnalysisScope } from '#shared/contract/analysis.ts'
import type { CorpusChange } from '#shared/contract/corpus.ts'
import { moduleBeside } from '../../module-beside.ts'
import type { CorpusContext } from '../context.ts'
import { createEmitter } from '../emitter.ts'
import { createActsThread } from '../thread/acts-thread.ts'
import type { Analysis, FilteredQuestion } from './analysis.ts'

/** The columns of a hundred thousand segments are read again in seconds; nobody waits for them that long. */
const IDLE_MS = 10 * 60_000

/** Changes that alter no segment, reference, output or label. */
const ELSEWHERE: readonly CorpusChange['kind'][] = [
  'annotation',
  'tier',
  'vocabulary',
  'media',
  'rating',
  'rights',
]

type Asked<Act extends keyof Analysis> = Omit<Parameters<Analysis[Act]>[0], 'version'>

/** Segments, buckets, n-grams and distributions of several runs, computed on a thread of its own. */
export function createAnalysisService(context: CorpusContext) {
  let version = 0
  const off = context.changes.on(({ kind }) => {
    if (!ELSEWHERE.includes(kind)) version += 1
  })
  const thread = createActsThread<Analysis>({
    module: () => moduleBeside(import.meta.url, './analysis.worker.ts', 'analysis.worker.js'),
    workerData: { database: context.db.name },
    resourceLimits: { maxYoungGenerationSizeMb: 128, maxOldGenerationSizeMb: 8192 },
    idleMs: IDLE_MS,
    purpose: 'compares runs',
    tooLarge:
      'These runs hold more text than the memory of this computer. Compare fewer of them, or one split.',
    author: context.author,
  })

  async function* prepare({ scope }: { scope: AnalysisScope }, signal?: AbortSignal) {
    const states = createEmitter<AnalysisProgress>()
    const ended = new AbortController()
    const iterator = states.iterate(ended.signal, () => 'latest')
    // The emitter keeps nothing for who has not asked yet.
    const first = iterator.next()
    const work = thread
      .ask(
        'prepare',
        { scope, version },
        { ...(signal && { signal }), progress: state => states.emit(state as AnalysisProgress) },
      )
      .finally(() => ended.abort())
    work.catch(() => {})
    for (let next = await first; !next.done; next = await iterator.next()) yield next.value
    yield await work
  }

  const ask =
    <Act extends 'view' | 'segments' | 'ngrams'>(act: Act) =>
    (input: Asked<Act>, signal?: AbortSignal): ReturnType<Analysis[Act]> =>
      thread.ask(act, { ...input, version } as Parameters<Analysis[Act]>[0], { ...(signal && { signal }) })

  async function close(): Promise<void> {
    off()
    await thread.stop()
  }

  return { prepare, view: ask('view'), segments: ask('segments'), ngrams: ask('ngrams'), close }
}

export type { FilteredQuestion }
