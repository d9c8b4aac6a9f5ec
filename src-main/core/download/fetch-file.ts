import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedFile } from '#shared/contract/download.ts'
import { AppError } from '#shared/contract/errors.ts'
import { asStorageError } from '../../db/failures.ts'
import { sizeOf } from './hub-cache.ts'
import { askHub, asUnreachable, type HubAnswer, isNetworkError, networkReason, refusal } from './hub.ts'

/** How patient a transfer is; a test is less so. */
export interface Patience {
  /** Tries in a row that bring no byte before it gives up. */
  fruitlessTries: number
  /** Pause before the second try; doubles with each fruitless one. */
  pauseMs: number
  /** A connection that brings nothing for so long counts as dropped. */
  stallMs: number
}

export const PATIENT: Patience = { fruitlessTries: 6, pauseMs: 1000, stallMs: 60_000 }
/** Longest wait that a server may ask for; beyond it the job stops and says so. */
const MAX_ASKED_WAIT_MS = 10 * 60_000

export interface FileTask {
  address: string
  file: PlannedFile
  /** Where the whole, checked file goes; what is fetched so far lies beside it as `.incomplete`. */
  blob: string
  signal: AbortSignal
  /** Bytes of this file that are there, whenever more come. */
  onBytes: (bytes: number) => void
  log: (message: string) => void
}

/** A dropped or refused connection after which trying again makes sense. */
class Interruption extends Error {
  readonly waitMs: number | null
  constructor(message: string, waitMs: number | null, cause?: unknown) {
    super(message, { cause })
    this.waitMs = waitMs
  }
}

/**
 * Fetches one file, going on where an earlier try stopped, and puts it in place when its checksum is right.
 *
 * @throws AppError 'corrupt-file' for other bytes than promised (kept aside as `.wrong`), 'conflict' where the file
 * changed on the server, 'unreachable', 'not-found', 'not-permitted', 'disk-full'.
 */
export async function fetchFile(task: FileTask, patience: Patience): Promise<void> {
  const part = partOf(task.blob)
  await mkdir(dirname(part), { recursive: true })
  let best = 0
  for (let fruitless = 0; (await sizeOf(part)) !== task.file.bytes;) {
    task.signal.throwIfAborted()
    try {
      await fetchRest(task, part, patience)
      fruitless += 1
    } catch (error) {
      task.signal.throwIfAborted()
      if (!(error instanceof Interruption)) throw asStorageError(error, part)
      const size = (await sizeOf(part)) ?? 0
      fruitless = size > best ? 0 : fruitless + 1
      best = Math.max(best, size)
      if (fruitless >= patience.fruitlessTries) throw gaveUp(task, error)
      const waitMs = error.waitMs ?? patience.pauseMs * 2 ** fruitless
      task.log(`${task.file.name}: ${error.message} Going on in ${Math.ceil(waitMs / 1000)} s.`)
      await sleep(waitMs, undefined, { signal: task.signal })
    }
  }
  await assertContent(part, task)
  await rename(part, task.blob)
  for (const file of [noteOf(part), wrongOf(task.blob)]) await rm(file, { force: true })
}

/** What an interrupted transfer left. */
export const partOf = (blob: string) => `${blob}.incomplete`
export const noteOf = (part: string) => `${part}.etag`
/** Content that was not what the server promised. */
export const wrongOf = (blob: string) => `${blob}.wrong`

