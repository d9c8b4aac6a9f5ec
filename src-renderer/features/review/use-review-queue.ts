import type { ClipRow } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { WorthwhileClip } from '#shared/contract/rating.ts'
import { computed, type Ref, shallowReactive, shallowRef, watch } from 'vue'
import { type Api, useApi } from '../../api/client.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { filterOf, QUEUE_VIEWS, type QueueChoice, type QueueView } from './queue-filters.ts'
import { keepCurrent } from './queue-order.ts'

const PAGE = 100
const SETTLE_MS = 150

interface QueueAnswer {
  ids: readonly ClipId[]
  /** Why each is where it is; empty in the orders that say so themselves. */
  reasons: ReadonlyMap<ClipId, WorthwhileClip>
}

async function ask(api: Api, choice: QueueChoice, signal: AbortSignal): Promise<QueueAnswer> {
  const filter = filterOf(choice)
  if (choice.sort === 'worth') {
    const clips = await api.rating.queue({ filter }, { signal })
    return {
      ids: clips.map(({ clipId }) => clipId),
      reasons: new Map(clips.map(clip => [clip.clipId, clip])),
    }
  }
  // Weak outputs first: a list by score is looked at from its bottom.
  const ids = await api.clip.ids({ filter, sort: choice.sort, descending: false }, { signal })
  return { ids, reasons: new Map() }
}

async function countAll(api: Api, split: string, signal: AbortSignal): Promise<Record<QueueView, number>> {
  const totals = await Promise.all(
    QUEUE_VIEWS.map(view => api.clip.list({ filter: filterOf({ view, split }), limit: 1 }, { signal })),
  )
  return Object.fromEntries(QUEUE_VIEWS.map((view, at) => [view, totals[at]?.total ?? 0])) as Record<
    QueueView,
    number
  >
}

/** The clips to go through: all their ids at once, and their rows where the list is looked at. */
export function useReviewQueue(choice: Readonly<Ref<QueueChoice>>, current: Readonly<Ref<ClipId | null>>) {
  const api = useApi()
  const ids = shallowRef<readonly ClipId[]>([])
  const reasons = shallowRef<QueueAnswer['reasons']>(new Map())
  const rows = shallowReactive(new Map<ClipId, ClipRow>())
  const asked = new Set<number>()
  const range = shallowRef({ first: 0, last: 0 })

  const list = useRequest(signal => ask(api, choice.value, signal))
  const progress = useRequest(signal => api.rating.progress(undefined, { signal }))
  const counts = useRequest(signal => countAll(api, choice.value.split, signal))

  watch(list.answer, fresh => {
    if (!fresh) return
    ids.value = keepCurrent(fresh.ids, ids.value, current.value)
    reasons.value = fresh.reasons
    asked.clear()
    void fill()
  })
  watch(
    choice,
    () => {
      ids.value = []
      void reload()
    },
    { immediate: true },
  )
  watch(range, () => void fill())
  onCorpusChange(
    ['clips', 'clip', 'reference', 'run', 'edit'],
    useDebounced(SETTLE_MS, () => void reload()),
  )

  async function reload(): Promise<void> {
    await Promise.all([list.load(), counts.load(), progress.load()])
  }

  async function fill(): Promise<void> {
    const [first, last] = [Math.floor(range.value.first / PAGE), Math.floor(range.value.last / PAGE)]
    for (let page = first; page <= last; page += 1) {
      if (asked.has(page)) continue
      asked.add(page)
      const clipIds = ids.value.slice(page * PAGE, (page + 1) * PAGE)
      for (const row of await api.clip.rows({ clipIds: [...clipIds] })) rows.set(row.id, row)
    }
  }

  return {
    ids,
    reasons,
    progress: progress.answer,
    rows,
    counts: counts.answer,
    error: computed(() => list.error.value),
    isLoading: list.isAsking,
    isKnown: computed(() => list.answer.value !== undefined),
    reload,
    look: (first: number, last: number) => (range.value = { first, last }),
  }
}

export type ReviewQueue = ReturnType<typeof useReviewQueue>
