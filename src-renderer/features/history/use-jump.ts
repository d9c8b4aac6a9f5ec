import type { EditId } from '#shared/contract/ids.ts'
import { shallowRef } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { useApi } from '../../api/client.ts'
import { useText } from '../../composables/use-text.ts'
import { useEdits } from '../../stores/edits.ts'
import { useNotices } from '../../stores/notices.ts'

/** A jump in the undo list; it can be stopped until it is carried out, and its notice leads back. */
export function useJump() {
  const { t } = useText()
  const api = useApi()
  const edits = useEdits()
  const notices = useNotices()
  const isJumping = shallowRef(false)
  let abort = new AbortController()

  async function jump(editId: EditId | null, label: string): Promise<void> {
    if (isJumping.value) return
    abort = new AbortController()
    isJumping.value = true
    const from = edits.state.undo
    try {
      edits.state = await api.history.jumpTo({ editId }, { signal: abort.signal })
      const back = () => void jump(from?.id ?? null, from?.label ?? t('history.beforeAll'))
      notices.info(t('history.jumped', { label }), { label: t('history.back'), run: back }, 'edit')
    } catch (error) {
      if (asAppError(error).code !== 'cancelled' && !abort.signal.aborted) notices.error(error)
    } finally {
      isJumping.value = false
    }
  }

  return { jump, isJumping, stop: () => abort.abort() }
}
