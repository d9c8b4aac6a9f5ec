import { readonly, shallowRef } from 'vue'
import { useNotices } from '../stores/notices.ts'

/**
 * A button's act: one at a time, shown as busy, its failure told by a notice.
 * Answers with whether it went well.
 */
export function useAction<Args extends unknown[]>(act: (...args: Args) => Promise<unknown>) {
  const notices = useNotices()
  const isBusy = shallowRef(false)

  async function run(...args: Args): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    try {
      await act(...args)
      return true
    } catch (error) {
      notices.error(error)
      return false
    } finally {
      isBusy.value = false
    }
  }

  return { run, isBusy: readonly(isBusy) }
}
