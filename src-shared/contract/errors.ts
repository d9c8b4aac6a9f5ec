/** Every way in which an action can fail that a user can do something about. */
export const ERROR_CODES = [
  'not-found',
  'invalid-input',
  'corrupt-file',
  'media-missing',
  'not-permitted',
  'ffmpeg-missing',
  'unreachable',
  'device-failed',
  'disk-full',
  'cancelled',
  'model-unavailable',
  'engine-crashed',
  'conflict',
  'locked',
  'no-corpus',
  'unsafe-file',
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface WireError {
  code: ErrorCode
  message: string
  details: Record<string, unknown>
}

/** An expected failure: its message is safe to show, its code is safe to branch on. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }
}

/** Bugs keep their stack in the log and cross the wire only as a reference. */
export function toWireError(error: unknown, reportBug: (error: unknown) => string): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details }
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled.', details: {} }
  return {
    code: 'internal',
    message: 'Something went wrong inside the program. Nothing was changed.',
    details: { reference: reportBug(error) },
  }
}
