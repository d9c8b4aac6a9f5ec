import { expect, test } from 'vitest'
import { shallowRef } from 'vue'
import type { ConnectionState } from './connection.ts'
import { follow } from './follow.ts'

test('opens the stream again after it broke, refreshing before its first event', async () => {
  const abort = new AbortController()
  const connection = shallowRef<ConnectionState>('open')
  const happened: string[] = []
  let openings = 0

  await follow<string>({
    connection,
    signal: abort.signal,
    pauseMs: 0,
    async open() {
      openings += 1
      const name = `stream ${openings}`
      return (async function* events() {
        yield `${name}: event`
        if (openings === 1) throw new Error('connection lost')
        abort.abort()
      })()
    },
    refresh: () => void happened.push('refresh'),
    receive: event => happened.push(event),
  })

  expect(happened).toEqual(['refresh', 'stream 1: event', 'refresh', 'stream 2: event'])
})

test('waits for the connection before it opens the stream', async () => {
  const abort = new AbortController()
  const connection = shallowRef<ConnectionState>('connecting')
  const states: ConnectionState[] = []
  const done = follow({
    connection,
    signal: abort.signal,
    pauseMs: 0,
    async open() {
      states.push(connection.value)
      abort.abort()
      return (async function* nothing() {})()
    },
    refresh: () => {},
    receive: () => {},
  })
  await Promise.resolve()
  expect(states).toEqual([])

  connection.value = 'open'
  await done
  expect(states).toEqual(['open'])
})

test('ends when it is told to while the connection is away', async () => {
  const abort = new AbortController()
  const done = follow({
    connection: shallowRef<ConnectionState>('lost'),
    signal: abort.signal,
    pauseMs: 0,
    open: () => Promise.reject(new Error('must not be opened')),
    refresh: () => {},
    receive: () => {},
  })
  abort.abort()
  await expect(done).resolves.toBeUndefined()
})
