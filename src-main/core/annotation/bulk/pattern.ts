import { createContext, Script } from 'node:vm'
import type { SearchPattern } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'

/** A pattern that backtracks without end is stopped after this long; plain ones take a thousandth of it. */
const PATIENCE_MS = 5000

const ESCAPED = /[\\^$.*+?()[\]{}|/]/g

/** Whether each value matches. */
export function matching(values: readonly string[], pattern: SearchPattern): boolean[] {
  return inTime(values, pattern, '', 'values.map(value => value.search(pattern) >= 0)')
}

/** Each value with every match replaced; a plain pattern takes the replacement letter by letter. */
export function replaced(values: readonly string[], pattern: SearchPattern, replacement: string): string[] {
  const plain = pattern.isRegex ? replacement : replacement.replaceAll('$', '$$$$')
  return inTime(values, pattern, plain, 'values.map(value => value.replace(pattern, replacement))')
}

function inTime<T>(values: readonly string[], search: SearchPattern, replacement: string, code: string): T[] {
  const context = createContext({ values, pattern: patternOf(search), replacement })
  try {
    return [...(new Script(code).runInContext(context, { timeout: PATIENCE_MS }) as T[])]
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause
    throw new AppError(
      'invalid-input',
      `The pattern ${search.text} takes too long: it tries the same letters in too many ways. Write it with fewer nested repetitions.`,
      { cause },
    )
  }
}

/** A pattern as a regular expression that finds every match. */
export function patternOf({ text, isRegex, isCaseSensitive, isWholeValue }: SearchPattern): RegExp {
  const source = isRegex ? text : text.replace(ESCAPED, String.raw`\$&`)
  try {
    const whole = isWholeValue ? `^(?:${source})$` : source
    return new RegExp(whole, `gu${isCaseSensitive ? '' : 'i'}`)
  } catch (cause) {
    throw new AppError(
      'invalid-input',
      `${text} is no regular expression: ${cause instanceof Error ? cause.message : ''}. Correct it, or search for it as plain text.`,
      { cause },
    )
  }
}
