import type { ClientContext, ClientLink } from '@orpc/client'
import { expect, test } from 'vitest'
import { createConnection } from './connection.ts'

type Link = ClientLink<ClientContext>

const OPTIONS = { context: {} }

/** A transport whose openings and losses the test decides. */
function setup(linkOf: (opening: number) => Link, failures: number[] = []) {
  let opening = 0
  let attempts = 0
  const losers: (() => void)[] = []
  const connection = createConnection({
    pause: async () => {},
    async open(lost) {
      attempts += 1
      if (failures.includes(attempts)) throw new Error('refused')
      losers.push(lost)
      opening += 1
      return linkOf(opening)
    },
  })
  return { connection, lose: () => losers.at(-1)?.(), attempts: () => attempts }
}

const answering = (text: string): Link => ({ call: async () => text })

test('tries again until something answers', async () => {
  const { connection, attempts } = setup(() => answering('here'), [1, 2])

  const answer = await connection.link.call(['app', 'info'], undefined, OPTIONS)

  expect([answer, attempts(), connection.state.value]).toEqual(['here', 3, 'open'])
})

test('goes over the new transport after a loss', async () => {
  const { connection, lose } = setup(opening => answering(`transport ${opening}`))
  await connection.link.call([], undefined, OPTIONS)

  lose()
  expect(connection.state.value).toBe('lost')

  expect(await connection.link.call([], undefined, OPTIONS)).toBe('transport 2')
  expect(connection.state.value).toBe('open')
})

test('says of a call under way that the connection was lost', async () => {
  let breakCall = () => {}
  const hanging: Link = {
    call: () =>
      new Promise((_resolve, reject) => (breakCall = () => reject(new DOMException('closed', 'AbortError')))),
  }
  const { connection, lose } = setup(opening => (opening === 1 ? hanging : answering('again')))
  const call = connection.link.call([], undefined, OPTIONS)
  await Promise.resolve()
  await Promise.resolve()

  lose()
  breakCall()

  await expect(call).rejects.toMatchObject({ code: 'internal', details: { isConnectionLost: true } })
})

test('leaves the failure of a call over a sound transport as it is', async () => {
  const failing: Link = { call: () => Promise.reject(new Error('no such clip')) }
  const { connection } = setup(() => failing)
  await expect(connection.link.call([], undefined, OPTIONS)).rejects.toThrow('no such clip')
})
