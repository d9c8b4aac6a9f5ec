import { workerData } from 'node:worker_threads'
import { openDatabase } from '../../db/open.ts'
import { createEmitter } from '../emitter.ts'
import { serveActs } from '../thread/serve-acts.ts'
import { fileActs } from './file-acts.ts'
import type { ActsOrigin, ThreadedActs } from './worker-acts.ts'

const { dir, database } = workerData as ActsOrigin

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

const threaded: ThreadedActs = {
  preview: input => acts.preview(input),
  check: input => acts.check(input),
  importFile: (input, { signal }) => acts.importFile(input, signal),
  previewExport: input => acts.previewExport(input),
  exportFile: input => acts.exportFile(input),
}
serveActs(threaded, { onAuthor: name => (author = name) })
