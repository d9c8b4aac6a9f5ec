import { ORPCError } from '@orpc/client'
import { AppError, ERROR_CODES, type ErrorCode } from '#shared/contract/errors.ts'

function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code)
}

function detailsOf(payload: unknown): Record<string, unknown> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {}
}

/** Whatever a call threw, as the one error type that the screens branch on. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ORPCError) {
    const code = error.code === 'BAD_REQUEST' ? 'invalid-input' : error.code
    return new AppError(isErrorCode(code) ? code : 'internal', error.message, {
      details: detailsOf(error.data),
      cause: error,
    })
  }
  const message = error instanceof Error ? error.message : String(error)
  const isAborted = error instanceof Error && error.name === 'AbortError'
  return new AppError(isAborted ? 'cancelled' : 'internal', message, { cause: error })
}
