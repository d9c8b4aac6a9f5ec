import { Worker } from 'node:worker_threads'
import { AppError, type WireError } from '#shared/contract/errors.ts'
import type { TaggerTraining } from '#shared/contract/pseudo-gloss.ts'
import { moduleBeside } from '../module-beside.ts'
import type { LanguageAnswer, LanguageRequest, TaggerSource } from './language.worker.ts'
import type { Token } from './token.ts'
import type { TrainingResult } from './train-tagger.ts'

const IDLE_MS = 60_000

interface Waiting {
  resolve: (answer: LanguageAnswer) => void
  reject: (reason: unknown) => void
  onProgress?: (progress: { done: number; total: number }) => void
}

type Wish = LanguageRequest extends infer Each
  ? Each extends { id: number }
    ? Omit<Each, 'id'>
    : never
  : never

/** Tagging and training off the core's thread; a thread is started when there is work and let go when there is none. */
export function createLanguageThread() {
  const tagging = createThread()

  async function tag(tagger: TaggerSource, sentences: readonly string[]): Promise<Token[][]> {
    const answer = await tagging.ask({ act: 'tag', tagger, sentences } as Wish)
    if (!('tokens' in answer)) throw new Error('tokens')
    return answer.tokens
  }

  /** On a thread of its own, so that a cancelled training ends at once. */
  async function train(
    wish: TaggerTraining,
    { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
  ): Promise<TrainingResult> {
    signal.throwIfAborted()
    const thread = createThread()
    const stop = () => void thread.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const answer = await thread.ask({ act: 'train', wish } as Wish, ({ done, total }) =>
        onProgress(done, total),
      )
      if (!('trained' in answer)) throw new Error('trained')
      return answer.trained
    } finally {
      signal.removeEventListener('abort', stop)
      await thread.close()
    }
  }

  return { tag, train, close: tagging.close }
}

function createThread() {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  function started(): Worker {
    clearTimeout(idle)
    if (worker) return worker
    const made = new Worker(moduleBeside(import.meta.url, './language.worker.ts', 'language.worker.js'))
    made.on('message', settle)
    made.on('error', error => fail(made, error))
    made.on('exit', code => fail(made, new Error(`The thread that tags sentences ended (${code}).`)))
    worker = made
    return made
  }

  function settle(answer: LanguageAnswer): void {
    const waited = waiting.get(answer.id)
    if ('progress' in answer) return waited?.onProgress?.(answer.progress)
    waiting.delete(answer.id)
    if (waiting.size === 0) idle = setTimeout(() => void close(), IDLE_MS).unref()
    if ('error' in answer) waited?.reject(asError(answer.error))
    else waited?.resolve(answer)
    return undefined
  }

  function fail(which: Worker, error: unknown): void {
    if (worker !== which) return
    worker = null
    rejectAll(error)
  }

  function rejectAll(reason: unknown): void {
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const stopped = worker
    worker = null
    rejectAll(new DOMException('Cancelled', 'AbortError'))
    await stopped?.terminate()
  }

  function ask(wish: Wish, onProgress?: Waiting['onProgress']): Promise<LanguageAnswer> {
    const id = (lastId += 1)
    const target = started()
    const answered = new Promise<LanguageAnswer>((resolve, reject) =>
      waiting.set(id, { resolve, reject, ...(onProgress && { onProgress }) }),
    )
    target.postMessage({ id, ...wish })
    return answered
  }

  return { ask, close }
}

function asError({ code, message, details }: WireError): unknown {
  if (code === 'cancelled') return new DOMException('Cancelled', 'AbortError')
  if (code !== 'internal') return new AppError(code, message, { details })
  const error = new Error(message)
  error.stack = String(details['reference'])
  return error
}
