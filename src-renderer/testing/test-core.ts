import { createRouterClient, implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import { createPinia } from 'pinia'
import { createApp, type Ref, shallowRef } from 'vue'
import { type Api, provideCore } from '../api/client.ts'
import type { ConnectionState } from '../api/connection.ts'
import { createTexts } from '../locales/index.ts'

/** The contract's implementer: `core.corpus.current.handler(() => …)`. */
export const core = implement(contract)

/** A client of the methods that a test implements; the contract checks what goes in and comes out. */
export function clientOf(router: object): Api {
  // The test's router holds a few methods of the contract, and only those are called.
  return createRouterClient(router as Parameters<typeof createRouterClient>[0]) as unknown as Api
}

/** Runs `setup` as a component's setup of an app that has this core; `unmount` ends its scope. */
export function inApp<Result>(
  api: Api,
  setup: () => Result,
  connection: Ref<ConnectionState> = shallowRef('open'),
): { result: Result; unmount: () => void } {
  let result: Result | undefined
  const app = createApp({
    setup() {
      result = setup()
      return () => null
    },
  })
  provideCore(app, { api, connection })
  app.use(createPinia())
  app.use(createTexts('en'))
  app.mount(document.createElement('div'))
  return { result: result as Result, unmount: () => app.unmount() }
}

/** A stream that a test feeds by hand. */
export function createFeed<Event>() {
  const waiting: Event[] = []
  let wake = () => {}
  let isEnded = false

  async function* stream(): AsyncGenerator<Event> {
    while (!isEnded || waiting.length > 0) {
      const event = waiting.shift()
      if (event === undefined) await new Promise<void>(resolve => (wake = resolve))
      else yield event
    }
  }

  return {
    stream,
    send(event: Event) {
      waiting.push(event)
      wake()
    },
    end() {
      isEnded = true
      wake()
    },
  }
}
