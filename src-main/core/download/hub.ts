import type { PlannedFile } from '#shared/contract/download.ts'
import { AppError } from '#shared/contract/errors.ts'

/** A repository at a revision, on a server with the addresses of the Hugging Face Hub. */
export interface HubPlace {
  base: string
  repository: string
  revision: string
}

/** Headers of the answers on the way: the first tells about the content, the last carries it. */
export interface HubAnswer {
  response: Response
  /** The content's own ETag: of the large file behind a redirect, else of the answer. */
  etag: string | null
  bytes: number | null
  commit: string | null
}

export interface HubRequest {
  method?: 'GET' | 'HEAD'
  headers?: Record<string, string>
  signal: AbortSignal
}

const MAX_REDIRECTS = 8
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** An address of a base server, or the reason why it is none. */
export function checkBase(base: string): string {
  const url = URL.canParse(base) ? new URL(base) : null
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return base.replace(/\/+$/, '')
  throw new AppError(
    'invalid-input',
    base === ''
      ? 'Downloads are off: no server is set. Enter the address of one in Settings, under Downloads.'
      : `"${base}" is no address of a server. It begins with https:// or http://; change it in Settings.`,
  )
}

export function fileAddress({ base, repository, revision }: HubPlace, name: string): string {
  return `${base}/${repository}/resolve/${encodeURIComponent(revision)}/${name}`
}

/** Follows redirects by hand, because only the first answers tell hash, size and commit. */
export async function askHub(
  address: string,
  { method = 'GET', headers, signal }: HubRequest,
): Promise<HubAnswer> {
  const facts: Omit<HubAnswer, 'response'> = { etag: null, bytes: null, commit: null }
  let url = address
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal,
      // Compressed answers would have other lengths and ranges.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'signwright', ...headers },
    })
    const linkedBytes = response.headers.get('x-linked-size')
    facts.etag ??= plainEtag(response.headers.get('x-linked-etag'))
    facts.bytes ??= linkedBytes === null ? null : Number(linkedBytes)
    facts.commit ??= response.headers.get('x-repo-commit')
    const next = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || next === null) {
      const length = response.headers.get('content-length')
      facts.etag ??= plainEtag(response.headers.get('etag'))
      facts.bytes ??= response.status === 200 && length !== null ? Number(length) : null
      return { response, ...facts }
    }
    await response.body?.cancel()
    url = new URL(next, url).href
    if (!/^https?:/.test(url))
      throw new AppError('unreachable', `${address} leads to ${url}, which is no web address.`)
  }
  throw new AppError(
    'unreachable',
    `${address} leads from one address to the next without end. Check the server in Settings.`,
  )
}

/** Null where the server has no such file. */
export async function describeFile(
  place: HubPlace,
  name: string,
  signal: AbortSignal,
): Promise<{ file: PlannedFile; commit: string | null } | null> {
  const address = fileAddress(place, name)
  const { response, etag, bytes, commit } = await askHub(address, { method: 'HEAD', signal }).catch(
    (error: unknown) => {
      throw asUnreachable(error, address)
    },
  )
  if (response.status === 404) return null
  if (!response.ok) throw refusal(address, response)
  if (etag === null || bytes === null)
    throw new AppError(
      'unreachable',
      `${address} tells no size or no ETag, so a transfer could not be checked. Use another server.`,
    )
  return { file: { name, bytes, etag, checksum: checksumOf(etag) }, commit }
}

/** The Hub's ETags: SHA-256 of large files, git's object name of small ones. */
function checksumOf(etag: string): PlannedFile['checksum'] {
  if (/^[0-9a-f]{64}$/.test(etag)) return 'sha256'
  return /^[0-9a-f]{40}$/.test(etag) ? 'git-sha1' : null
}

function plainEtag(header: string | null): string | null {
  return header === null ? null : header.replace(/^W\//, '').replaceAll('"', '')
}

/** What a status means for the user. */
export function refusal(address: string, { status }: { status: number }): AppError {
  const details = { address, status }
  if (status === 404)
    return new AppError('not-found', `The server has no ${address}. Check repository and revision.`, {
      details,
    })
  if (status === 401 || status === 403)
    return new AppError(
      'not-permitted',
      `The server does not hand out ${address} without an account. Fetch it by hand and choose its folder when converting.`,
      { details },
    )
  return new AppError(
    'unreachable',
    `The server answered ${address} with status ${status}. Try again later.`,
    { details },
  )
}

/** A failure of the network as an error with a remedy; bugs stay as they are. */
export function asUnreachable(error: unknown, address: string): unknown {
  if (error instanceof AppError || !isNetworkError(error)) return error
  return new AppError(
    'unreachable',
    `${new URL(address).host} cannot be reached (${networkReason(error)}). Check the network connection and the server's address in Settings. What was fetched is kept: try again to go on.`,
    { cause: error, details: { address } },
  )
}

/** `fetch` throws a TypeError for each failure of the network, with the reason as its cause. */
export function isNetworkError(error: unknown): boolean {
  return error instanceof Error && (error instanceof TypeError || error.name === 'TimeoutError')
}

export function networkReason(error: unknown): string {
  const cause =
    error instanceof Error ? (error.cause as { code?: unknown; message?: unknown } | undefined) : undefined
  return String(cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : error))
}
