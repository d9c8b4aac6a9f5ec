import { expect, test } from 'vitest'
import { effectScope } from 'vue'
import { useRequest } from './use-request.ts'

function setup() {
  const answers: ((value: string) => void)[] = []
  const signals: AbortSignal[] = []
  const scope = effectScope()
  const request = scope.run(() =>
    useRequest<string>(signal => {
      signals.push(signal)
      return new Promise(resolve => answers.push(resolve))
    }),
  )
  if (!request) throw new Error('the scope did not run')
  return { request, answers, signals, scope }
}

test('drops an answer that a later question has overtaken', async () => {
  const { request, answers, signals } = setup()
  const first = request.load()
  const second = request.load()
  answers[1]?.('new')
  await second
  answers[0]?.('old')
  await first
  expect([request.answer.value, request.isAsking.value, signals[0]?.aborted]).toEqual(['new', false, true])
})

test('keeps the old answer while it asks, and clears an error once it succeeds', async () => {
  let isBroken = false
  const scope = effectScope()
  const request = scope.run(() =>
    useRequest(async () => (isBroken ? Promise.reject(new Error('lost')) : 'answer')),
  )
  await request?.load()
  isBroken = true
  await request?.load()
  expect([request?.answer.value, request?.error.value?.message]).toEqual(['answer', 'lost'])
  isBroken = false
  await request?.load()
  expect(request?.error.value).toBeUndefined()
})

test('gives up its question when its component goes', () => {
  const { request, signals, scope } = setup()
  void request.load()
  scope.stop()
  expect(signals[0]?.aborted).toBe(true)
})
