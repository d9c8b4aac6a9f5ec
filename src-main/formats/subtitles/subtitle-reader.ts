import type { Defect } from '../defect.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { decodeText } from '../text-encoding.ts'
import { type CueTiming, parseTiming } from './cue-time.ts'
import type { SubtitleBlock, SubtitleCue, SubtitleDocument, SubtitleRemark } from './subtitle-document.ts'

export interface SubtitleOptions {
  encoding?: TextEncoding
}

/** Reads SubRip. A cue goes on to the next number with a timing: empty lines inside of it are text. */
export function readSrt(bytes: Uint8Array, file: string, options: SubtitleOptions = {}): SubtitleDocument {
  const { lines, document } = open(bytes, file, 'srt', options)
  const timings = lines.map(line => parseTiming(line, 'srt'))
  const starts = lines.map((_, i) => (timings[i] ? i - (hasNumber(lines, timings, i) ? 1 : 0) : -1))
  const before: string[] = []
  for (let i = 0; i < lines.length; i++) {
    const timing = timings[i]
    if (!timing) {
      if (starts[i + 1] !== i) before.push(lines[i]!)
      continue
    }
    flushStray(before, i, document)
    const next = nextCue(timings, starts, i + 1)
    const text = lines.slice(i + 1, next)
    while (text.length && isBlank(text.at(-1)!)) text.pop()
    const id = starts[i] === i ? '' : lines[i - 1]!.trim()
    addCue(document, { kind: 'cue', id, ...timing, text: text.join('\n'), line: i + 1 }, timing)
    if (text.some(isBlank))
      note(
        document,
        'empty-line',
        i + 1,
        'A cue has an empty line in its text, where other programs end it.',
        'The line is kept as part of the text.',
      )
    i = next - 1
  }
  flushStray(before, lines.length, document)
  requireCues(document, file)
  return document
}

function isBlank(line: string): boolean {
  return line.trim() === ''
}

/** The number of a cue stands alone on the line above the timing. */
function hasNumber(lines: string[], timings: (CueTiming | null)[], i: number): boolean {
  const above = lines[i - 1]
  return (
    above !== undefined &&
    !timings[i - 1] &&
    /^\s*\d+\s*$/.test(above) &&
    (i < 2 || isBlank(lines[i - 2]!) || !timings[i - 2])
  )
}

function nextCue(timings: (CueTiming | null)[], starts: number[], from: number): number {
  for (let i = from; i < timings.length; i++) if (timings[i]) return Math.max(from, starts[i]!)
  return timings.length
}

/** Reads WebVTT by its own rules, and tells where a browser would drop something. */
export function readVtt(bytes: Uint8Array, file: string, options: SubtitleOptions = {}): SubtitleDocument {
  const { lines, document } = open(bytes, file, 'vtt', options)
  if (!/^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? ''))
    throw new AppError(
      'corrupt-file',
      `${file}, line 1, column 1: a WebVTT file begins with the word WEBVTT. If these are SRT cues, name the file .srt.`,
      {
        details: { file, line: 1, column: 1 },
      },
    )
  const blocks = blocksOf(lines)
  const header = blocks.shift()?.lines ?? []
  const isHeaderCue = header.findIndex(line => line.includes('-->'))
  const end = isHeaderCue < 0 ? header.length : Math.max(1, isHeaderCue)
  document.header = [header[0]!.slice('WEBVTT'.length), ...header.slice(1, end)].join('\n')
  if (end < header.length) blocks.unshift({ lines: header.slice(end), line: end + 1 })
  for (const block of blocks) addVttBlock(document, block)
  return document
}

interface RawBlock {
  lines: string[]
  line: number
}

function blocksOf(lines: string[]): RawBlock[] {
  const blocks: RawBlock[] = []
  let current: RawBlock | null = null
  lines.forEach((line, i) => {
    if (line === '') current = null
    else if (current) current.lines.push(line)
    else blocks.push((current = { lines: [line], line: i + 1 }))
  })
  return blocks
}

const REMARK = /^(NOTE|STYLE|REGION)(?=[ \t]|$)/

function addVttBlock(document: SubtitleDocument, { lines, line }: RawBlock): void {
  const at = lines.findIndex((text, i) => i < 2 && text.includes('-->'))
  const timing = at < 0 ? null : parseTiming(lines[at]!, 'vtt')
  const word = REMARK.exec(lines[0]!)?.[1]?.toLowerCase() as SubtitleRemark['kind'] | undefined
  if (word && (at < 0 || word === 'note')) {
    document.blocks.push({ kind: word, text: lines.join('\n'), line })
    return
  }
  if (!timing) {
    document.blocks.push({ kind: 'stray', text: lines.join('\n'), line })
    note(
      document,
      'stray-text',
      line,
      'A block has no timing, and browsers drop it.',
      'It is kept where it stands.',
    )
    return
  }
  const id = at === 1 ? lines[0]! : ''
  addCue(
    document,
    { kind: 'cue', id, ...timing, text: lines.slice(at + 1).join('\n'), line: line + at },
    timing,
  )
}

function open(bytes: Uint8Array, file: string, format: 'srt' | 'vtt', { encoding }: SubtitleOptions) {
  const decoded = decodeText(bytes, { file, ...(encoding ? { encoding } : {}) })
  const document: SubtitleDocument = {
    format,
    header: '',
    blocks: [],
    defects: [],
    eol: decoded.text.includes('\r\n') ? '\r\n' : '\n',
    encoding: decoded.encoding,
    hasByteOrderMark: decoded.hasByteOrderMark,
  }
  return { lines: decoded.text.split(/\r\n|\n|\r/), document }
}

function addCue(
  document: SubtitleDocument,
  cue: SubtitleCue & { isOdd?: boolean },
  { isOdd }: CueTiming,
): void {
  const { kind, id, startMs, endMs, settings, text, line } = cue
  const clean: SubtitleBlock = { kind, id, startMs, endMs, settings, text, line }
  if (isOdd)
    note(
      document,
      'odd-time',
      line,
      'A timing is not written as the format asks for.',
      'It is read as meant and written in the right form.',
    )
  if (endMs < startMs)
    note(
      document,
      'end-before-begin',
      line,
      `A cue ends (${endMs} ms) before it begins (${startMs} ms).`,
      'It is kept.',
    )
  document.blocks.push(clean)
}

function note(document: SubtitleDocument, code: string, line: number, message: string, repair: string): void {
  const defect: Defect = { code, line, message, repair }
  document.defects.push(defect)
}

function flushStray(before: string[], end: number, document: SubtitleDocument): void {
  const text = before.splice(0).join('\n').trim()
  if (!text) return
  const line = Math.max(1, end - text.split('\n').length)
  document.blocks.push({ kind: 'stray', text, line })
  note(document, 'stray-text', line, 'Text stands where no cue is.', 'It is kept where it stands.')
}

function requireCues(document: SubtitleDocument, file: string): void {
  if (document.blocks.some(({ kind }) => kind === 'cue') || !document.blocks.length) return
  throw new AppError(
    'corrupt-file',
    `${file}, line 1, column 1: there is no cue in it (a line like 00:00:01,000 --> 00:00:02,000). Check that it is an SRT file.`,
    {
      details: { file, line: 1, column: 1 },
    },
  )
}
