import { expect, test } from 'vitest'
import { blankOf, ctcMatrix, readCtcJson, readCtcVocabulary } from './ctc-file.ts'

const FILE = {
  vocabulary: ['<blank>', 'REGEN', 'WIND'],
  blank: '<blank>',
  stride: 4,
  clips: [
    { id: 'a', labels: [0, 'REGEN', 'REGEN', 0], probabilities: [0.5, 1, 0.5, 1] },
    {
      id: 'b',
      stride: 2,
      offset: -1,
      steps: [
        [
          [2, -0.1],
          ['<blank>', -2],
        ],
      ],
    },
  ],
}

test('labels are numbers or glosses, and strides may differ from clip to clip', () => {
  const [a, b] = readCtcJson(JSON.stringify(FILE, null, 1), 'run.json')
  expect(a).toMatchObject({ id: 'a', stride: 4, offset: 0, blank: 0, isWeighted: true, leftOut: 0 })
  expect(a?.steps).toEqual([[[0, Math.log(0.5)]], [[1, 0]], [[1, Math.log(0.5)]], [[0, 0]]])
  expect(b).toMatchObject({
    id: 'b',
    stride: 2,
    offset: -1,
    steps: [
      [
        [2, -0.1],
        [0, -2],
      ],
    ],
  })
})

const without = (changes: object) => JSON.stringify({ ...FILE, ...changes }, null, 1)
test.each([
  ['{"vocabulary": [', /run\.json:1 is no JSON/],
  [without({ clips: [{ id: 'a', labels: [7] }] }), /run\.json:\d+: clip a, step 1: the label 7 is not in/],
  [without({ blank: 'SIL' }), /"blank": the label "SIL" is not in the vocabulary/],
  [without({ clips: [{ id: 'a' }] }), /clip a: has to have either "labels"/],
  [without({ clips: [{ id: 'a', labels: [1], probabilities: [] }] }), /1 labels and 0 probabilities/],
  [without({ clips: [{ id: 'a', steps: [[[1, 0.5]]] }] }), /clip a, steps\.0\.0\.1: /],
])('a file that is wrong is told by place and remedy (%#)', (text, message) => {
  expect(() => readCtcJson(text, 'run.json')).toThrow(message)
})

const facts = { id: 'a', vocabulary: ['_', 'A', 'B'], blank: 0, stride: 1, offset: 0 }
const matrix = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [1, 3] as [number, number],
})

test('a matrix holds probabilities or their logarithms, the likeliest first', () => {
  const [step] = ctcMatrix(matrix(0.25, 0.75, 0), facts, 'a.npy').steps
  expect(step?.map(([label]) => label)).toEqual([1, 0])
  expect(Math.exp(step?.[0]?.[1] ?? NaN)).toBeCloseTo(0.75, 6)
  const logs = ctcMatrix(matrix(Math.log(0.25), Math.log(0.5), Math.log(0.25)), facts, 'a.npy')
  expect(Math.exp(logs.steps[0]?.[0]?.[1] ?? NaN)).toBeCloseTo(0.5, 6)
  expect(() => ctcMatrix(matrix(3, -1, 2), facts, 'a.npy')).toThrow(/row 1 holds neither/)
  const narrow = { ...facts, vocabulary: ['_', 'A'] }
  expect(() => ctcMatrix(matrix(1, 0, 0), narrow, 'a.npy')).toThrow(/3 columns, and the vocabulary 2/)
})

test('of very many labels the likeliest are kept, and what is left out is told', () => {
  const vocabulary = Array.from({ length: 50 }, (_, at) => `G${at}`)
  const data = new Float32Array(50).fill(0.5 / 49)
  data[7] = 0.5
  const { steps, leftOut } = ctcMatrix({ data, shape: [1, 50] }, { ...facts, vocabulary }, 'a.npy')
  expect(steps[0]).toHaveLength(32)
  expect(steps[0]?.[0]?.[0]).toBe(7)
  expect(leftOut).toBeCloseTo((18 * 0.5) / 49, 5)
})

test('a vocabulary has a gloss a line, or numbers them', () => {
  expect(readCtcVocabulary('<blank>\nREGEN\n', 'v.txt')).toEqual(['<blank>', 'REGEN'])
  expect(readCtcVocabulary('REGEN\t1\nWIND 2\n<blank> 0\n', 'v.txt')).toEqual(['<blank>', 'REGEN', 'WIND'])
  expect(() => readCtcVocabulary('A 0\nB 2\n', 'v.txt')).toThrow('no gloss for the label 1')
  expect(() => readCtcVocabulary('A\n\nB\n', 'v.txt')).toThrow('v.txt:2 is empty')
  expect(blankOf(['A', '<blank>'])).toBe(1)
  expect(blankOf(['A', 'B'])).toBe(0)
})
