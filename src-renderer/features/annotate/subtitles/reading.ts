/** What a viewer can follow; the values that broadcasters' style guides agree on. */
export interface ReadingLimits {
  charactersPerSecond: number
  lineLength: number
  lines: number
  minMs: number
  maxMs: number
}

export const LIMITS: ReadingLimits = {
  charactersPerSecond: 17,
  lineLength: 42,
  lines: 2,
  minMs: 833,
  maxMs: 7000,
}
/** Chinese is read at about half the characters, each twice as wide. */
export const WIDE_LIMITS: ReadingLimits = { ...LIMITS, charactersPerSecond: 9, lineLength: 16 }

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

export function limitsFor(text: string): ReadingLimits {
  return WIDE.test(text) ? WIDE_LIMITS : LIMITS
}

/** Characters a second, line breaks not counted. */
export function readingSpeed(text: string, durationMs: number): number {
  const characters = [...text.replaceAll('\n', '')].length
  return durationMs > 0 ? (characters * 1000) / durationMs : Number.POSITIVE_INFINITY
}

export type ReadingProblem = 'empty' | 'fast' | 'long' | 'lines' | 'short' | 'slow'

/** What is wrong with a subtitle, most disturbing first. */
export function readingProblems(
  text: string,
  durationMs: number,
  limits = limitsFor(text),
): ReadingProblem[] {
  if (text.trim() === '') return ['empty']
  const lines = text.split('\n')
  const found: [ReadingProblem, boolean][] = [
    ['fast', readingSpeed(text, durationMs) > limits.charactersPerSecond],
    ['long', lines.some(line => [...line].length > limits.lineLength)],
    ['lines', lines.length > limits.lines],
    ['short', durationMs < limits.minMs],
    ['slow', durationMs > limits.maxMs],
  ]
  return found.filter(([, isSo]) => isSo).map(([problem]) => problem)
}

/** Where to cut a span whose text is cut at a caret: at the frame on screen if it is inside, else where the text is. */
export function cutTime(
  span: { startMs: number; endMs: number },
  text: string,
  caret: number,
  shownMs: number | null,
): number {
  if (shownMs !== null && shownMs > span.startMs && shownMs < span.endMs) return Math.round(shownMs)
  const part = text.length > 0 ? Math.min(0.9, Math.max(0.1, caret / text.length)) : 0.5
  return Math.round(span.startMs + (span.endMs - span.startMs) * part)
}
