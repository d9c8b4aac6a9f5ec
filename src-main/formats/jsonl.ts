import { AppError } from '#shared/contract/errors.ts'
import { decodeText } from './text-encoding.ts'

/** Reads one JSON value a line; empty lines are skipped. A line that is no JSON is an error with its number. */
export function* readJsonl(
  bytes: Uint8Array,
  file = 'The file',
): Generator<{ line: number; value: unknown }> {
  const { text } = decodeText(bytes, { file })
  let line = 0
  for (const content of text.split('\n')) {
    line += 1
    if (content.trim() === '') continue
    yield { line, value: parseLine(content, line, file) }
  }
}

function parseLine(content: string, line: number, file: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw new AppError('corrupt-file', `${file}, line ${line} is not JSON: ${String(cause)}`, {
      details: { file, line },
      cause,
    })
  }
}

/**
 * Writes one value a line with sorted keys, so that equal values are equal bytes. U+2028 and U+2029 are
 * escaped: some readers take them for line ends.
 */
export function writeJsonl(values: Iterable<unknown>): string {
  let text = ''
  for (const value of values) text += `${stableJson(value)}\n`
  return text
}

/** JSON with sorted keys; `undefined` members are left out, as in `JSON.stringify`. */
export function stableJson(value: unknown, space?: number): string {
  return JSON.stringify(value, sortKeys, space)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
