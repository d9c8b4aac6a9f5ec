import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../core/testing/folders.ts'
import { testCore } from '../core/testing/workplace.ts'

const TREEBANKS = resolve(import.meta.dirname, '../../../shared/corpora/ud')
const isThere = existsSync(TREEBANKS)
if (!isThere) process.stderr.write(`Training of taggers is not tested: ${TREEBANKS} is not there.\n`)

describe.skipIf(!isThere)('a tagger that is trained on this machine', () => {
  test(
    'reaches the learning curve of its size, stays for other corpora, and tags',
    { timeout: 300_000 },
    async () => {
      const dataDir = temporaryFolder()
      const core = await testCore(dataDir)
      const api = createRouterClient(core.router, { context: {} })
      await api.corpus.create({ dir: join(dataDir, 'One.signwright'), name: 'One' })
      const job = await api.pseudoGloss.train({
        language: 'de',
        name: 'GSD dev',
        files: [join(TREEBANKS, 'de_gsd-ud-dev.conllu')],
        testFiles: [join(TREEBANKS, 'de_gsd-ud-test.conllu')],
        treebank: 'UD German-GSD',
        licence: 'CC BY-SA 4.0',
      })
      const done = await core.settled(job.id, () => {})
      expect(done).toMatchObject({ state: 'done', output: 'trained/de-gsd-dev' })
      await core.close()

      const later = await testCore(dataDir)
      const again = createRouterClient(later.router, { context: {} })
      const tagger = (await again.pseudoGloss.providers()).find(({ kind }) => kind === 'trained')
      expect(tagger).toMatchObject({ language: 'de', licence: 'CC BY-SA 4.0', trained: { words: 12_316 } })
      expect(tagger?.accuracy?.setF1).toBeGreaterThanOrEqual(0.81)
      expect(tagger?.trained?.files).toEqual([
        {
          name: 'de_gsd-ud-dev.conllu',
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          bytes: 904_804,
        },
      ])
      await again.corpus.create({ dir: join(dataDir, 'Two.signwright'), name: 'Two' })
      const { provider, glosses } = await again.pseudoGloss.ofText({
        language: 'de',
        text: 'die kinder spielten gestern in den gärten',
      })
      expect(provider.id).toBe('trained/de-gsd-dev')
      expect(glosses).toContain('kind')
      await later.close()
    },
  )
})
