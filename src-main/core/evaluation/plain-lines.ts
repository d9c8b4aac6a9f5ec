import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { pythonRstrip } from '#main/metrics/python-text.ts'
import { AppError } from '#shared/contract/errors.ts'

/**
 * The sentences of a plain text file, as `sacrebleu` reads them: UTF-8, a line ends at U+000A only (not
 * at U+2028 or a lone carriage return), white space at its end is dropped, a byte order mark stays part
 * of the first line, `.gz` is unpacked.
 */
export function readPlainLines(path: string): string[] {
  const bytes = readBytes(path)
  const text = decodeUtf8(bytes, path)
  const lines = text.split('\n')
  // What follows the last line feed is a line only if there is something.
  if (lines.at(-1) === '') lines.pop()
  return lines.map(pythonRstrip)
}

function readBytes(path: string): Buffer {
  try {
    const bytes = readFileSync(path)
    return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw new AppError(
      isMissing ? 'not-found' : 'invalid-input',
      isMissing ? `There is no file ${path}.` : `${path} cannot be read: ${String(cause)}`,
      { details: { file: path }, cause },
    )
  }
}

function decodeUtf8(bytes: Buffer, path: string): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    const line = firstBrokenLine(bytes, decoder)
    throw new AppError(
      'invalid-input',
      `${path} is not UTF-8: line ${line} has bytes that mean nothing in it.`,
      {
        details: { file: path, line },
        cause,
      },
    )
  }
}

function firstBrokenLine(bytes: Buffer, decoder: TextDecoder): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end < 0 ? bytes.length : end
    try {
      decoder.decode(bytes.subarray(start, stop))
    } catch {
      return line
    }
    start = stop + 1
  }
  return line
}
