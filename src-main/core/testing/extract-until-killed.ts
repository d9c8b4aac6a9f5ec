import { createRouterClient } from '@orpc/server'
import { ModelId } from '#shared/contract/ids.ts'
import { testCore } from './workplace.ts'

/** A process of its own that opens the corpus, goes on with its extraction or starts it, and ends when that is done. */
const [dataDir = '', corpusDir = ''] = process.argv.slice(2)
const core = await testCore(dataDir)
const api = createRouterClient(core.router, { context: {} })
await api.corpus.open({ dir: corpusDir })
const [
  job = await api.job.extract({ selection: { kind: 'all' }, modelId: ModelId.parse('tiny'), device: 'cpu' }),
] = await api.job.list()
process.stdout.write('working\n')
const ended = await core.settled(job.id, () => {})
for (const { clip, message } of await api.job.log({ jobId: job.id }))
  if (clip) process.stdout.write(`${clip}: ${message}\n`)
process.stdout.write(`${ended.state}\n`)
await core.close()
