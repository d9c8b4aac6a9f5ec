const HUES = ['var(--accent)', 'var(--violet)', 'var(--warn)', 'var(--good)', 'var(--bad)'] as const

/** A run keeps its colour in every list: it goes by the run's id, not by its place. */
export function runHue(runId: number): string {
  return HUES[(runId - 1) % HUES.length] ?? HUES[0]
}

/**
 * The order in which outputs are shown while their names are hidden: the same for a clip each time it is opened,
 * different from clip to clip, so that a place tells nothing about a system.
 */
export function blindOrder<Output extends { id: number }>(
  outputs: readonly Output[],
  clipId: number,
): Output[] {
  const key = (id: number) => {
    let mixed = Math.imul(id ^ Math.imul(clipId, 0x9e3779b1), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
  return [...outputs].sort((a, b) => key(a.id) - key(b.id) || a.id - b.id)
}
