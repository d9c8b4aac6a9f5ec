import type { VisualToken } from '#shared/contract/run.ts'

/** More stops than this in a gradient are not seen and slow zooming down. */
const MOST_STOPS = 96

/**
 * A row of heat as the stops of a CSS gradient: share of the width in percent, and strength 0–1 where
 * `peak` is 1. Neighbouring bins are joined where there are too many.
 */
export function heatStops(weights: readonly number[], peak: number): { at: number; heat: number }[] {
  const perStop = Math.ceil(weights.length / MOST_STOPS)
  const stops: { at: number; heat: number }[] = []
  for (let start = 0; start < weights.length; start += perStop) {
    const part = weights.slice(start, start + perStop)
    const strongest = Math.max(...part)
    stops.push({
      at: (100 * (start + part.length / 2)) / weights.length,
      heat: peak > 0 ? strongest / peak : 0,
    })
  }
  return stops
}

export interface NearestSpan {
  /** The stretch of time that is nearer to the middle of these tokens than to that of others. */
  startMs: number
  endMs: number
  /** What the tokens have seen, all together. */
  seenMs: [from: number, to: number]
  nearest: string[]
  tokens: number
  isMotion: boolean
}

/** Visual tokens one after the other; neighbours with the same nearest item are one span (SpaMo, appendix A.5). */
export function nearestSpans(tokens: readonly VisualToken[]): NearestSpan[] {
  const spans: NearestSpan[] = []
  for (const isMotion of [false, true]) {
    const stream = tokens.filter(token => (token.stream !== 'spatial') === isMotion)
    const middles = stream.map(({ startMs, endMs }) => (startMs + endMs) / 2)
    for (const [at, { startMs, endMs, nearest }] of stream.entries()) {
      const middle = middles[at] ?? startMs
      const before = ((middles[at - 1] ?? startMs) + middle) / 2
      const after = ((middles[at + 1] ?? endMs) + middle) / 2
      const [from, to] = isMotion ? evenShare(stream, at) : [Math.min(before, after), Math.max(before, after)]
      const last = spans.at(-1)
      if (last && last.isMotion === isMotion && last.nearest[0] === nearest[0]) {
        last.endMs = to
        last.seenMs = [Math.min(last.seenMs[0], startMs), Math.max(last.seenMs[1], endMs)]
        last.tokens += 1
      } else spans.push({ startMs: from, endMs: to, seenMs: [startMs, endMs], nearest, tokens: 1, isMotion })
    }
  }
  return spans
}

/** Tokens of motion windows have all seen most of the clip: each gets an even share of what they saw together. */
function evenShare(stream: readonly VisualToken[], at: number): [number, number] {
  const from = Math.min(...stream.map(token => token.startMs))
  const to = Math.max(...stream.map(token => token.endMs))
  const share = (to - from) / stream.length
  return [from + at * share, from + (at + 1) * share]
}

/** A vocabulary item as a reader sees it. */
export function plainPiece(piece: string): string {
  return piece.replaceAll('▁', ' ').trim() || '␣'
}
