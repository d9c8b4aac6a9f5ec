import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#shared/contract/errors.ts'
import { isNetworkError, networkReason } from '../download/hub.ts'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** The body of `POST /chat/completions`, as every OpenAI-compatible server takes it. */
export interface ChatRequest {
  model: string
  messages: readonly ChatMessage[]
  temperature: number
  seed: number
  max_tokens: number
  stream: false
}

/** How patient a question is; a test is less so. */
export interface ChatPatience {
  /** Tries before the question is given up. */
  tries: number
  /** Pause before the second try; doubles with each further one. */
  pauseMs: number
  /** A server that has not answered whole in this time counts as silent. */
  timeoutMs: number
}

/** Longest wait that a server may ask for; beyond it the job stops and says so. */
const MAX_ASKED_WAIT_MS = 5 * 60_000
const MAX_ANSWER_BYTES = 2_000_000
const SHOWN = 300

export interface ChatTask {
  /** Base address, up to and without `/chat/completions`. */
  endpoint: string
  key: string | null
  request: ChatRequest
  patience: ChatPatience
  signal: AbortSignal
  /** Told of every try that failed, before the next. */
  onTrouble: (message: string) => void
}

/** A failure after which the same question makes sense again. */
class Trouble extends Error {
  readonly waitMs: number | null
  /** The server answered, but no completion: others of its answers may be good. */
  readonly isWrongAnswer: boolean

  constructor(
    message: string,
    { waitMs = null as number | null, isWrongAnswer = false, cause = undefined as unknown } = {},
  ) {
    super(message, { cause })
    this.waitMs = waitMs
    this.isWrongAnswer = isWrongAnswer
  }
}

/**
 * Asks a server for one completion and returns the text of its first choice, as it came.
 *
 * @throws AppError 'unreachable' where it stays silent, busy or broken, 'model-unavailable' where it refuses the key, the
 * address or the model, 'invalid-input' where it refuses this question or answers it with something else than a completion.
 */
export async function askChat(task: ChatTask): Promise<string> {
  const { patience, signal } = task
  for (let tried = 1; ; tried++) {
    signal.throwIfAborted()
    try {
      return await askOnce(task)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Trouble)) throw error
      if (tried >= patience.tries) throw gaveUp(task, error)
      const waitMs = error.waitMs ?? patience.pauseMs * 2 ** (tried - 1)
      task.onTrouble(
        `${error.message} Try ${tried + 1} of ${patience.tries} in ${(waitMs / 1000).toFixed(1)} s.`,
      )
      await sleep(waitMs, undefined, { signal })
    }
  }
}

function gaveUp({ endpoint, patience }: ChatTask, trouble: Trouble): AppError {
  const tries = patience.tries === 1 ? 'once' : `${patience.tries} times`
  return trouble.isWrongAnswer
    ? new AppError('invalid-input', `${trouble.message} Asked ${tries}.`, { cause: trouble })
    : new AppError(
        'unreachable',
        `${trouble.message} Asked ${tries}. Check that the server at ${endpoint} runs, then press Retry: what is done is kept.`,
        { cause: trouble, details: { endpoint } },
      )
}

async function askOnce({ endpoint, key, request, patience, signal }: ChatTask): Promise<string> {
  const timeout = AbortSignal.timeout(patience.timeoutMs)
  try {
    const response = await fetch(`${endpoint}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(request),
      // Text goes to the server that the user agreed to and nowhere else.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    })
    const text = await bodyOf(response)
    assertTaken(response, text, { endpoint, model: request.model })
    return completionIn(text)
  } catch (error) {
    if (timeout.aborted && !signal.aborted)
      throw new Trouble(`No whole answer came in ${Math.round(patience.timeoutMs / 1000)} s.`, {
        cause: error,
      })
    if (isNetworkError(error))
      throw new Trouble(`The connection failed (${networkReason(error)}).`, { cause: error })
    throw error
  }
}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > MAX_ANSWER_BYTES)
      throw new Trouble(`The answer is longer than ${MAX_ANSWER_BYTES} bytes.`, { isWrongAnswer: true })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function assertTaken(
  { status, headers }: Response,
  text: string,
  { endpoint, model }: { endpoint: string; model: string },
): void {
  if (status >= 200 && status < 300) return
  if (status === 429 || status === 408 || status >= 500)
    throw new Trouble(`The server is busy or broken (status ${status}).`, { waitMs: askedWait(headers) })
  const said = excerpt(text)
  const details = { endpoint, status }
  if (status >= 300 && status < 400)
    throw new AppError(
      'model-unavailable',
      `${endpoint} sends on to ${headers.get('location')}. Text is sent only where you agreed: if you trust that address, name it in Settings.`,
      { details },
    )
  if (status === 401 || status === 403)
    throw new AppError(
      'model-unavailable',
      `The server at ${endpoint} refuses the key, or wants one (status ${status}). Correct it in Settings, then press Retry. It said: ${said}`,
      { details },
    )
  if (status === 404 || status === 405)
    throw new AppError(
      'model-unavailable',
      `The server at ${endpoint} has no model "${model}", or no chat completions at this address (status ${status}). It said: ${said}`,
      { details },
    )
  throw new AppError('invalid-input', `The server refused the question (status ${status}): ${said}`, {
    details,
  })
}

/** From `Retry-After`: seconds, or a date. */
function askedWait(headers: Headers): number | null {
  const after = headers.get('retry-after')
  if (after === null) return null
  const seconds = Number(after)
  const waitMs = Math.max(0, Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after) - Date.now())
  if (waitMs > MAX_ASKED_WAIT_MS)
    throw new AppError(
      'unreachable',
      `The server asks to wait for ${Math.round(waitMs / 60_000)} minutes. Press Retry then; what is done is kept.`,
    )
  return Number.isNaN(waitMs) ? null : waitMs
}

interface Completion {
  choices?: { message?: { content?: unknown } | null }[] | null
}

function completionIn(text: string): string {
  const answer = parsed(text) as Completion | null | undefined
  const content = answer?.choices?.[0]?.message?.content
  if (typeof content === 'string' && content.trim() !== '') return content
  throw new Trouble(`The server answered with something else than a completion: ${excerpt(text)}`, {
    isWrongAnswer: true,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line === '') return '(nothing)'
  return line.length > SHOWN ? `${line.slice(0, SHOWN)} …` : line
}
