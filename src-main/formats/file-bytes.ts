import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'

/** Larger files are no annotations of anything that was filmed: an EAF takes some 300 bytes for one. */
const MAX_MB = 500
/** The others take a fifth of that, and lines so short that a whole file of them would not fit into memory. */
const MAX_PLAIN_MB = 64
const MARKUP = /\.(?:eaf|etf)$/i

/**
 * The bytes of an annotation file; its size is looked at before any of them is read.
 *
 * @throws AppError 'not-found', 'invalid-input' for a folder, 'unsafe-file' for what is too large
 */
export async function bytesOfFile(file: string): Promise<Uint8Array> {
  const facts = await factsOfFile(file)
  if (facts.isDirectory())
    throw new AppError('invalid-input', `${file} is a folder. Name one file.`, { details: { file } })
  const limit = MARKUP.test(file) ? MAX_MB : MAX_PLAIN_MB
  if (facts.size > limit * 1_000_000)
    throw new AppError('unsafe-file', `${file} is larger than ${limit} MB. Split it before opening it.`, {
      details: { file },
    })
  return readFile(file)
}

export async function factsOfFile(file: string): Promise<Stats> {
  try {
    return await stat(file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new AppError('not-found', `There is no ${file}.`, { details: { file }, cause })
    throw cause
  }
}
