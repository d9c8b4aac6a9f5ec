import { AppError } from '#shared/contract/errors.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'

export interface DecodedText {
  /** Without a byte order mark. */
  text: string
  encoding: TextEncoding
  hasByteOrderMark: boolean
}

export interface DecodeOptions {
  /** Read it so, whatever it looks like. */
  encoding?: TextEncoding
  /** The name for messages. */
  file?: string
}

const MARKS: readonly [TextEncoding, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/**
 * Text of a file that somebody else wrote: UTF-8 or UTF-16, by its byte order mark or its zero bytes.
 * Bytes that mean nothing are an error with their line, never a replacement character.
 */
export function decodeText(
  bytes: Uint8Array,
  { encoding, file = 'The file' }: DecodeOptions = {},
): DecodedText {
  const [marked] = MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte)) ?? []
  const found = encoding ?? marked ?? guessWithoutMark(bytes)
  try {
    const text = new TextDecoder(decoderOf(found), { fatal: true, ignoreBOM: true }).decode(bytes)
    const hasByteOrderMark = text.startsWith('\ufeff')
    return { text: hasByteOrderMark ? text.slice(1) : text, encoding: found, hasByteOrderMark }
  } catch (cause) {
    throw brokenText(bytes, found, file, cause)
  }
}

/** UTF-16 without a mark shows by a zero in every other byte of its line ends, digits and delimiters. */
function guessWithoutMark(bytes: Uint8Array): TextEncoding {
  const sample = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = zeros[i % 2]! + 1
  })
  const [even = 0, odd = 0] = zeros
  if (odd > 0 && even === 0) return 'utf-16le'
  return even > 0 && odd === 0 ? 'utf-16be' : 'utf-8'
}

function brokenText(bytes: Uint8Array, encoding: TextEncoding, file: string, cause: unknown): AppError {
  if (encoding !== 'utf-8')
    return new AppError(
      'corrupt-file',
      `${file} looks like ${encoding.toUpperCase()} but cannot be read as that.`,
      {
        details: { file, encoding },
        cause,
      },
    )
  const { line, byte } = firstBroken(bytes)
  const suggestion = suggestEncoding(bytes)
  const hint = suggestion
    ? ` It looks like ${LABELS[suggestion]}: read it with that encoding if the text then looks right.`
    : ''
  return new AppError(
    'corrupt-file',
    `${file} is not UTF-8: line ${line} has the byte 0x${byte.toString(16).toUpperCase()} where none can be.${hint}`,
    { details: { file, line, encoding, suggestion }, cause },
  )
}

const LABELS = { latin1: 'Latin-1 (Windows-1252)', gb18030: 'Chinese in GB 18030 (GBK)' } as const

function suggestEncoding(bytes: Uint8Array): 'latin1' | 'gb18030' | null {
  if (looksLikeLatin1(bytes)) return 'latin1'
  try {
    const text = new TextDecoder('gb18030', { fatal: true }).decode(bytes)
    return /\p{Script=Han}/u.test(text) ? 'gb18030' : null
  } catch {
    return null
  }
}

/** What calls itself Latin-1 is Windows-1252, as on the web (WHATWG Encoding, "iso-8859-1"). */
function decoderOf(encoding: TextEncoding): string {
  return encoding === 'latin1' ? 'windows-1252' : encoding
}

/** The line and the first byte of it that break UTF-8; the text is known to be broken. */
function firstBroken(bytes: Uint8Array): { line: number; byte: number } {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end < 0 ? bytes.length : end
    const broken = brokenByte(bytes.subarray(start, stop))
    if (broken !== undefined) return { line, byte: broken }
    start = stop + 1
  }
  return { line, byte: 0 }
}

/** Decoding with replacement shows where the first bad byte is: as many bytes as the text before it takes. */
function brokenByte(lineBytes: Uint8Array): number | undefined {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(lineBytes)
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) {
    const offset = new TextEncoder().encode(text.slice(0, at)).length
    const isReal =
      lineBytes[offset] === 0xef && lineBytes[offset + 1] === 0xbf && lineBytes[offset + 2] === 0xbd
    if (!isReal) return lineBytes[offset]
  }
  return undefined
}

/** Letters and quotation marks of Western Europe, few of them, and hardly two in a row (GBK has pairs). */
function looksLikeLatin1(bytes: Uint8Array): boolean {
  let high = 0
  let pairs = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte < 0x80) continue
    if (byte < 0xa0 && !WINDOWS_1252_MARKS.has(byte)) return false
    high += 1
    if (bytes[i - 1]! >= 0x80) pairs += 1
  }
  return high > 0 && pairs * 4 < high && high * 3 < bytes.length
}

/** €, low and high quotation marks, the ellipsis and dashes. */
const WINDOWS_1252_MARKS = new Set([0x80, 0x82, 0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97])
