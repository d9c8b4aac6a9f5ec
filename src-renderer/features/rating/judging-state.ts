import type { JudgedText } from '#shared/contract/campaign.ts'
import {
  ERROR_CATEGORIES,
  type ErrorMark,
  PROTOCOLS,
  type RatingProtocol,
} from '#shared/domain/rating-protocols.ts'
import { rateByKey } from '../review/rating-keys.ts'
import type { Word } from './words.ts'

/** What a rater is doing on one screen. */
export interface JudgingState {
  judged: readonly JudgedText[]
  /** The output that keys speak to. */
  slot: number
  /** The word under the cursor and where its selection began; both are places in the output's words. */
  cursor: number
  anchor: number
  /** Digits of a value that is being typed. */
  typed: string
  /** The mark that waits for a category, by place in its list. */
  unnamed: number | null
  /** The mark whose comment is being written, by place in its list. */
  commented: number | null
}

export interface JudgedScreen {
  protocol: RatingProtocol
  words: readonly (readonly Word[])[]
}

export type JudgingAct = 'next-output' | 'finish' | 'previous'

export interface JudgingStep {
  state: JudgingState
  /** What the screen does next; null: nothing but show the state. */
  act: JudgingAct | null
}

const SEVERITY_KEYS = { m: 'minor', x: 'major', n: 'neutral' } as const
/** A letter for each category, in their order. */
export const CATEGORY_KEYS = 'abcdefghijklmnop'

/** 1 and 2 say which of two is better, 0 that neither is; values by slot. */
const PAIR_VALUES: Record<string, readonly number[]> = { '1': [1, 0], '2': [0, 1], '0': [0.5, 0.5] }

/** Whether two judgements of a screen say the same; in which order errors were marked says nothing. */
export function saysTheSame(one: readonly JudgedText[], other: readonly JudgedText[]): boolean {
  const told = (judged: readonly JudgedText[]) =>
    JSON.stringify(
      judged.map(({ outputId, value, marks }) => [
        outputId,
        value,
        marks
          .map(mark =>
            JSON.stringify([
              mark.startCp,
              mark.endCp,
              mark.isMissing,
              mark.severity,
              mark.category,
              mark.comment,
            ]),
          )
          .toSorted(),
      ]),
    )
  return told(one) === told(other)
}

/** Null for a key that means nothing here: playback may have it. */
export function judgeByKey(
  key: string,
  isShift: boolean,
  state: JudgingState,
  screen: JudgedScreen,
): JudgingStep | null {
  if (state.unnamed !== null) return nameByKey(key, state)
  const { kind, hasSpans } = PROTOCOLS[screen.protocol]
  if (key === 'Enter') return isShift ? step(state, 'previous') : goOn(state, screen)
  if (key === 'Tab') return step(toSlot(state, state.slot + (isShift ? -1 : 1)), null)
  const marked = hasSpans ? markByKey(key, isShift, state, screen) : null
  if (marked) return step(marked, null)
  if (kind === 'number') return valueByKey(key, state, screen.protocol)
  if (kind === 'choice') return chooseByKey(key, state, screen.protocol)
  return null
}

function step(state: JudgingState, act: JudgingAct | null): JudgingStep {
  return { state, act }
}

export function toSlot(state: JudgingState, slot: number): JudgingState {
  const count = state.judged.length
  return {
    ...state,
    slot: (slot + count) % count,
    cursor: 0,
    anchor: 0,
    typed: '',
    unnamed: null,
    commented: null,
  }
}

/** Whether an output has all that its protocol asks for. */
export function isComplete({ value }: JudgedText, protocol: RatingProtocol): boolean {
  return PROTOCOLS[protocol].kind === 'errors' || value !== null
}

function goOn(state: JudgingState, { protocol }: JudgedScreen): JudgingStep | null {
  if (PROTOCOLS[protocol].kind === 'choice')
    return state.judged.every(each => isComplete(each, protocol)) ? step(state, 'finish') : null
  if (!isComplete(state.judged[state.slot]!, protocol)) return null
  const open = state.judged.findIndex((each, at) => at > state.slot && !isComplete(each, protocol))
  if (open >= 0) return step(toSlot(state, open), 'next-output')
  if (PROTOCOLS[protocol].kind === 'errors' && state.slot < state.judged.length - 1)
    return step(toSlot(state, state.slot + 1), 'next-output')
  const missed = state.judged.findIndex(each => !isComplete(each, protocol))
  return missed >= 0 ? step(toSlot(state, missed), 'next-output') : step(state, 'finish')
}

export function withOutput(state: JudgingState, change: Partial<JudgedText>): JudgingState {
  return {
    ...state,
    judged: state.judged.map((each, at) => (at === state.slot ? { ...each, ...change } : each)),
  }
}

const UP: Record<string, number> = { ArrowUp: 1, ArrowDown: -1 }

