import { readFile, stat } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import { sha256 } from '../../../formats/sha256.ts'
import type { SourceFile } from './what-was-read.ts'

/** Text of predictions is a few megabytes; what is larger is features, video or a mistake. */
export const MAX_BYTES = 256 * 1024 * 1024

export async function readSourceFile(path: string): Promise<SourceFile> {
  const found = await stat(path).catch((error: unknown) => {
    throw new AppError('not-found', `There is no ${path}.`, { cause: error, details: { file: path } })
  })
  if (found.size > MAX_BYTES)
    throw new AppError(
      'invalid-input',
      `${path} has ${Math.round(found.size / 1024 / 1024)} MB. Predictions are text of a few MB: choose the file with the sentences.`,
      { details: { file: path } },
    )
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AppError('not-found', `${path} cannot be read. Check that it may be opened.`, {
      cause: error,
      details: { file: path },
    })
  })
  return { path, bytes, sha256: sha256(bytes) }
}
