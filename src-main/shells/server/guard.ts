import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

function hostOf(value: string): string {
  return value.replace(/:\d+$/, '')
}

function equals(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

function cookie(request: IncomingMessage, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return ''
}

/**
 * Whether a request comes from our own page: another website open in the same browser can reach a loopback port too,
 * by DNS rebinding (hence the Host check) or by a cross-site WebSocket (hence the Origin check).
 */
export function createGuard(token: string, port: () => number) {
  const name = () => `signwright-${port()}`
  // A token that somebody chose may hold what a cookie or an address must not.
  const written = encodeURIComponent(token)

  function isLocal(request: IncomingMessage): boolean {
    if (!LOOPBACK.has(hostOf(request.headers.host ?? ''))) return false
    const origin = request.headers.origin
    return origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.headers.host)
  }

  return {
    isLocal,
    isOurs: (request: IncomingMessage) => isLocal(request) && equals(cookie(request, name()), written),
    isToken: (value: string) => equals(value, token),
    /** The address of the page with its token. */
    link: () => `http://localhost:${port()}/?token=${written}`,
    setCookie: () => `${name()}=${written}; HttpOnly; SameSite=Strict; Path=/`,
  }
}

export type Guard = ReturnType<typeof createGuard>
