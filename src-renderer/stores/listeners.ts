export interface Listeners<Event> {
  tell: (event: Event) => void
  /** Returns the way to stop listening. */
  listen: (listener: (event: Event) => void) => () => void
}

export function createListeners<Event>(): Listeners<Event> {
  const listeners = new Set<(event: Event) => void>()
  return {
    tell(event) {
      for (const listener of listeners) listener(event)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Calls during a run lead to one more run after it, never to two at once: for bursts of changes. */
export function coalesced(run: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined
  let next: Promise<void> | undefined

  function start(): Promise<void> {
    underWay = run().finally(() => (underWay = undefined))
    return underWay
  }

  return () => {
    if (!underWay) return start()
    next ??= underWay
      .catch(() => {})
      .then(() => {
        next = undefined
        return start()
      })
    return next
  }
}