async function fetchRest(task: FileTask, part: string, patience: Patience): Promise<void> {
  const stall = new AbortController()
  const signal = AbortSignal.any([task.signal, stall.signal])
  const timer = setTimeout(() => stall.abort(), patience.stallMs)
  try {
    const there = await resumable(part, task.file)
    const range = there.bytes > 0 ? { range: `bytes=${there.bytes}-`, 'if-range': there.etag } : undefined
    const answer = await askHub(task.address, { signal, ...(range ? { headers: range } : {}) })
    const start = await startOf(answer, task, part, there.bytes)
    await writeFile(noteOf(part), answer.response.headers.get('etag') ?? '')
    await append(answer.response, { task, part, start, onChunk: () => timer.refresh() })
  } catch (error) {
    if (stall.signal.aborted && !task.signal.aborted)
      throw new Interruption(`Nothing came for ${Math.round(patience.stallMs / 1000)} s.`, null, error)
    if (isNetworkError(error))
      throw new Interruption(`The connection broke (${networkReason(error)}).`, null, error)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Only bytes of a version that the server can name again are gone on with. */
async function resumable(part: string, file: PlannedFile): Promise<{ bytes: number; etag: string }> {
  const bytes = (await sizeOf(part)) ?? 0
  const etag = (await readFile(noteOf(part), 'utf8').catch(() => '')).trim()
  if (bytes > 0 && bytes < file.bytes && etag !== '' && !etag.startsWith('W/')) return { bytes, etag }
  await rm(part, { force: true })
  return { bytes: 0, etag: '' }
}

/** Where in the file the answer begins. */
async function startOf(
  { response, etag }: HubAnswer,
  { address, file, blob }: FileTask,
  part: string,
  wanted: number,
): Promise<number> {
  const { status, headers } = response
  if (status === 416) {
    await rm(part, { force: true })
    throw new Interruption('The server has no bytes at this place; the file is begun again.', null)
  }
  if (status === 429 || status === 408 || status >= 500) throw askedToWait(response)
  if (status !== 200 && status !== 206) throw refusal(address, response)
  const isPinned = headers.get('x-linked-etag') !== null || file.checksum !== null
  if (isPinned && etag !== null && isHash(etag) && etag !== file.etag) {
    await rm(part, { force: true })
    throw new AppError(
      'conflict',
      `${file.name} changed on the server since its size was looked up. Look the repository up again.`,
      { details: { address, blob } },
    )
  }
  if (status === 200) {
    await rm(part, { force: true })
    return 0
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '')
  if (Number(range?.[1]) === wanted && (range?.[2] === '*' || Number(range?.[2]) === file.bytes))
    return wanted
  await rm(part, { force: true })
  throw new Interruption(
    `The server sent another range than asked for (${headers.get('content-range')}).`,
    null,
  )
}

/** ETags of storage servers behind a redirect are no hashes of the content: they say nothing about the plan. */
function isHash(etag: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag)
}

function askedToWait({ status, headers }: Response): Interruption {
  const after = headers.get('retry-after')
  const seconds = Number(after)
  const waitMs =
    after === null
      ? null
      : Math.max(0, Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after) - Date.now())
  if (waitMs !== null && waitMs > MAX_ASKED_WAIT_MS)
    throw new AppError(
      'unreachable',
      `The server asks to wait for ${Math.round(waitMs / 60_000)} minutes. Try again then; what was fetched is kept.`,
    )
  return new Interruption(`The server is busy (status ${status}).`, Number.isNaN(waitMs) ? null : waitMs)
}

interface Appending {
  task: FileTask
  part: string
  start: number
  onChunk: () => void
}

async function append(response: Response, { task, part, start, onChunk }: Appending): Promise<void> {
  await using file = await open(part, start === 0 ? 'w' : 'a')
  let bytes = start
  task.onBytes(bytes)
  for await (const chunk of response.body ?? []) {
    onChunk()
    if (bytes + chunk.length > task.file.bytes) {
      await setAside(part, task.blob)
      throw wrong(task, `is longer than the ${task.file.bytes} bytes that the server announced`)
    }
    await file.write(chunk)
    bytes += chunk.length
    task.onBytes(bytes)
  }
  await file.sync()
  if (bytes < task.file.bytes)
    throw new Interruption(`The connection ended after ${bytes} of ${task.file.bytes} bytes.`, null)
}

async function assertContent(part: string, task: FileTask): Promise<void> {
  const { file, signal } = task
  if (file.checksum === null) {
    task.log(`${file.name}: the server names no checksum; only the length was compared.`)
    return
  }
  const hash = createHash(file.checksum === 'sha256' ? 'sha256' : 'sha1')
  if (file.checksum === 'git-sha1') hash.update(`blob ${file.bytes}\0`)
  for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20, signal }))
    hash.update(chunk as Buffer)
  if (hash.digest('hex') === file.etag) return
  await setAside(part, task.blob)
  throw wrong(task, 'does not have the checksum that the server announced')
}

async function setAside(part: string, blob: string): Promise<void> {
  await rename(part, wrongOf(blob))
  await rm(noteOf(part), { force: true })
}

function wrong({ file, blob, address }: FileTask, what: string): AppError {
  return new AppError(
    'corrupt-file',
    `What came as ${file.name} ${what}, so it is not used (kept aside as ${basename(wrongOf(blob))}). Try again to fetch it anew; if that fails too, use another server.`,
    { details: { file: wrongOf(blob), address } },
  )
}

function gaveUp({ address, file }: FileTask, { message, cause }: Interruption): unknown {
  const network = asUnreachable(cause, address)
  if (network instanceof AppError) return network
  return new AppError(
    'unreachable',
    `${file.name} could not be fetched from ${new URL(address).host}: ${message} What was fetched is kept: try again to go on.`,
    { cause, details: { address } },
  )
}
