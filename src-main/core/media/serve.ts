import { open, type FileHandle } from 'node:fs/promises'
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
const CHUNK_BYTES = 256 * 1024

/**
 * Answers a request with a file: whole, or the range asked for (RFC 9110 §14). The caller has looked the path up by id.
 * The file is closed when the answer is read, cancelled or aborted.
 */
export async function serveFile(
  request: Request,
  path: string,
  options: ServeOptions = {},
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })

  const file = await openOrThrow(path)
  let isHandedOver = false
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw notThere(path)
    const etag = `"${facts.size.toString(36)}-${Math.round(facts.mtimeMs).toString(36)}"`
    const headers = headersOf(path, etag, options)
    if (isKnown(request, etag)) return new Response(null, { status: 304, headers })

    const range = rangeOf(request, facts.size, etag)
    if (range === 'unsatisfiable')
      return new Response(null, {
        status: 416,
        headers: { ...headers, 'content-range': `bytes */${facts.size}` },
      })

    const { start, end } = range ?? { start: 0, end: facts.size }
    const isPart = range !== null
    const init = {
      status: isPart ? 206 : 200,
      headers: {
        ...headers,
        'content-length': String(end - start),
        ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${facts.size}` }),
      },
    }
    if (request.method === 'HEAD' || start === end) return new Response(null, init)
    isHandedOver = true
    return new Response(streamOf(file, start, end, request.signal), init)
  } finally {
    if (!isHandedOver) await file.close()
  }
}

async function openOrThrow(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((error: unknown) => {
    throw notThere(path, error)
  })
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

/** Reads on demand, a chunk at a time; owns the file from here on. */
function streamOf(
  file: FileHandle,
  start: number,
  end: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let at = start
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await file.close()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stop = () => {
          controller.error(signal.reason)
          void close()
        }
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      },
      async pull(controller) {
        if (isClosed) return
        const wanted = Math.min(CHUNK_BYTES, end - at)
        const { bytesRead, buffer } = await file.read(new Uint8Array(wanted), 0, wanted, at)
        at += bytesRead
        if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead))
        if (bytesRead > 0 && at < end) return
        await close()
        // A file that shrank meanwhile cannot give the promised length: the connection must break, not end.
        if (at < end) controller.error(new Error('The file became shorter while it was read'))
        else controller.close()
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
}
