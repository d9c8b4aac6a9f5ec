import { AppError } from '#shared/contract/errors.ts'

/** `where` is the file. */
export function damagedPickle(where: string, what: string, cause?: unknown): AppError {
  return new AppError('corrupt-file', `${where} ${what}.`, { details: { file: where }, cause })
}
