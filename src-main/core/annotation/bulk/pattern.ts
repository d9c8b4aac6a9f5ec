import { createContext, Script } from 'node:vm'
import type { SearchPattern } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'

/** A pattern that backtracks without end is stopped after this long; plain ones take a thousandth of it. */
const PATIENCE_MS = 5000

const ESCAPED = /[\\^$.*+?()[\]{}|/]/g

/** Whether each value matches. */
export function matching(values: readonly string[], pattern: SearchPattern): boolean[] {
  return createMatcher(pattern)(values)
}

/** Tells of one list of values after the other which match; the patience is for all of them together. */
export function createMatcher(pattern: SearchPattern): (values: readonly string[]) => boolean[] {
  const run = createPatient<boolean>(pattern, '', 'value.search(pattern) >= 0')
  return values => run(values)
}

/** Each value with every match replaced; a plain pattern takes the replacement letter by letter. */
export function replaced(values: readonly string[], pattern: SearchPattern, replacement: string): string[] {
  const plain = pattern.isRegex ? replacement : replacement.replaceAll('$', '$$$$')
  return createPatient<string>(pattern, plain, 'value.replace(pattern, replacement)')(values)
}

function createPatient<T>(search: SearchPattern, replacement: string, expression: string) {
  const given = { values: [] as readonly string[], pattern: patternOf(search), replacement }
  const context = createContext(given)
  // As parameters, because a look at a global of another context costs more than most patterns.
  const script = new Script(
    `((values, pattern, replacement) => values.map(value => ${expression}))(values, pattern, replacement)`,
  )
  let leftMs = PATIENCE_MS

  return (values: readonly string[]): T[] => {
    given.values = values
    const began = performance.now()
    try {
      return [...(script.runInContext(context, { timeout: Math.max(1, Math.ceil(leftMs)) }) as T[])]
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause
      throw new AppError(
        'invalid-input',
        `The pattern ${search.text} takes too long: it tries the same letters in too many ways. Write it with fewer nested repetitions.`,
        { cause },
      )
    } finally {
      leftMs -= performance.now() - began
    }
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
