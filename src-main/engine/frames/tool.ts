import { type ChildProcess, spawn } from 'node:child_process'
import ffmpeg from 'fluent-ffmpeg'
import { AppError } from '#shared/contract/errors.ts'
import { diskFull } from '#main/formats/atomic-file.ts'
import { findFfmpeg, type FfmpegTools } from './ffmpeg.ts'

export interface ToolOptions {
  signal?: AbortSignal
  onOutput?: (chunk: Buffer) => void
  /** Whole lines of what the program says on its error stream. */
  onMessage?: (line: string) => void
  /** Bytes for its standard input, pulled as fast as it reads. */
  input?: AsyncIterable<Uint8Array>
}

export interface ToolResult {
  exitCode: number
  /** The last lines of its error stream, for messages. */
  messages: string[]
}

const KEPT_MESSAGES = 40

/**
 * The arguments of an ffmpeg command put together by fluent-ffmpeg. Its runner stays unused: it asks ffmpeg for
 * all codecs and formats first (0.2 s a process) and gives no hold on stderr, exit and back-pressure of pipes.
 */
export function ffmpegArguments(build: (command: ffmpeg.FfmpegCommand) => ffmpeg.FfmpegCommand): string[] {
  // oxlint-disable-next-line no-underscore-dangle -- typed, and the only way to a command without its runner
  return build(ffmpeg({ logger: undefined }))._getArguments()
}

/** fluent-ffmpeg splits option strings at spaces; pairs that may hold any character go in as arrays. */
export type { FfmpegCommand } from 'fluent-ffmpeg'

export async function runFfmpeg(
  args: (tools: FfmpegTools) => string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const tools = await findFfmpeg()
  return runTool(tools.ffmpeg, ['-hide_banner', '-nostdin', ...args(tools)], options)
}

export async function runFfprobe(args: string[], options: ToolOptions = {}): Promise<ToolResult> {
  const tools = await findFfmpeg()
  return runTool(tools.ffprobe, ['-hide_banner', ...args], options)
}

/** Runs a program to its end; an abort kills it. Exit codes are the caller's to judge. */
async function runTool(program: string, args: string[], options: ToolOptions): Promise<ToolResult> {
  options.signal?.throwIfAborted()
  const child = spawn(program, args, {
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const release = killOnAbort(child, options.signal)
  try {
    const messages = collectMessages(child, options.onMessage)
    child.stdout?.on('data', options.onOutput ?? (() => undefined))
    const feeding = options.input ? feed(child, options.input) : Promise.resolve()
    const [exitCode] = await Promise.all([exitOf(child), feeding])
    options.signal?.throwIfAborted()
    return { exitCode, messages }
  } finally {
    release()
    child.kill('SIGKILL')
  }
}

/** Kills the child when the signal fires; call the result to stop listening. */
export function killOnAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) kill()
  return () => signal?.removeEventListener('abort', kill)
}

/** Keeps the last lines of the error stream and passes each on. */
export function collectMessages(child: ChildProcess, onMessage?: (line: string) => void): string[] {
  const kept: string[] = []
  let partial = ''
  const take = (line: string) => {
    onMessage?.(line)
    kept.push(line)
    if (kept.length > KEPT_MESSAGES) kept.shift()
  }
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (chunk: string) => {
    const lines = (partial + chunk).split(/\r?\n|\r/)
    partial = lines.pop() ?? ''
    for (const line of lines) if (line !== '') take(line)
  })
  child.stderr?.on('end', () => {
    if (partial !== '') take(partial)
  })
  return kept
}

/** The exit code once all streams are read; a signal counts as -1. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve(code ?? -1))
  })
}

/** Writes input as the program takes it; a program that ends early (enough frames) closes its end, which is no error. */
export async function feed(
  child: ChildProcess,
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const stdin = child.stdin
  if (!stdin) return
  let isClosed = false
  stdin.on('error', () => (isClosed = true))
  stdin.on('close', () => (isClosed = true))
  for await (const chunk of input) {
    if (isClosed) break
    if (!stdin.write(chunk))
      await new Promise<void>(resolve => onceAny(stdin, ['drain', 'close', 'error'], resolve))
  }
  stdin.end()
}

function onceAny(emitter: NodeJS.EventEmitter, names: string[], listener: () => void): void {
  const done = () => {
    for (const name of names) emitter.off(name, done)
    listener()
  }
  for (const name of names) emitter.once(name, done)
}

/** What went wrong when ffmpeg could not write its output. */
export function outputError(path: string, result: ToolResult): AppError {
  const said = result.messages.join('\n')
  if (/No space left on device|Disk quota exceeded/i.test(said)) return diskFull(path)
  return new AppError(
    'corrupt-file',
    `ffmpeg could not make ${path}: ${result.messages.at(-1) ?? 'it gave no reason'}`,
    {
      details: { path, ffmpeg: said },
    },
  )
}
