import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import type { Opener } from './connection.ts'

// In both openers `lost` is registered before the link is built: the link's own listener rejects the calls
// under way, and by then it must be known that the connection broke and nobody cancelled.

/** Electron: the preload hands over a port at start, and a new one whenever the core has been restarted. */
export function messagePortOpener(page: Window): Opener {
  let waiting: MessagePort | undefined
  let wake: (() => void) | undefined
  let previous: MessagePort | undefined

  page.addEventListener('message', event => {
    const port = event.ports[0]
    if (event.source !== page || event.data !== 'core-port' || !port) return
    waiting = port
    wake?.()
    previous?.dispatchEvent(new Event('close'))
  })

  return async lost => {
    if (!waiting) await new Promise<void>(resolve => (wake = resolve))
    const port = waiting
    if (!port) throw new Error('The core handed over no port.')
    waiting = undefined
    previous = port
    port.addEventListener('close', lost, { once: true })
    const link = new MessagePortLink({ port })
    port.start()
    return link
  }
}

/** Browser: a socket to the server that the page came from. */
export function webSocketOpener(place: Location): Opener {
  const url = `${place.protocol === 'https:' ? 'wss' : 'ws'}://${place.host}/rpc`
  return lost =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url)
      let wasOpen = false
      socket.addEventListener('close', () => {
        if (wasOpen) lost()
        else reject(new Error(`Nothing answers at ${url}.`))
      })
      const link = new WebSocketLink({ websocket: socket })
      socket.addEventListener('open', () => {
        wasOpen = true
        resolve(link)
      })
    })
}
