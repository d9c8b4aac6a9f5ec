import { expect, test } from 'vitest'
import { shallowRef } from 'vue'
import { useSelection } from './use-selection.ts'

function setup() {
  const ids = shallowRef(['a', 'b', 'c', 'd', 'e'])
  return { ids, ...useSelection(ids) }
}

test('extends from the last row that was picked alone, in both directions', () => {
  const { selected, pick } = setup()
  pick(2, 'only')
  pick(4, 'extend')
  expect(selected.value).toEqual(['c', 'd', 'e'])
  pick(1, 'extend')
  expect(selected.value).toEqual(['b', 'c'])
})

test('toggles single rows and keeps the order of the list', () => {
  const { selected, pick } = setup()
  pick(3, 'only')
  pick(0, 'toggle')
  pick(4, 'toggle')
  pick(3, 'toggle')
  expect(selected.value).toEqual(['a', 'e'])
})

test('forgets rows that a filter took away, and finds them again', () => {
  const { ids, selected, pickAll, isSelected } = setup()
  pickAll()
  ids.value = ['b', 'x']
  expect([selected.value, isSelected(0), isSelected(1), isSelected(9)]).toEqual([['b'], true, false, false])
})
