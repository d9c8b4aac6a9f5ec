import { workerData } from 'node:worker_threads'
import { openDatabase } from '../../db/open.ts'
import { serveActs } from '../thread/serve-acts.ts'
import { createScoring } from './scoring.ts'

const { database } = workerData as { database: string }

serveActs(createScoring({ db: openDatabase(database, { create: false }), now: Date.now }), {
  onAuthor: () => {},
})
