import { AppError } from '#shared/contract/errors.ts'
import type { Defect } from '../defect.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { decodeText } from '../text-encoding.ts'
import { TextGridTokens } from './textgrid-tokens.ts'

/** A TextGrid of Praat. Times are kept in the digits of the file. */
export interface TextGrid {
  form: 'long' | 'short'
  start: string
  end: string
  tiers: TextGridTier[]
  defects: Defect[]
  eol: '\n' | '\r\n'
  encoding: TextEncoding
  hasByteOrderMark: boolean
}

export type TextGridTier = IntervalTier | PointTier

interface TierFrame {
  name: string
  start: string
  end: string
}

export interface IntervalTier extends TierFrame {
  kind: 'interval'
  intervals: { start: string; end: string; text: string }[]
}

export interface PointTier extends TierFrame {
  kind: 'point'
  points: { time: string; mark: string }[]
}

/** Reads the long and the short text form, in UTF-8 or UTF-16, by Praat's rule: only numbers, strings and flags count. */
export function readTextGrid(bytes: Uint8Array, file: string): TextGrid {
  if (Buffer.from(bytes.subarray(0, 12)).toString('latin1') === 'ooBinaryFile')
    throw new AppError('corrupt-file', `${file} is a binary TextGrid. Save it in Praat as a text file.`, {
      details: { file, line: 1, column: 1 },
    })
  const { text, encoding, hasByteOrderMark } = decodeText(bytes, { file })
  const tokens = new TextGridTokens(text.replaceAll('\r\n', '\n'), file)
  const [fileType, objectClass] = [tokens.string('the file type'), tokens.string('the class')]
  if (!fileType.startsWith('ooTextFile') || objectClass !== 'TextGrid')
    throw tokens.error(`this is no TextGrid but "${fileType}" with "${objectClass}"`)
  const grid: TextGrid = {
    form: /^\s*xmin\s*=/m.test(text) ? 'long' : 'short',
    start: tokens.number('the begin'),
    end: tokens.number('the end'),
    tiers: [],
    defects: [],
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    encoding,
    hasByteOrderMark,
  }
  if (tokens.flag() === 'exists') {
    const count = tokens.count('the number of tiers')
    for (let i = 0; i < count; i++) grid.tiers.push(readTier(tokens, grid.defects))
  }
  if (tokens.hasMore())
    grid.defects.push({
      code: 'more-at-the-end',
      line: tokens.line(),
      message: 'Something follows the last tier.',
      repair: 'It is left out: the number of tiers at the top says that they are all read.',
    })
  return grid
}

function readTier(tokens: TextGridTokens, defects: Defect[]): TextGridTier {
  const kind = tokens.string('the class of a tier')
  if (kind !== 'IntervalTier' && kind !== 'TextTier')
    throw tokens.error(`a tier of the class "${kind}" is unknown`)
  const name = tokens.string('the name of a tier')
  const frame = {
    name,
    start: tokens.number('the begin of the tier'),
    end: tokens.number('the end of the tier'),
  }
  const count = tokens.count('the number of its parts')
  if (kind === 'TextTier') {
    const points: PointTier['points'] = []
    for (let i = 0; i < count; i++)
      points.push({ time: tokens.number('a time'), mark: tokens.string('a mark') })
    return { kind: 'point', ...frame, points }
  }
  const intervals: IntervalTier['intervals'] = []
  let last = Number(frame.start)
  for (let i = 0; i < count; i++) {
    const interval = {
      start: tokens.number('the begin of an interval'),
      end: tokens.number('its end'),
      text: tokens.string('its text'),
    }
    checkInterval(interval, last, name, tokens.line(), defects)
    last = Number(interval.end)
    intervals.push(interval)
  }
  return { kind: 'interval', ...frame, intervals }
}

function checkInterval(
  { start, end }: { start: string; end: string },
  last: number,
  tier: string,
  line: number,
  defects: Defect[],
): void {
  if (Number(end) <= Number(start))
    defects.push({
      code: 'end-before-begin',
      line,
      message: `An interval of "${tier}" ends (${end} s) not after its begin (${start} s).`,
      repair: 'It is kept.',
    })
  if (Math.abs(Number(start) - last) > 1e-6)
    defects.push({
      code: 'not-adjacent',
      line,
      message: `An interval of "${tier}" begins at ${start} s, the one before ends at ${last} s.`,
      repair: 'It is kept.',
    })
}
