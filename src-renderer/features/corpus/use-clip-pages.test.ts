import type { ClipRow } from '#shared/contract/clip.ts'
import { ClipId } from '#shared/contract/ids.ts'
import { expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { clientOf, core, inApp } from '../../testing/test-core.ts'
import { useClipView } from '../../stores/clip-view.ts'
import { useClipPages } from './use-clip-pages.ts'

function row(id: number): ClipRow {
  return {
    id: ClipId.parse(id),
    name: `clip-${id}`,
    split: 'dev',
    signer: null,
    state: 'new',
    tags: [],
    durationMs: 1000,
    frames: 25,
    reference: '',
    hypothesis: null,
    bleu: null,
    chrf: null,
    hasFeatures: false,
    problem: null,
    thumbnailUrl: '/thumbnails/1',
  }
}

function setup(total: number) {
  const asked: number[] = []
  const count = (text: string | undefined) => (text === undefined ? total : 5)
  const api = clientOf({
    clip: {
      ids: core.clip.ids.handler(({ input }) =>
        Array.from({ length: count(input.filter.text) }, (_, index) => ClipId.parse(index + 1)),
      ),
      list: core.clip.list.handler(({ input }) => {
        asked.push(input.offset)
        const length = Math.max(0, Math.min(input.limit, count(input.filter.text) - input.offset))
        return { total, rows: Array.from({ length }, (_, index) => row(input.offset + index + 1)) }
      }),
    },
  })
  const { result } = inApp(api, () => ({ pages: useClipPages(), view: useClipView() }))
  return { ...result, asked }
}

test('fetches the pages that are looked at, each once', async () => {
  const { pages, asked } = setup(8000)
  await vi.waitFor(() => expect(pages.ids.value).toHaveLength(8000))

  pages.see(0, 20)
  pages.see(5090, 5110)
  pages.see(5095, 5115)
  await vi.waitFor(() => expect(pages.rowAt(5110)?.name).toBe('clip-5111'))

  expect([asked, pages.rowAt(300)]).toEqual([[0, 5000, 5100], undefined])
})

test('shows the old rows until a narrower view is there', async () => {
  const { pages, view } = setup(300)
  await vi.waitFor(() => expect(pages.ids.value).toHaveLength(300))

  view.narrow({ text: 'sonne' })
  await nextTick()
  expect([pages.ids.value.length, pages.rowAt(0)?.name]).toEqual([300, 'clip-1'])

  await vi.waitFor(() => expect(pages.ids.value).toHaveLength(5))
})

test('says why clips cannot be shown', async () => {
  const { result: pages } = inApp(clientOf({}), useClipPages)
  await vi.waitFor(() => expect(pages.state.value).toBe('failed'))
  expect(pages.error.value?.code).toBe('internal')
})
