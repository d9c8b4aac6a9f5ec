import { onScopeDispose } from 'vue'

/** Timers that end with the calling component. */
export function useTimers() {
  const waiting = new Set<ReturnType<typeof setTimeout>>()
  onScopeDispose(() => {
    for (const timer of waiting) clearTimeout(timer)
  })

  /** Returns the way to call it off. */
  function after(milliseconds: number, act: () => void): () => void {
    const timer = setTimeout(() => {
      waiting.delete(timer)
      act()
    }, milliseconds)
    waiting.add(timer)
    return () => {
      clearTimeout(timer)
      waiting.delete(timer)
    }
  }

  return { after }
}

/** Calls `act` once the calls have paused for `milliseconds`. */
export function useDebounced(milliseconds: number, act: () => void): () => void {
  const { after } = useTimers()
  let stop = () => {}
  return () => {
    stop()
    stop = after(milliseconds, act)
  }
}

/** Calls `act` once `milliseconds` after the first of a burst of calls: also while they go on. */
export function useThrottled(milliseconds: number, act: () => void): () => void {
  const { after } = useTimers()
  let isWaiting = false
  return () => {
    if (isWaiting) return
    isWaiting = true
    after(milliseconds, () => {
      isWaiting = false
      act()
    })
  }
}
