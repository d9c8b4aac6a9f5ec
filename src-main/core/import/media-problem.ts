import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { readMp4Boxes } from '../../formats/mp4-boxes.ts'

/** Why a file is of no use. What is no MP4 but is called so is told as that, not as a damaged one. */
export async function mediaProblem(path: string, error: AppError): Promise<string> {
  if (error.code !== 'corrupt-file' || !isMp4Name(path)) return error.message
  const isForeign = await readMp4Boxes(path).then(
    boxes => boxes === null,
    () => false,
  )
  return isForeign && !/\b0 bytes\b/.test(error.message)
    ? `${basename(path)} is no video, whatever its name says.`
    : error.message
}

export function isMp4Name(path: string): boolean {
  return /\.(mp4|m4v|mov)$/i.test(path)
}

/** What the system says when a file goes away, may not be read or lies on a failing disk is about this file alone. */
export function asMediaError(error: unknown, path: string): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error && 'code' in error
  if (!isOfSystem || error instanceof AppError) return error
  const options = { details: { file: path }, cause: error }
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return new AppError(
      'media-missing',
      `${path} is not there any more. Put it back, or import its folder again.`,
      options,
    )
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return new AppError('media-missing', `${path} may not be read. Check its access rights.`, options)
  if (error.code === 'ENOSPC' || error.code === 'EMFILE' || error.code === 'ENOMEM') return error
  return new AppError(
    'corrupt-file',
    `${path} cannot be read (${String(error.code)}). Copy it again from where it came.`,
    options,
  )
}
