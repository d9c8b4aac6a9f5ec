import { expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useDebounced, useThrottled } from './use-timers.ts'

test('waits for a pause when debounced, but not longer than its time when throttled', () => {
  vi.useFakeTimers()
  const ran: string[] = []
  const scope = effectScope()
  scope.run(() => {
    const settle = useDebounced(100, () => ran.push('settled'))
    const often = useThrottled(100, () => ran.push('throttled'))
    for (let call = 0; call < 5; call++) {
      settle()
      often()
      vi.advanceTimersByTime(60)
    }
  })
  expect(ran).toEqual(['throttled', 'throttled'])
  vi.advanceTimersByTime(100)
  expect(ran).toEqual(['throttled', 'throttled', 'settled', 'throttled'])
  vi.useRealTimers()
})

test('calls nothing after its component has gone', () => {
  vi.useFakeTimers()
  const scope = effectScope()
  let calls = 0
  scope.run(() => useDebounced(50, () => (calls += 1))())
  scope.stop()
  vi.advanceTimersByTime(100)
  expect(calls).toBe(0)
  vi.useRealTimers()
})
