import { stripVTControlCharacters } from 'node:util'
import { ORPCError } from '@orpc/server'
import { AppError } from '#shared/contract/errors.ts'
import type { Job } from '#shared/contract/job.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { asFileError } from '../../db/failures.ts'

/** Exit codes that scripts rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** Names of files may hold line breaks and control codes; a line of output must not. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, character => JSON.stringify(character).slice(1, -1))
}

/** Rows in aligned columns on a terminal; elsewhere with tabs between the cells, as `cut` and spreadsheets read them. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const cells = rows.map(row => row.map(oneLine))
  const isTerminal = process.stdout.isTTY === true
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map(row => widthOf(row[column] ?? ''))),
  )
  for (const row of cells) {
    const line = isTerminal
      ? row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))).join('  ')
      : row.join('\t')
    process.stdout.write(`${line.trimEnd()}\n`)
  }
}

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/u
const graphemes = new Intl.Segmenter()

/** Columns that a terminal gives a text: two to Chinese characters and emoji. */
function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text)))
    width += WIDE.test(segment) ? 2 : 1
  return width
}

export interface CliError {
  code: string
  message: string
  file?: string
}

/** The error as scripts see it: a code to branch on, a sentence to show, and the file where there is one. */
export function describeError(thrown: unknown): CliError {
  const error = asFileError(thrown)
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST')
    return { code: 'invalid-input', message: badInput(error) }
  if (error instanceof AppError || error instanceof ORPCError) {
    const details =
      (error instanceof AppError ? error.details : (error.data as Record<string, unknown> | undefined)) ?? {}
    const file = details['file'] ?? details['dir']
    return { code: String(error.code), message: error.message, ...(typeof file === 'string' ? { file } : {}) }
  }
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled.' }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}

interface Issue {
  message: string
  path?: readonly PropertyKey[]
}

/** What the contract found wrong with a value that no option of the command line had checked. */
function badInput({ data, message }: ORPCError<string, unknown>): string {
  const issues = (data as { issues?: Issue[] } | undefined)?.issues ?? []
  return (
    issues.map(issue => [...(issue.path?.map(String) ?? []), issue.message].join(': ')).join('; ') || message
  )
}

export function clock(seconds: number): string {
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
  let shown = ''
  let isOpen = true

  function show(text: string): void {
    const now = Date.now()
    if (isQuiet || now - shownAt < (isTerminal ? 100 : 5000)) return
    shownAt = now
    shown = text
    process.stderr.write(isTerminal ? `\r\u001B[2K${oneLine(text)}` : `${oneLine(text)}\n`)
  }

  /** The last state, once; what is printed after it starts on a line of its own. */
  function end(text: string): void {
    if (isQuiet || !isOpen) return
    isOpen = false
    if (!isTerminal && text === shown) return
    process.stderr.write(`${isTerminal ? '\r\u001B[2K' : ''}${oneLine(text)}\n`)
  }

  function job(current: Job): void {
    const isLast = current.state !== 'queued' && current.state !== 'running'
    if (isLast) end(progressOf(current))
    else show(progressOf(current))
  }

  return { show, end, job }
}

function progressOf(job: Job): string {
  const share = job.total > 0 ? Math.floor((100 * job.done) / job.total) : 0
  const parts = [`${job.title}: ${Math.floor(job.done)}/${Math.floor(job.total)} ${job.unit} (${share} %)`]
  if (job.rate) parts.push(`${job.rate.toFixed(1)} ${job.unit}/s`)
  if (job.secondsLeft !== null) parts.push(`${clock(job.secondsLeft)} left`)
  if (job.device) parts.push(job.device)
  return parts.join(' · ')
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

const TOLD_ISSUES = 50

/** What is wrong with which file; the worst come first, and a terminal full of them helps nobody. */
export function tellIssues(issues: readonly ImportIssue[]): void {
  for (const { severity, file, line, message } of issues.slice(0, TOLD_ISSUES)) {
    const place = file === '' ? '' : `${file}${line === null ? '' : `:${line}`}: `
    process.stderr.write(`${oneLine(`${severity}: ${place}${message}`)}\n`)
  }
  const rest = issues.length - TOLD_ISSUES
  if (rest > 0) process.stderr.write(`… and ${counted(rest, 'more line')} like these; --json lists them.\n`)
}
