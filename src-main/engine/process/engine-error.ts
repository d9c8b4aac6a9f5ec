import { AppError, type ErrorCode, type WireError } from '#shared/contract/errors.ts'

/** An error on its way to the core. Bugs keep their stack in the details: the core logs it. */
export function toEngineError(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details }
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled.', details: {} }
  const message = error instanceof Error ? error.message : String(error)
  const details = { stack: error instanceof Error ? error.stack : undefined }
  if (/bad_alloc|Failed to allocate memory|out of memory/i.test(message)) {
    const remedy = 'Close other programs, or use a smaller model or another device.'
    return {
      code: 'model-unavailable',
      message: `There was not enough memory for the model. ${remedy}`,
      details: { ...details, message },
    }
  }
  return { code: 'internal', message: `The inference engine failed: ${message}`, details }
}

export function fromEngineError({
  code,
  message,
  details,
}: {
  code: ErrorCode
  message: string
  details: Record<string, unknown>
}): AppError {
  return new AppError(code, message, { details })
}
