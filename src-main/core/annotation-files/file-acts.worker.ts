import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '#shared/contract/errors.ts'
import { openDatabase } from '../../db/open.ts'
import { createEmitter } from '../emitter.ts'
import { fileActs } from './file-acts.ts'
import type { ActAnswer, ActRequest, ActsOrigin } from './worker-acts.ts'

const { dir, database } = workerData as ActsOrigin
const port = parentPort
if (!port) throw new Error('This module is the body of a worker.')

// Nothing else is logged or announced here: the core does both when it has the answer.
const silent = { info: () => {}, warn: () => {}, error: () => {} }
let author = ''
const acts = fileActs({
  dir,
  db: openDatabase(database, { create: false }),
  changes: createEmitter(),
  log: silent,
  now: Date.now,
  author: () => author,
})
const running = new Map<number, AbortController>()

port.on('message', (request: ActRequest | { id: number; act: 'cancel' }) => {
  if (request.act === 'cancel') running.get(request.id)?.abort()
  else void answer(request)
})

async function answer(request: ActRequest): Promise<void> {
  const { id } = request
  const abort = new AbortController()
  running.set(id, abort)
  author = request.author
  try {
    port?.postMessage({ id, value: await perform(request, abort.signal) } satisfies ActAnswer)
  } catch (cause) {
    const error = toWireError(cause, bug => (bug instanceof Error && bug.stack) || String(bug))
    port?.postMessage({ id, error } satisfies ActAnswer)
  } finally {
    running.delete(id)
  }
}

function perform(request: ActRequest, signal: AbortSignal): Promise<unknown> {
  switch (request.act) {
    case 'preview':
      return acts.preview(request.input)
    case 'importFile':
      return acts.importFile(request.input, signal)
    case 'previewExport':
      return acts.previewExport(request.input)
    case 'exportFile':
      return acts.exportFile(request.input)
  }
}
