import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { ERROR_CODES } from './errors.ts'

const details = z.record(z.string(), z.unknown())

/** The closed union of expected failures; every method of the contract may answer with one of them. */
const errors = Object.fromEntries(ERROR_CODES.map(code => [code, { data: details }])) as Record<
  (typeof ERROR_CODES)[number],
  { data: typeof details }
>

export const base = oc.errors(errors)
export { eventIterator }
export const Nothing = z.void()
