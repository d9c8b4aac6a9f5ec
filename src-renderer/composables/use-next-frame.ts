import { onScopeDispose } from 'vue'

/** Runs `act` before the display's next frame, once however often it is asked to. */
export function useNextFrame(act: () => void): { request: () => void; cancel: () => void } {
  let handle = 0

  function request(): void {
    if (handle !== 0) return
    handle = requestAnimationFrame(() => {
      handle = 0
      act()
    })
  }

  function cancel(): void {
    cancelAnimationFrame(handle)
    handle = 0
  }

  onScopeDispose(cancel)
  return { request, cancel }
}
