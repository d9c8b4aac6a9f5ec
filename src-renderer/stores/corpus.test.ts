import type { CorpusChange, CorpusSummary } from '#shared/contract/corpus.ts'
import { expect, test, vi } from 'vitest'
import { clientOf, core, createFeed, inApp } from '../testing/test-core.ts'
import { onCorpusChange, useCorpus } from './corpus.ts'

const summary = (clips: number): CorpusSummary => ({
  dir: '/c.signwright',
  name: 'C',
  isDemo: false,
  clips,
  recordings: 1,
  splits: [],
  states: [],
  signers: [],
  missingMedia: 0,
})

function setup() {
  const feed = createFeed<CorpusChange>()
  const asked = { current: 0 }
  const api = clientOf({
    corpus: {
      current: core.corpus.current.handler(() => summary(++asked.current)),
      recent: core.corpus.recent.handler(() => []),
      open: core.corpus.open.handler(() => summary(100)),
      changes: core.corpus.changes.handler(() => feed.stream()),
    },
  })
  const heard: CorpusChange[] = []
  const abort = new AbortController()
  const { result: corpus, unmount } = inApp(api, () => {
    onCorpusChange(['reference'], change => heard.push(change))
    return useCorpus()
  })
  void corpus.start(abort.signal)
  const stop = () => {
    abort.abort()
    feed.end()
    unmount()
  }
  return { corpus, feed, asked, heard, unmount, stop }
}

test('knows the open corpus once the stream is open, and tells everyone to ask', async () => {
  const { corpus, heard, stop } = setup()
  await vi.waitFor(() => expect(corpus.state).toBe('ready'))
  await vi.waitFor(() => expect(heard).toEqual([{ kind: 'corpus', clipId: null }]))
  expect(corpus.current).toEqual(summary(1))
  stop()
})

test('asks again for its counts when clips changed, and tells only those who listen to the kind', async () => {
  const { corpus, feed, heard, stop } = setup()
  await vi.waitFor(() => expect(heard).toHaveLength(1))

  feed.send({ kind: 'clips', clipId: null })
  await vi.waitFor(() => expect(corpus.current).toEqual(summary(2)))
  feed.send({ kind: 'reference', clipId: null })
  await vi.waitFor(() => expect(heard).toHaveLength(2))

  expect(heard[1]).toEqual({ kind: 'reference', clipId: null })
  expect(corpus.current).toEqual(summary(2))
  stop()
})

test('opening another corpus shows it at once and tells that anything may have changed', async () => {
  const { corpus, heard, stop } = setup()
  await vi.waitFor(() => expect(heard).toHaveLength(1))

  await corpus.open('/c.signwright')

  expect(corpus.current).toEqual(summary(100))
  expect(heard.at(-1)).toEqual({ kind: 'corpus', clipId: null })
  stop()
})

test('stops calling a component that is gone', async () => {
  const { feed, heard, unmount, stop } = setup()
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  unmount()
  feed.send({ kind: 'reference', clipId: null })
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(heard).toHaveLength(1)
  stop()
})
