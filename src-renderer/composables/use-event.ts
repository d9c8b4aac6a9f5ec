import { onScopeDispose } from 'vue'

/** A listener that lives as long as the calling component. */
export function useWindowEvent<Name extends keyof WindowEventMap>(
  name: Name,
  listen: (event: WindowEventMap[Name]) => void,
  options?: AddEventListenerOptions,
): void {
  window.addEventListener(name, listen, options)
  onScopeDispose(() => window.removeEventListener(name, listen, options))
}
