import { diffArrays } from 'diff'
import { splitCharacters, splitWords, type TextUnit } from './text.ts'

/** `added`: only in the hypothesis; `removed`: only in the reference. */
export type DiffKind = 'kept' | 'added' | 'removed'

/** Neighbouring words or characters that fared alike. */
export interface DiffRun {
  kind: DiffKind
  text: string
}

export interface SentenceDiff {
  /** Both sentences in one line, what was removed before what came in its place. */
  runs: DiffRun[]
  /** The hypothesis alone, marked; its texts joined are the hypothesis. */
  hypothesis: DiffRun[]
  /** The reference alone, marked; its texts joined are the reference. */
  reference: DiffRun[]
  /** Words or characters of either side that have no partner. */
  changes: number
}

export interface DiffOptions {
  unit?: 'word' | 'character'
  ignoreCase?: boolean
}

/** Compares a hypothesis with its reference for display. */
export function diffSentences(
  reference: string,
  hypothesis: string,
  { unit = 'word', ignoreCase = false }: DiffOptions = {},
): SentenceDiff {
  const split = unit === 'word' ? splitWords : splitCharacters
  const before = split(reference)
  const after = split(hypothesis)
  const key = ({ key: text }: TextUnit) => (ignoreCase ? text.toLowerCase() : text)
  const result: SentenceDiff = { runs: [], hypothesis: [], reference: [], changes: 0 }
  let fromReference = 0
  let fromHypothesis = 0
  for (const { count, added, removed } of diffArrays(before.map(key), after.map(key))) {
    const referenceText = added ? '' : textOf(before, fromReference, count)
    const hypothesisText = removed ? '' : textOf(after, fromHypothesis, count)
    if (!added) fromReference += count
    if (!removed) fromHypothesis += count
    const kind: DiffKind = added ? 'added' : removed ? 'removed' : 'kept'
    // The hypothesis is what is read, so kept text shows its spelling and spacing.
    append(result.runs, kind, removed ? referenceText : hypothesisText)
    if (!removed) append(result.hypothesis, kind, hypothesisText)
    if (!added) append(result.reference, kind, referenceText)
    if (kind !== 'kept') result.changes += count
  }
  if (unit === 'word') spaceApart(result.runs)
  return result
}

function textOf(units: readonly TextUnit[], start: number, count: number): string {
  let text = ''
  for (let i = start; i < start + count; i++) text += units[i]!.text
  return text
}

function append(runs: DiffRun[], kind: DiffKind, text: string): void {
  const last = runs.at(-1)
  if (last?.kind === kind) last.text += text
  else runs.push({ kind, text })
}

const IS_SPACED_LETTER = /[\p{L}\p{N}]/u
const IS_UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** In one line the last word of a sentence may meet a word of the other one: they need a space between. */
function spaceApart(runs: DiffRun[]): void {
  for (let i = 1; i < runs.length; i++) {
    const [left, right] = [runs[i - 1]!, runs[i]!]
    if (left.kind === 'kept' && right.kind === 'kept') continue
    const end = left.text.at(-1) ?? ''
    const start = right.text.at(0) ?? ''
    const isTouching = IS_SPACED_LETTER.test(end) && IS_SPACED_LETTER.test(start)
    if (isTouching && !IS_UNSPACED.test(end) && !IS_UNSPACED.test(start)) left.text += ' '
  }
}
