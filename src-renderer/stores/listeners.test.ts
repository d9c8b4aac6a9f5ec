import { expect, test } from 'vitest'
import { coalesced } from './listeners.ts'

test('makes of a burst of calls one run under way and one after it', async () => {
  let isRunning = false
  let runs = 0
  const run = coalesced(async () => {
    expect(isRunning).toBe(false)
    isRunning = true
    await Promise.resolve()
    runs += 1
    isRunning = false
  })

  await Promise.all([run(), run(), run(), run()])

  expect(runs).toBe(2)
})

test('runs again after a run that failed, for those who called meanwhile', async () => {
  let runs = 0
  const run = coalesced(async () => {
    runs += 1
    if (runs === 1) throw new Error('lost')
  })

  const outcomes = await Promise.allSettled([run(), run()])

  expect(outcomes.map(outcome => outcome.status)).toEqual(['rejected', 'fulfilled'])
})
