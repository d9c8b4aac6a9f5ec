import { basename } from 'node:path'
import type { AppError } from '#shared/contract/errors.ts'
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
