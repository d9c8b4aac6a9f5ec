import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { sha256 } from '../../formats/sha256.ts'

/** Files as they came in, named by their content: `documents/` of the corpus folder. */
export const KEPT_FOLDER = 'documents'

/** Keeps the bytes once, however often they come in; returns their SHA-256 in hex. */
export async function keepBytes(dir: string, bytes: Uint8Array): Promise<string> {
  const hash = sha256(bytes)
  const file = join(dir, KEPT_FOLDER, hash)
  if (existsSync(file)) return hash
  await mkdir(join(dir, KEPT_FOLDER), { recursive: true })
  await writeAtomically(file, temporary => writeFile(temporary, bytes))
  return hash
}

/** @throws AppError 'not-found' when somebody has emptied the folder */
export async function readKept(dir: string, hash: string): Promise<Uint8Array> {
  const file = join(dir, KEPT_FOLDER, hash)
  try {
    return await readFile(file)
  } catch (cause) {
    throw new AppError(
      'not-found',
      `${file}, the copy of an imported file, is missing. Restore the folder “${KEPT_FOLDER}” of the corpus, or import the file again.`,
      { details: { file }, cause },
    )
  }
}
