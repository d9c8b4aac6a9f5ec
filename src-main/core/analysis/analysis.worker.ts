import { workerData } from 'node:worker_threads'
import { openDatabase } from '../../db/open.ts'
import { serveActs } from '../thread/serve-acts.ts'
import { createAnalysis } from './analysis.ts'

serveActs(createAnalysis(openDatabase((workerData as { database: string }).database, { create: false })), {
  onAuthor: () => {},
})
