import type { JudgedText } from '#shared/contract/campaign.ts'
import { AppError } from '#shared/contract/errors.ts'
import { PROTOCOLS, type RatingProtocol } from '#shared/domain/rating-protocols.ts'

/** @throws AppError 'invalid-input' where a judgement does not fit its protocol or its texts */
export function checkJudged(
  protocol: RatingProtocol,
  outputs: readonly { outputId: number; text: string }[],
  judged: readonly JudgedText[],
  isFinished: boolean,
): void {
  const lengths = new Map(outputs.map(({ outputId, text }) => [outputId, [...text].length]))
  const { min, max, kind, hasSpans, hasCategories } = PROTOCOLS[protocol]
  for (const { outputId, value, marks } of judged) {
    const length = lengths.get(outputId)
    if (length === undefined) throw wrong('This output is not on the screen that is judged.')
    if (value !== null && (kind === 'errors' || value < min || value > max))
      throw wrong(`The value ${value} is not on the scale of ${min} to ${max}.`)
    if (!hasSpans && marks.length > 0) throw wrong('In this protocol, no errors are marked.')
    for (const mark of marks) {
      if (mark.startCp > mark.endCp || mark.endCp > length) throw wrong('An error lies outside of its text.')
      if (!hasCategories && mark.category !== null) throw wrong('In this protocol, errors have no category.')
    }
  }
  if (isFinished) checkWhole(protocol, outputs.length, judged)
}

function checkWhole(protocol: RatingProtocol, outputs: number, judged: readonly JudgedText[]): void {
  const { kind } = PROTOCOLS[protocol]
  if (judged.length < outputs) throw wrong('Not every output has been judged.')
  if (kind === 'errors') return
  const values = judged.map(({ value }) => value)
  if (values.includes(null)) throw wrong('Not every output has a value.')
  const count = (value: number) => values.filter(each => each === value).length
  const isWhole =
    kind === 'number' ||
    (protocol === 'pairwise'
      ? count(0.5) === 2 || (count(1) === 1 && count(0) === 1)
      : isBestWorst(count, outputs))
  if (!isWhole) throw wrong('Choose one output, or for best and worst one of each.')
}

function isBestWorst(count: (value: number) => number, outputs: number): boolean {
  return count(1) === 1 && count(-1) === 1 && count(0) === outputs - 2
}

function wrong(message: string): AppError {
  return new AppError('invalid-input', message)
}
