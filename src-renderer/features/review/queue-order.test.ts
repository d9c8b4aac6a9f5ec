import type { ClipId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { filterOf, shortName } from './queue-filters.ts'
import { keepCurrent, neighbour } from './queue-order.ts'

const ids = (...values: number[]) => values as ClipId[]
const clip = (value: number) => value as ClipId

test('the clip that was just accepted stays where it was', () => {
  expect([
    keepCurrent(ids(1, 2, 4, 5), ids(1, 2, 3, 4, 5), clip(3)),
    keepCurrent(ids(1, 2), ids(1, 2, 3), clip(3)),
    keepCurrent(ids(5), ids(1, 2, 3, 4, 5), clip(3)),
  ]).toEqual([ids(1, 2, 3, 4, 5), ids(1, 2, 3), ids(3, 5)])
})

test('the clip that was just rated or accepted stays before the one that came next, wherever it belongs now', () => {
  expect([
    keepCurrent(ids(2, 3, 4, 1), ids(1, 2, 3, 4), clip(1)),
    keepCurrent(ids(4, 1, 2, 3), ids(1, 2, 3, 4), clip(4)),
    keepCurrent(ids(3, 4, 2, 1), ids(1, 2, 3, 4), clip(2)),
  ]).toEqual([ids(1, 2, 3, 4), ids(1, 2, 3, 4), ids(2, 3, 4, 1)])
})

test('a clip that was never in the queue is not put there', () => {
  expect(keepCurrent(ids(1, 2), ids(1, 2), clip(9))).toEqual(ids(1, 2))
})

test('goes to the neighbours and stops at the ends', () => {
  expect([
    neighbour(ids(4, 7, 9), clip(7), 1),
    neighbour(ids(4, 7, 9), clip(7), -1),
    neighbour(ids(4, 7, 9), clip(9), 1),
    neighbour(ids(4, 7, 9), clip(5), 1),
    neighbour([], null, 1),
  ]).toEqual([9, 4, null, 4, null])
})

test('chips are filters', () => {
  expect([
    filterOf({ view: 'all', split: '' }),
    filterOf({ view: 'toReview', split: 'dev' }),
    filterOf({ view: 'weak', split: '' }),
  ]).toEqual([{}, { split: 'dev', state: 'new' }, { belowBleu: 10 }])
})

test('names are cut where they say least', () => {
  expect([
    shortName('demo-0007'),
    shortName('25October_2010_Monday_tagesschau-17'),
    shortName('aaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
  ]).toEqual(['demo-0007', '…tagesschau-17', '…aaaaaaaaaaaaaaaa'])
})
