import { expect, test } from 'vitest'
import type { RatingProtocol } from '#shared/domain/rating-protocols.ts'
import { commentMark, judgeByKey, type JudgingState, saysTheSame } from './judging-state.ts'
import { wordsOf } from './words.ts'

function start(texts: readonly string[]): JudgingState {
  const judged = texts.map((_, at) => ({ outputId: at + 1, value: null, marks: [] }))
  return { judged, slot: 0, cursor: 0, anchor: 0, typed: '', unnamed: null, commented: null }
}

/** Presses keys one after the other, `Shift+` before those that are held with it. */
function press(
  keys: string,
  protocol: RatingProtocol,
  texts: readonly string[] = ['am tag  scheint die sonne'],
) {
  const screen = { protocol, words: texts.map(wordsOf) }
  let state = start(texts)
  const acts: string[] = []
  for (const chord of keys.split(' ')) {
    const isShift = chord.startsWith('Shift+')
    const done = judgeByKey(chord.replace('Shift+', ''), isShift, state, screen)
    state = done?.state ?? state
    if (done?.act) acts.push(done.act)
  }
  return {
    values: state.judged.map(({ value }) => value),
    marks: state.judged[state.slot]!.marks,
    acts,
    state,
  }
}

test('words keep their code points; a script without spaces is walked sign by sign', () => {
  expect(wordsOf('  am 😀 tag')).toEqual([
    { from: 2, to: 4 },
    { from: 5, to: 6 },
    { from: 7, to: 10 },
  ])
  expect(wordsOf('今天 下雨').map(({ from }) => from)).toEqual([0, 1, 3, 4])
})

test('digits and arrows give a value, Enter goes on only when there is one', () => {
  expect(press('Enter', 'da').acts).toEqual([])
  expect(press('7 5 Enter', 'da')).toMatchObject({ values: [75], acts: ['finish'] })
  expect(press('1 0 0 ArrowDown', 'da').values).toEqual([99])
  expect(press('9 5 ArrowUp Enter', 'sqm')).toMatchObject({ values: [6], acts: ['finish'] })
  expect(press('7 5 Shift+Enter', 'da').acts).toEqual(['previous'])
})

test('side by side, Enter goes from output to output and back to the one that was passed over', () => {
  const texts = ['a b', 'c d', 'e f']
  expect(press('1 0 Enter 2 0 Enter 3 0 Enter', 'da', texts)).toMatchObject({
    values: [10, 20, 30],
    acts: ['next-output', 'next-output', 'finish'],
  })
  expect(press('Tab 2 0 Enter 3 0 Enter 1 0 Enter', 'da', texts)).toMatchObject({
    values: [10, 20, 30],
    acts: ['next-output', 'next-output', 'finish'],
  })
})

test('spans are marked word by word, changed and removed without a mouse', () => {
  const mark = { isMissing: false, category: null, comment: '' }
  expect(press('ArrowRight Shift+ArrowRight x', 'esa').marks).toEqual([
    { ...mark, startCp: 3, endCp: 15, severity: 'major' },
  ])
  expect(press('x m', 'esa').marks).toEqual([{ ...mark, startCp: 0, endCp: 2, severity: 'minor' }])
  expect(press('x Delete', 'esa').marks).toEqual([])
  expect(press('o', 'esa').marks).toMatchObject([{ isMissing: true, startCp: 25, endCp: 25 }])
})

test('C writes a comment on the mark under the cursor, which stays when the severity changes', () => {
  const { state } = press('x c', 'esa')
  expect(state.commented).toBe(0)
  const said = commentMark(state, 0, ' of the hand ')
  expect(said).toMatchObject({ commented: null, judged: [{ marks: [{ comment: 'of the hand' }] }] })
  expect(commentMark({ ...said, commented: 0 }, 0, null)).toEqual(said)
  const { state: changed } = judgeByKey('m', false, said, { protocol: 'esa', words: [wordsOf('am tag')] })!
  expect(changed.judged[0]!.marks).toMatchObject([{ severity: 'minor', comment: 'of the hand' }])
  expect(press('c', 'esa').state.commented).toBeNull()
})

test('in MQM a mark waits for the letter of its category, and then keys mean what they did', () => {
  expect(press('x f', 'mqm').marks).toMatchObject([{ severity: 'major', category: 'number' }])
  expect(press('x f ArrowRight m a Enter', 'mqm')).toMatchObject({
    marks: [{ category: 'number' }, { category: 'name', startCp: 3 }],
    acts: ['finish'],
  })
  expect(press('5', 'mqm').values).toEqual([null])
})

test('a pair takes one key, best and worst take two', () => {
  expect(press('2 Enter', 'pairwise', ['a', 'b'])).toMatchObject({ values: [0, 1], acts: ['finish'] })
  expect(press('0', 'pairwise', ['a', 'b']).values).toEqual([0.5, 0.5])
  expect(press('3 1 Enter', 'best-worst', ['a', 'b', 'c'])).toMatchObject({
    values: [-1, 0, 1],
    acts: ['finish'],
  })
  expect(press('3 1 2', 'best-worst', ['a', 'b', 'c']).values).toEqual([null, 1, null])
})

test('marks say the same in whichever order they were made', () => {
  const there = press('ArrowRight m ArrowLeft x', 'esa').state.judged
  const back = press('x ArrowRight m', 'esa').state.judged
  const other = press('m ArrowRight m', 'esa').state.judged
  expect([saysTheSame(there, back), saysTheSame(there, other)]).toEqual([true, false])
})
