import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRouterClient } from '@orpc/server'
import { expect, onTestFinished, test } from 'vitest'
import { type JobId, ModelId } from '#shared/contract/ids.ts'
import { createCore } from '../core.ts'
import { silentLog } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'

/** Sentences of the toolkit's own PyTorch model for the same files; `models/toolkit` prints them when it has trained. */
const IN_PYTORCH = {
  'test-0001': 'am mittwoch fällt an der küste schnee.',
  'test-0002': 'im westen kommt am donnerstag ein hoch.',
}
/** Where `resources/demo/signs.json` has the signs of the first clip: first and last frame. */
const SIGNED = { mittwoch: [13, 25], küste: [31, 45] } as const

const repository = fileURLToPath(new URL('../../..', import.meta.url))
test('the Sign2GPT that comes with the program translates like PyTorch and finds words at their signs', async () => {
  const place = temporaryFolder()
  const core = await createCore({
    shell: 'test',
    dataDir: join(place, 'data'),
    resourcesDir: join(repository, 'resources'),
    modelsDir: join(repository, 'models'),
    version: '0.0.0',
    log: silentLog,
    resumeJobs: false,
  })
  onTestFinished(() => core.close())
  const api = createRouterClient(core.router, { context: {} })
  const modelId = ModelId.parse('demo-sign2gpt')
  const model = (await api.model.list()).find(({ id }) => id === modelId)
  expect(model).toMatchObject({ kind: 'sign2gpt', abilities: ['translate', 'localise'] })
  await api.corpus.demo({ dir: join(place, 'Demo.signwright') })
  const { rows } = await api.clip.list({ sort: 'name', filter: { split: 'test' }, limit: 2 })
  const selection = { kind: 'ids' as const, clipIds: rows.map(({ id }) => id) }
  const finish = async ({ id }: { id: JobId }) =>
    expect(await core.settled(id, () => {})).toMatchObject({ state: 'done' })
  await finish(await api.job.translate({ selection, modelId, device: 'cpu' }))

  for (const row of rows) {
    const { hypotheses } = await api.clip.get({ clipId: row.id })
    expect(hypotheses[0]?.text, row.name).toBe(IN_PYTORCH[row.name as keyof typeof IN_PYTORCH])
  }
  const typed = ['Küste', 'fällt', 'MITTWOCHS', 'Flugzeug']
  expect(await api.localisation.match({ modelId, words: typed })).toEqual([
    { typed: 'Küste', word: 'küste', by: 'spelling' },
    { typed: 'fällt', word: 'fallen', by: 'lemma' },
    { typed: 'MITTWOCHS', word: null, by: null },
    { typed: 'Flugzeug', word: null, by: null },
  ])
  const [first] = rows
  if (!first) throw new Error('no clip')
  const words = Object.keys(SIGNED)
  const { cells, glosses, E } = await api.localisation.ofClip({ clipId: first.id, modelId, words })
  for (const [word, [from, to]] of Object.entries(SIGNED)) {
    const column = E.map(row => row[glosses.indexOf(word)] ?? 0)
    const strongest = cells[column.indexOf(Math.max(...column))]
    const middle = ((strongest?.firstFrame ?? 0) + (strongest?.lastFrame ?? 0)) / 2
    expect(middle, word).toBeGreaterThanOrEqual(from)
    expect(middle, word).toBeLessThanOrEqual(to)
  }
}, 120_000)