function valueByKey(key: string, state: JudgingState, protocol: RatingProtocol): JudgingStep | null {
  const { max } = PROTOCOLS[protocol]
  const { value } = state.judged[state.slot]!
  if (max < 10) {
    const typed = /^\d$/.test(key) && Number(key) <= max ? Number(key) : null
    const moved = UP[key] === undefined ? null : Math.max(0, Math.min(max, (value ?? max / 2) + UP[key]))
    if (key === 'Backspace') return step(withOutput(state, { value: null }), null)
    return typed === null && moved === null ? null : step(withOutput(state, { value: typed ?? moved }), null)
  }
  // Left and right belong to the words and the frames.
  if (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home' || key === 'End') return null
  const entry = rateByKey(key, { value, typed: state.typed })
  return entry && step({ ...withOutput(state, { value: entry.value }), typed: entry.typed }, null)
}

function chooseByKey(key: string, state: JudgingState, protocol: RatingProtocol): JudgingStep | null {
  if (key === 'Backspace')
    return step(
      withValues(state, () => null),
      null,
    )
  if (protocol === 'pairwise') {
    const chosen = PAIR_VALUES[key]
    return chosen
      ? step(
          withValues(state, at => chosen[at]!),
          null,
        )
      : null
  }
  const at = Number(key) - 1
  if (!/^[1-9]$/.test(key) || at >= state.judged.length) return null
  return step(chooseBestWorst(state, at), null)
}

/** The first choice is the best, the next another one the worst; a third begins anew. */
export function chooseBestWorst(state: JudgingState, chosen: number): JudgingState {
  const values = state.judged.map(({ value }) => value)
  const best = values.indexOf(1)
  if (best < 0 || best === chosen || values.includes(-1))
    return withValues(state, at => (at === chosen ? 1 : null))
  return withValues(state, at => (at === best ? 1 : at === chosen ? -1 : 0))
}

export function withValues(state: JudgingState, valueOf: (at: number) => number | null): JudgingState {
  return { ...state, judged: state.judged.map((each, at) => ({ ...each, value: valueOf(at) })) }
}

function markByKey(
  key: string,
  isShift: boolean,
  state: JudgingState,
  { protocol, words }: JudgedScreen,
): JudgingState | null {
  const own = words[state.slot]!
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const to = Math.max(0, Math.min(own.length - 1, state.cursor + (key === 'ArrowLeft' ? -1 : 1)))
    return { ...state, cursor: to, anchor: isShift ? state.anchor : to, typed: '' }
  }
  if (key === 'Delete') return withoutMark(state, own)
  if (key === 'c') return { ...state, commented: pointedMark(state, own) }
  if (key === 'o')
    return addMark(state, protocol, {
      startCp: endOf(own),
      endCp: endOf(own),
      isMissing: true,
      severity: 'major',
    })
  const severity = SEVERITY_KEYS[key.toLowerCase() as keyof typeof SEVERITY_KEYS]
  if (!severity) return null
  const [from, to] = selected(state, own)
  if (!from || !to) return state
  return addMark(state, protocol, { startCp: from.from, endCp: to.to, isMissing: false, severity })
}

function endOf(words: readonly Word[]): number {
  return words.at(-1)?.to ?? 0
}

function selected({ cursor, anchor }: JudgingState, words: readonly Word[]) {
  return [words[Math.min(cursor, anchor)], words[Math.max(cursor, anchor)]] as const
}

/** The mark that covers a word, the last one made first; −1 for none. */
export function markAt(marks: readonly ErrorMark[], { from, to }: Word): number {
  return marks.findLastIndex(({ startCp, endCp, isMissing }) => !isMissing && startCp < to && endCp > from)
}

/** The same stretch marked again takes the new severity. In MQM, a new mark waits for its category. */
export function addMark(
  state: JudgingState,
  protocol: RatingProtocol,
  mark: Omit<ErrorMark, 'category' | 'comment'>,
): JudgingState {
  const { marks } = state.judged[state.slot]!
  const same = marks.findIndex(
    each => !mark.isMissing && each.startCp === mark.startCp && each.endCp === mark.endCp,
  )
  const category =
    marks[same]?.category ?? (mark.isMissing && PROTOCOLS[protocol].hasCategories ? 'omission' : null)
  const made: ErrorMark = { ...mark, category, comment: marks[same]?.comment ?? '' }
  const next = same >= 0 ? marks.map((each, at) => (at === same ? made : each)) : [...marks, made]
  const place = same >= 0 ? same : next.length - 1
  const isUnnamed = PROTOCOLS[protocol].hasCategories && category === null
  return { ...withOutput(state, { marks: next }), unnamed: isUnnamed ? place : null, typed: '' }
}

/** The mark under the cursor, else the last one of something missing; null for none. */
function pointedMark({ judged, slot, cursor }: JudgingState, words: readonly Word[]): number | null {
  const { marks } = judged[slot]!
  const word = words[cursor]
  const under = word ? markAt(marks, word) : -1
  const at = under >= 0 ? under : marks.findLastIndex(({ isMissing }) => isMissing)
  return at < 0 ? null : at
}

function withoutMark(state: JudgingState, words: readonly Word[]): JudgingState {
  const at = pointedMark(state, words)
  if (at === null) return state
  return withOutput(state, { marks: state.judged[state.slot]!.marks.filter((_, place) => place !== at) })
}

function nameByKey(key: string, state: JudgingState): JudgingStep | null {
  if (key === 'Escape' || key === 'Enter') return step({ ...state, unnamed: null }, null)
  const category = ERROR_CATEGORIES[CATEGORY_KEYS.indexOf(key.toLowerCase())]
  if (key.length !== 1 || !category) return null
  return step(nameMark(state, state.unnamed!, category), null)
}

export function nameMark(state: JudgingState, place: number, category: ErrorMark['category']): JudgingState {
  const { marks } = state.judged[state.slot]!
  const named = marks.map((mark, at) => (at === place ? { ...mark, category } : mark))
  return { ...withOutput(state, { marks: named }), unnamed: null }
}

/** Ends the writing of a comment; null leaves it as it was. */
export function commentMark(state: JudgingState, place: number, comment: string | null): JudgingState {
  const { marks } = state.judged[state.slot]!
  const said = comment?.trim()
  const closed = { ...state, commented: null }
  if (said === undefined || marks[place]?.comment === said) return closed
  return withOutput(closed, {
    marks: marks.map((mark, at) => (at === place ? { ...mark, comment: said } : mark)),
  })
}
