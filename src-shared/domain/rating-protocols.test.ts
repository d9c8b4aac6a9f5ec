import { expect, test } from 'vitest'
import { mqmPenalty } from './rating-protocols.ts'

test('MQM weights: five major errors are the most that a segment can cost', () => {
  const major = { severity: 'major', category: 'number' } as const
  const comma = { severity: 'minor', category: 'punctuation' } as const
  expect([
    mqmPenalty([]),
    mqmPenalty([{ severity: 'neutral', category: 'style' }]),
    mqmPenalty([comma, comma, { severity: 'minor', category: 'space' }]),
    mqmPenalty([major, major]),
    mqmPenalty([major, major, major, major, major, major]),
    mqmPenalty([{ severity: 'minor', category: 'non-translation' }]),
  ]).toEqual([0, 0, 1.2, 10, 25, 25])
})
