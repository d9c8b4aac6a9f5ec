import { parentPort } from 'node:worker_threads'
import { toWireError } from '#shared/contract/errors.ts'
import type { ActMessage, ActRequest, Acts, ActTask } from './acts-thread.ts'

/** The body of a worker: performs the acts that the core's thread asks for. */
export function serveActs(acts: Acts, { onAuthor }: { onAuthor: (author: string) => void }): void {
  const port = parentPort
  if (!port) throw new Error('This module is the body of a worker.')
  const running = new Map<number, AbortController>()
  const tell = (message: ActMessage) => port.postMessage(message)

  async function answer({ id, act, input, author }: Extract<ActRequest, { input: unknown }>): Promise<void> {
    const abort = new AbortController()
    running.set(id, abort)
    onAuthor(author)
    const task: ActTask = { signal: abort.signal, progress: progress => tell({ id, progress }) }
    try {
      const perform = acts[act]
      if (!perform) throw new Error(`There is no act ${act}.`)
      tell({ id, value: await perform(input as never, task) })
    } catch (cause) {
      tell({ id, error: toWireError(cause, bug => (bug instanceof Error && bug.stack) || String(bug)) })
    } finally {
      running.delete(id)
    }
  }

  port.on('message', (request: ActRequest) => {
    if ('input' in request) void answer(request)
    else running.get(request.id)?.abort()
  })
}
