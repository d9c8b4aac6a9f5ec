import { ORPCError } from '@orpc/server'
import { AppError } from '#shared/contract/errors.ts'
import type { Job } from '#shared/contract/job.ts'

/** Exit codes that scripts rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export interface CliError {
  code: string
  message: string
  file?: string
}

/** The error as scripts see it: a code to branch on, a sentence to show, and the file where there is one. */
export function describeError(error: unknown): CliError {
  if (error instanceof AppError || error instanceof ORPCError) {
    const details = (error instanceof AppError ? error.details : (error.data as Record<string, unknown> | undefined)) ?? {}
    const file = details['file']
    return { code: String(error.code), message: error.message, ...(typeof file === 'string' ? { file } : {}) }
  }
  if (error instanceof Error && error.name === 'AbortError') return { code: 'cancelled', message: 'Cancelled.' }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}

function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  return minutes >= 60
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${minutes}:${String(whole % 60).padStart(2, '0')}`
}

/** One line on stderr that rewrites itself on a terminal, and a line every few seconds in a log file. */
export function createProgressLine(isQuiet: boolean) {
  const isTerminal = process.stderr.isTTY === true
  let shownAt = 0

  function show(text: string, isLast = false): void {
    if (isQuiet) return
    const now = Date.now()
    if (!isLast && now - shownAt < (isTerminal ? 100 : 5000)) return
    shownAt = now
    process.stderr.write(isTerminal ? `\r\u001B[2K${text}${isLast ? '\n' : ''}` : `${text}\n`)
  }

  function job(current: Job): void {
    const share = current.total > 0 ? Math.floor((100 * current.done) / current.total) : 0
    const parts = [`${current.title}: ${Math.floor(current.done)}/${Math.floor(current.total)} ${current.unit} (${share} %)`]
    if (current.rate) parts.push(`${current.rate.toFixed(1)} ${current.unit}/s`)
    if (current.secondsLeft !== null) parts.push(`${clock(current.secondsLeft)} left`)
    if (current.device) parts.push(current.device)
    show(parts.join(' · '), current.state !== 'queued' && current.state !== 'running')
  }

  return { show, job }
}
