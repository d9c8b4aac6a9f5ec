import { AppError } from '#shared/contract/errors.ts'
import type { Span } from '../spread-times.ts'
import { decodeText } from '../text-encoding.ts'
import { BULLET, type ChatUtterance, type ReadChat } from './chat-transcript.ts'

/** Headers that hold the file together and say nothing of their own; CLAN writes the last three for itself. */
const FRAME = new Set(['@UTF8', '@Begin', '@End', '@Font', '@Window', '@ColorWords'])

interface LogicalLine {
  text: string
  line: number
}

/**
 * Reads a CHAT transcript; what is wrong in it becomes a defect, and everything else is kept.
 * @throws AppError 'corrupt-file' for what is no CHAT at all, and for text that cannot be decoded
 */
export function readChat(bytes: Uint8Array, file: string): ReadChat {
  const lines = logicalLines(decodeText(bytes, { file }).text)
  const chat: ReadChat = {
    headers: [],
    utterances: [],
    defects: [],
    remarks: 0,
    innerMarks: 0,
    strayLines: 0,
  }
  for (const one of lines) takeLine(chat, one)
  const isChat = lines.some(({ text }) => text.startsWith('@')) || chat.utterances.length > 0
  if (!isChat)
    throw new AppError(
      'corrupt-file',
      `${file}, line 1, column 1: this is no CHAT transcript: no line begins with a header (@) or a speaker (*). Choose a .cha file.`,
      { details: { file, line: 1, column: 1 } },
    )
  checkFrame(chat, lines)
  return chat
}

/** Lines that begin with a tab, and in old files with blanks, go on where the one before ended. */
function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = []
  for (const [at, physical] of text.split(/\r\n|\n|\r/).entries()) {
    const last = lines.at(-1)
    if (physical.trim() === '') continue
    if (/^[\t ]/.test(physical) && last) last.text += ` ${physical.trim()}`
    else lines.push({ text: physical, line: at + 1 })
  }
  return lines
}

function takeLine(chat: ReadChat, one: LogicalLine): void {
  const { text, line } = one
  const [, sign, name, rest] = /^([@*%])([^:]*)(?::(.*))?$/s.exec(text) ?? []
  const code = name?.trim() ?? ''
  const value = (rest ?? '').trim()
  if (sign === '@') {
    if (FRAME.has(`@${code}`) || code === '') return
    if (chat.utterances.length > 0) chat.remarks += 1
    else chat.headers.push({ name: `@${code}`, value })
    return
  }
  if (sign === undefined || rest === undefined || code === '') return takeStray(chat, line, 'stray-line')
  if (sign === '*') return takeUtterance(chat, code, value, line)
  const utterance = chat.utterances.at(-1)
  if (!utterance) return takeStray(chat, line, 'early-dependent')
  takeDependent(chat, utterance, { code, value, line })
}

const STRAY: Record<'stray-line' | 'early-dependent', string> = {
  'stray-line':
    'The line is neither a header (@…), nor an utterance (*CODE:), nor a dependent line (%code:).',
  'early-dependent': 'The dependent line stands before the first utterance and belongs to none.',
}

function takeStray(chat: ReadChat, line: number, code: keyof typeof STRAY): void {
  chat.strayLines += 1
  chat.defects.push({
    code,
    line,
    message: STRAY[code],
    repair: 'It is left out. Begin it with a tab if it goes on with the line before it.',
  })
}

function takeUtterance(chat: ReadChat, speaker: string, value: string, line: number): void {
  const { text, marks } = withoutMarks(chat, value, line)
  const [first, last] = [marks[0], marks.at(-1)]
  chat.innerMarks += Math.max(0, marks.length - 1)
  const span = first && last ? { startMs: first.startMs, endMs: last.endMs } : null
  chat.utterances.push({ speaker, text, span, dependents: [] })
  if (span && span.endMs < span.startMs)
    chat.defects.push({
      code: 'end-before-begin',
      line,
      message: `The utterance ends (${span.endMs} ms) before it begins (${span.startMs} ms).`,
      repair: 'It is kept.',
    })
}

