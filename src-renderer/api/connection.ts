import type { ClientContext, ClientLink } from '@orpc/client'
import { AppError } from '#shared/contract/errors.ts'
import { readonly, shallowRef } from 'vue'

export type ConnectionState = 'connecting' | 'open' | 'lost'

type Link = ClientLink<ClientContext>

/** Opens one transport; `lost` is called once when it is gone. */
export type Opener = (lost: () => void) => Promise<Link>

export interface ConnectionOptions {
  open: Opener
  /** Waits before attempt n (from 0) of a reconnection. */
  pause?: (attempt: number) => Promise<void>
}

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5000

function backOff(attempt: number): Promise<void> {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt)
  return new Promise(resolve => setTimeout(resolve, delay))
}

/**
 * One link over a transport that may come and go. Calls made while it is away wait for its return;
 * calls under way when it breaks fail, because only the caller knows whether they may be repeated.
 */
export function createConnection({ open, pause = backOff }: ConnectionOptions) {
  const state = shallowRef<ConnectionState>('connecting')
  let current: Promise<Link> = establish()

  async function establish(): Promise<Link> {
    for (let attempt = 0; ; attempt++) {
      try {
        const link = await open(onLost)
        state.value = 'open'
        return link
      } catch {
        state.value = attempt === 0 && state.value === 'connecting' ? 'connecting' : 'lost'
        await pause(attempt)
      }
    }
  }

  function onLost(): void {
    state.value = 'lost'
    current = establish()
  }

  const link: Link = {
    async call(path, input, options) {
      const target = current
      try {
        return await (await target).call(path, input, options)
      } catch (error) {
        const isBroken = target !== current && !options.signal?.aborted
        if (!isBroken) throw error
        throw new AppError(
          'internal',
          'The connection to the core was lost during this action. Try it again.',
          {
            details: { isConnectionLost: true },
            cause: error,
          },
        )
      }
    },
  }

  return { link, state: readonly(state) }
}

export type Connection = ReturnType<typeof createConnection>
