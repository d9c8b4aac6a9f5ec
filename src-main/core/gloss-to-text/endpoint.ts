import { AppError } from '#shared/contract/errors.ts'

export interface Endpoint {
  /** Base address without a slash at its end. */
  address: string
  /** With the port, where it is not the usual one: what a user is asked to agree to. */
  host: string
  /** On this machine: no text leaves it. */
  isLocal: boolean
}

/** @throws AppError 'not-permitted' where no server is named, 'invalid-input' where the address is none. */
export function endpointOf(address: string): Endpoint {
  const text = address.trim().replace(/\/+$/, '')
  if (text === '')
    throw new AppError(
      'not-permitted',
      'Gloss-to-text is off: no server is named. Name one in Settings, first of all one on this machine, such as http://127.0.0.1:11434/v1.',
    )
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.search || url.hash)
    throw new AppError(
      'invalid-input',
      `"${address}" is no address of a server. It looks like http://127.0.0.1:11434/v1.`,
    )
  if (url.username || url.password)
    throw new AppError(
      'invalid-input',
      'The address holds a name or a password, which would be kept in the settings. Leave them out and give the key as a key.',
    )
  return { address: text, host: url.host, isLocal: isLoopback(url.hostname) }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** A key is sent over an encrypted connection, or within this machine. */
export function assertKeySafe({ address, isLocal }: Endpoint, key: string | null): void {
  if (key === null || isLocal || address.startsWith('https:')) return
  throw new AppError(
    'not-permitted',
    `The key for ${address} would cross the network readable for everybody. Use an address that begins with https, or remove the key.`,
  )
}
