import { AppError } from '#shared/contract/errors.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { decodeText } from '../text-encoding.ts'

export interface XmlEncoding {
  /** As the TextDecoder names it; a file in another than these five is written back as UTF-8. */
  name: TextEncoding | 'iso-8859-1' | 'foreign'
  hasByteOrderMark: boolean
}

/** V8 holds no longer strings. */
const MAX_BYTES = 500_000_000

const DECLARED = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/

/** The text of an XML file by its byte order mark, else by its declaration, else as UTF-8. */
export function decodeXml(bytes: Uint8Array, file: string): { text: string; encoding: XmlEncoding } {
  if (bytes.length > MAX_BYTES)
    throw new AppError('invalid-input', `${file} is larger than 500 MB. Split it before opening it.`, {
      details: { file },
    })
  const declared = DECLARED.exec(Buffer.from(bytes.subarray(0, 400)).toString('latin1'))?.[1]?.toLowerCase()
  if (!declared || declared === 'utf-8' || declared === 'utf8' || declared.startsWith('utf-16')) {
    const { text, encoding, hasByteOrderMark } = decodeText(bytes, { file })
    return { text, encoding: { name: encoding, hasByteOrderMark } }
  }
  if (declared === 'iso-8859-1' || declared === 'us-ascii')
    return {
      text: Buffer.from(bytes).toString('latin1'),
      encoding: { name: 'iso-8859-1', hasByteOrderMark: false },
    }
  return {
    text: decodeForeign(bytes, declared, file),
    encoding: { name: 'foreign', hasByteOrderMark: false },
  }
}

function decodeForeign(bytes: Uint8Array, label: string, file: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError(
      'corrupt-file',
      `${file}, line 1, column 1: the file says that it is written in ${label} and cannot be read as that. Convert it to UTF-8 in a text editor.`,
      { details: { file, line: 1, column: 1, encoding: label }, cause },
    )
  }
}

/** The bytes as they came; what the old encoding has no letters for makes the whole file UTF-8, and says so in it. */
export function encodeXml(text: string, { name, hasByteOrderMark }: XmlEncoding): Uint8Array {
  const marked = hasByteOrderMark ? `\uFEFF${text}` : text
  if (name === 'utf-16le') return Buffer.from(marked, 'utf16le')
  if (name === 'utf-16be') return Buffer.from(marked, 'utf16le').swap16()
  // oxlint-disable-next-line no-control-regex -- the question is exactly whether all of it is Latin-1
  if (name === 'iso-8859-1' && /^[\u0000-\u00FF]*$/.test(text)) return Buffer.from(text, 'latin1')
  if (name === 'utf-8') return Buffer.from(marked, 'utf8')
  return Buffer.from(text.replace(/^(<\?xml[^>]*?\sencoding\s*=\s*["'])[A-Za-z][\w.-]*/, '$1UTF-8'), 'utf8')
}
