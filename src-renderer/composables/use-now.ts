import { onScopeDispose, readonly, shallowRef } from 'vue'

/** The time, told again every `everyMs`: for "3 minutes ago". */
export function useNow(everyMs: number) {
  const now = shallowRef(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
