import { AppError } from '#shared/contract/errors.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { decodeText } from '../text-encoding.ts'

/** A sentence has a few hundred characters: longer lines are data of another kind. */
const MAX_LINE = 100_000

export interface SentenceLines {
  /** Without line ends. Blank lines are lines: they keep the count; only the last, empty one is none. */
  lines: string[]
  encoding: TextEncoding
}

/**
 * Lines of a text file.
 *
 * @throws AppError 'corrupt-file' for what is no text, or has a line that no sentence can be; with the line
 */
export function readSentenceLines(bytes: Uint8Array, file: string, encoding?: TextEncoding): SentenceLines {
  if (bytes.length === 0) throw refused(file, 1, 'is empty (0 bytes)', 'Choose the file with the sentences')
  const decoded = decodeText(bytes, { file, ...(encoding ? { encoding } : {}) })
  const lines = decoded.text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  lines.forEach((line, at) => {
    if (line.includes('\0')) throw refused(file, at + 1, 'holds binary data', 'Choose a text file')
    if (line.length > MAX_LINE)
      throw refused(
        file,
        at + 1,
        `has ${line.length} characters in one line, which is no sentence`,
        'Write one sentence a line, or choose another file',
      )
  })
  return { lines, encoding: decoded.encoding }
}

function refused(file: string, line: number, what: string, remedy: string): AppError {
  return new AppError('corrupt-file', `${file}, line ${line}: the file ${what}. ${remedy}.`, {
    details: { file, line },
  })
}
