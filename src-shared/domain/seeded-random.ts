/** Numbers that are the same for the same seed on every machine. */
export interface SeededRandom {
  /** An integer from 0 to `limit` − 1. */
  below: (limit: number) => number
  /** A shuffled copy. */
  shuffled: <Item>(items: readonly Item[]) => Item[]
}

/** Mulberry32: 32 bits of state, enough to order lists and draw bootstrap samples, and no secret. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  const below = (limit: number) => Math.floor((next() / 0x1_0000_0000) * limit)

  function shuffled<Item>(items: readonly Item[]): Item[] {
    const copy = [...items]
    for (let last = copy.length - 1; last > 0; last--) {
      const chosen = below(last + 1)
      ;[copy[last], copy[chosen]] = [copy[chosen]!, copy[last]!]
    }
    return copy
  }

  return { below, shuffled }
}
