import { expect, test } from 'vitest'
import { blindOrder, runHue } from './hypothesis-hues.ts'

test('five runs made one after the other have five colours', () => {
  expect(new Set([3, 4, 5, 6, 7].map(runHue)).size).toBe(5)
})

test('blind order is the same for a clip each time, and does not give the first run a fixed place', () => {
  const places = new Set<number>()
  for (let clip = 1; clip <= 40; clip += 1) {
    const outputs = [{ id: clip * 3 }, { id: clip * 3 + 1 }, { id: clip * 3 + 2 }]
    expect(blindOrder([...outputs].reverse(), clip)).toEqual(blindOrder(outputs, clip))
    places.add(blindOrder(outputs, clip).findIndex(output => output.id === clip * 3))
  }
  expect(places).toEqual(new Set([0, 1, 2]))
})
