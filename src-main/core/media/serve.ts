import type { Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import mime from 'mime-types'
import { AppError } from '#shared/contract/errors.ts'

export interface ServeOptions {
  /** Default: by the file's extension. */
  contentType?: string
  /** Files that never change under their address (named by content) may be kept by the browser. */
  isImmutable?: boolean
}

/** Extensions that mime-types knows by names Chromium does not play. */
const PLAYABLE_TYPES: Record<string, string> = {
  '.mkv': 'video/webm',
  '.mov': 'video/mp4',
  '.m4v': 'video/mp4',
  '.npy': 'application/octet-stream',
}
const CHUNK_BYTES = 512 * 1024

/**
 * Answers a request with a file: whole, or the range asked for (RFC 9110 §14). The caller has looked the path up by id.
 */
export async function serveFile(
  request: Request,
  path: string,
  options: ServeOptions = {},
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })

  const facts = await factsOf(path)
  const etag = etagOf(facts)
  const headers = headersOf(path, etag, options)
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers })

  const range = rangeOf(request, facts.size, etag)
  if (range === 'unsatisfiable')
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${facts.size}` },
    })

  const { start, end } = range ?? { start: 0, end: facts.size }
  const init = {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-length': String(end - start),
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${facts.size}` }),
    },
  }
  const isBodiless = request.method === 'HEAD' || start === end
  return new Response(isBodiless ? null : streamOf(path, etag, { start, end }, request.signal), init)
}

async function factsOf(path: string): Promise<Stats> {
  const facts = await stat(path).catch((error: unknown) => {
    throw notThere(path, error)
  })
  if (!facts.isFile()) throw notThere(path)
  return facts
}

function etagOf({ size, mtimeMs }: Stats): string {
  return `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
}

function notThere(path: string, cause?: unknown): AppError {
  return new AppError('media-missing', `${path} is not there. Relink it to where it is now.`, {
    details: { file: path },
    cause,
  })
}

function headersOf(
  path: string,
  etag: string,
  { contentType, isImmutable = false }: ServeOptions,
): Record<string, string> {
  const extension = extname(path).toLowerCase()
  const type =
    contentType ?? PLAYABLE_TYPES[extension] ?? (mime.contentType(extension) || 'application/octet-stream')
  return {
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    'x-content-type-options': 'nosniff',
    etag,
  }
}

function isKnown(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match')
  return (
    known !== null && (known === '*' || known.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag))
  )
}

interface ByteRange {
  start: number
  /** Exclusive. */
  end: number
}

/**
 * One range as asked for; null means the whole file: no range, several (we may ignore those), nonsense,
 * or a condition (If-Range) about another state of the file.
 */
function rangeOf(request: Request, size: number, etag: string): ByteRange | 'unsatisfiable' | null {
  const condition = request.headers.get('if-range')
  if (condition !== null && condition !== etag) return null
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range')?.replaceAll(' ', '') ?? '')
  const [, from = '', to = ''] = match ?? []
  if (from === '' && to === '') return null
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size }
  }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return null
  if (start >= size) return 'unsatisfiable'
  return { start, end: to === '' ? size : Math.min(Number(to) + 1, size) }
}

/**
 * Reads on demand, and holds the file open only while it reads a chunk: a player abandons most of its requests
 * midway, and one that nobody cancels must not keep a handle. A file that changed meanwhile breaks the answer off.
 */
function streamOf(
  path: string,
  etag: string,
  range: ByteRange,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let at = range.start
  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    signal.throwIfAborted()
    await using file = await open(path, 'r')
    if (etagOf(await file.stat()) !== etag) throw new Error(`${path} changed while it was read`)
    const wanted = Math.min(CHUNK_BYTES, range.end - at)
    const { bytesRead, buffer } = await file.read(new Uint8Array(wanted), 0, wanted, at)
    if (bytesRead < wanted) throw new Error(`${path} became shorter while it was read`)
    at += bytesRead
    controller.enqueue(buffer)
    if (at === range.end) controller.close()
  }
  return new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
}