/** Transcripts from before 2004 have the time of an utterance in a dependent line of its own. */
const OLD_TIME = /(\d{1,12})[_\s]+(\d{1,12})\W*$/

function takeDependent(
  chat: ReadChat,
  utterance: ChatUtterance,
  { code, value, line }: { code: string; value: string; line: number },
): void {
  const old = ['snd', 'mov'].includes(code) && utterance.span === null ? OLD_TIME.exec(value) : null
  if (old) {
    utterance.span = { startMs: Number(old[1]), endMs: Number(old[2]) }
    return
  }
  const { text, marks } = withoutMarks(chat, value, line)
  chat.innerMarks += marks.length
  utterance.dependents.push({ code, text })
}

/** `␕1200_3400␕`; in old files also `␕%snd:"name"_1200_3400␕`. A dash behind it says that playing goes on. */
const MARK = /^(?:%(?:snd|mov|aud|vid|pic|txt):\s*"[^"]*"_?)?(\d{1,12})_(\d{1,12})-?$/

function withoutMarks(chat: ReadChat, value: string, line: number): { text: string; marks: Span[] } {
  if (!value.includes(BULLET)) return { text: value, marks: [] }
  const parts = value.split(BULLET)
  const marks: Span[] = []
  const kept: string[] = []
  let broken = parts.length % 2 === 0
  for (const [at, part] of parts.entries()) {
    if (at % 2 === 0) {
      kept.push(part.trim())
      continue
    }
    const [, start, end] = MARK.exec(part.trim()) ?? []
    if (start !== undefined && end !== undefined) marks.push({ startMs: Number(start), endMs: Number(end) })
    else {
      broken = true
      kept.push(part.trim())
    }
  }
  if (broken)
    chat.defects.push({
      code: 'broken-mark',
      line,
      message: 'A time mark is not closed, or holds no two times.',
      repair: 'What stands in it is kept as text.',
    })
  return { text: kept.filter(part => part !== '').join(' '), marks }
}

function checkFrame(chat: ReadChat, lines: readonly LogicalLine[]): void {
  const names = new Set(lines.map(({ text }) => /^@[^:]*/.exec(text)?.[0].trim() ?? ''))
  for (const [name, line] of [
    ['@Begin', 1],
    ['@End', lines.at(-1)?.line ?? 1],
  ] as const)
    if (!names.has(name))
      chat.defects.push({
        code: 'missing-frame',
        line,
        message: `There is no ${name}. The transcript may have been cut off.`,
        repair: 'What is there is read.',
      })
  const header = lines.find(({ text }) => text.startsWith('@Participants:'))
  const declared = new Set(
    speakersOf(header?.text.slice('@Participants:'.length) ?? '').map(({ code }) => code),
  )
  const firstLines = new Map<string, number>()
  for (const { text, line } of lines) {
    const speaker = /^\*([^:]*):/.exec(text)?.[1]?.trim()
    if (speaker && !firstLines.has(speaker)) firstLines.set(speaker, line)
  }
  for (const [speaker, line] of firstLines) {
    if (declared.has(speaker)) continue
    chat.defects.push({
      code: 'unknown-speaker',
      line,
      message: `The speaker ${speaker} is not named in @Participants.`,
      repair: 'The utterances are kept.',
    })
  }
}

export interface ChatSpeaker {
  code: string
  /** Empty where only the role is said. */
  name: string
  role: string
}

/** `CHI Ross Target_Child, MOT Mother`: code, name where there is one, role. */
export function speakersOf(participants: string): ChatSpeaker[] {
  return participants.split(',').flatMap(entry => {
    const words = entry.trim().split(/\s+/)
    const [code = ''] = words
    return code ? [{ code, name: words.slice(1, -1).join(' '), role: words.slice(1).at(-1) ?? '' }] : []
  })
}
