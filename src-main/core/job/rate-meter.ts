const WINDOW_MS = 30_000

/** Units a second over the last half minute: follows a change of device or of clip size, and does not jump. */
export function createRateMeter(now: () => number) {
  const samples: { at: number; done: number }[] = []

  function add(done: number): void {
    const at = now()
    samples.push({ at, done })
    const from = at - WINDOW_MS
    while (samples.length > 2 && (samples[1]?.at ?? at) <= from) samples.shift()
  }

  /** Null until there are two moments to compare. */
  function rate(): number | null {
    const first = samples[0]
    const last = samples.at(-1)
    if (!first || !last || last.at - first.at < 500 || last.done <= first.done) return null
    return ((last.done - first.done) * 1000) / (last.at - first.at)
  }

  return { add, rate }
}

export type RateMeter = ReturnType<typeof createRateMeter>
