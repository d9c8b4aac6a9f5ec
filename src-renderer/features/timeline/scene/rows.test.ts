import { expect, test } from 'vitest'
import { placeRows, type Row, rowAt, rowsBetween, totalHeight } from './rows.ts'

const row = (kind: Row['kind'], id: number): Row => ({
  kind,
  id,
  name: `row ${id}`,
  hue: 0,
  colour: null,
  depth: 0,
  fold: 'none',
  rule: '',
  colours: null,
})

test('rows stack without gaps', () => {
  const rows = placeRows([row('motion', 0), row('tier', 7), row('tier', 8)], 'medium')
  expect({
    total: totalHeight(rows),
    at: [rowAt(rows, 45)?.id, rowAt(rows, 46)?.id, rowAt(rows, 9999), rowAt(rows, -1)],
    visible: rowsBetween(rows, 50, 76).map(each => each.id),
    all: rowsBetween(rows, 0, 77).map(each => each.id),
  }).toEqual({ total: 106, at: [0, 7, null, null], visible: [7], all: [0, 7, 8] })
})
