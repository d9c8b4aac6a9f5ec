export interface Span {
  startMs: number
  endMs: number
}

/** Where nothing says how long something without times lasts. */
const ASSUMED_MS = 1000

/**
 * Times for everything in a sequence: what has none shares the gap between its neighbours; behind the last time, and
 * where there are no times at all, each gets a second.
 */
export function spreadTimes(spans: readonly (Span | null)[]): Span[] {
  const spread: Span[] = []
  let at = 0
  while (at < spans.length) {
    const own = spans[at]
    if (own) {
      spread.push(own)
      at += 1
      continue
    }
    const from = spread.at(-1)?.endMs ?? 0
    let next = at
    while (next < spans.length && spans[next] === null) next += 1
    const count = next - at
    const after = spans[next]
    const to = after ? Math.max(from, after.startMs) : from + count * ASSUMED_MS
    for (let part = 0; part < count; part++) spread.push(shareOf({ startMs: from, endMs: to }, part, count))
    at += count
  }
  return spread
}

/** The `part`-th of `count` equal parts, in whole milliseconds. */
export function shareOf({ startMs, endMs }: Span, part: number, count: number): Span {
  const edge = (n: number) => startMs + Math.round(((endMs - startMs) * n) / count)
  return { startMs: edge(part), endMs: edge(part + 1) }
}

/** Times as formats want them that begin at 0 and know no way back. */
export function forwardSpan({ startMs, endMs }: Span): Span {
  const [a, b] = [Math.max(0, startMs), Math.max(0, endMs)]
  return { startMs: Math.min(a, b), endMs: Math.max(a, b) }
}
