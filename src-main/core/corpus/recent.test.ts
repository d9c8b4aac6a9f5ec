import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecentCorpus } from '#shared/contract/corpus.ts'
import { corpusDeps, temporaryFolder } from '../testing/folders.ts'
import { createCorpus } from './open-corpus.ts'
import { createRecentList } from './recent.ts'

test('lists the corpora that were opened last, once each, with what became of them', async () => {
  const dir = temporaryFolder()
  const deps = corpusDeps()
  const corpus = await createCorpus(dir, { name: 'Da' }, deps)
  writeFileSync(join(corpus.paths.thumbnails, '1.jpg'), 'jpeg')
  await corpus.close()
  const there = corpus.paths.dir
  const recent = createRecentList(join(dir, 'data'), deps.now)
  recent.remember({ dir: there, name: 'Da', clips: 1 })
  recent.remember({ dir: '/gone', name: 'Fort', clips: 2 })
  recent.remember({ dir: there, name: 'Da', clips: 3 })

  const list = createRecentList(join(dir, 'data'), deps.now).list()
  expect(list).toEqual(list.map(entry => RecentCorpus.parse(entry)))
  expect(list.map(({ name, clips, isThere, thumbnailUrl }) => [name, clips, isThere, thumbnailUrl])).toEqual([
    ['Da', 3, true, 'data:image/jpeg;base64,anBlZw=='],
    ['Fort', 2, false, null],
  ])
  recent.forget('/gone')
  expect(recent.list().map(({ name }) => name)).toEqual(['Da'])
  writeFileSync(join(dir, 'data', 'recent.json'), '[{')
  expect(recent.list()).toEqual([])
})
