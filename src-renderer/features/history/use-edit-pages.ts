import type { Ref } from 'vue'
import type { HistoryEdit } from '#shared/contract/history.ts'
import { useApi } from '../../api/client.ts'
import { type PageAnswer, usePages } from '../../composables/use-pages.ts'
import { useThrottled } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'

const SETTLE_MS = 120

/** The edits that contain `text`, newest first. */
export function useEditPages(text: Readonly<Ref<string>>) {
  const api = useApi()
  const pages = usePages<string, HistoryEdit, PageAnswer<HistoryEdit>>(
    text,
    async (wanted, { offset, limit }, signal) => {
      const { total, edits } = await api.history.edits({ skip: offset, limit, text: wanted }, { signal })
      return { total, rows: edits }
    },
  )
  onCorpusChange(
    ['edit'],
    useThrottled(SETTLE_MS, () => void pages.reload()),
  )
  return pages
}
