import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AppError } from '#shared/contract/errors.ts'
import type { Vocabulary } from '../../formats/annotation-document.ts'
import { type ExternalVocabularies, readEcv } from '../../formats/eaf/ecv.ts'
import { keepBytes } from '../annotation-files/kept-bytes.ts'

const MAX_BYTES = 50_000_000
const PATIENCE_MS = 30_000

export async function readEcvFile(file: string): Promise<ExternalVocabularies> {
  try {
    return readEcv(await readFile(file), file)
  } catch (cause) {
    throw asFetchError(cause, file)
  }
}

/**
 * The vocabulary of this name in an .ecv at an http(s) or file address; its bytes are kept in the corpus folder.
 *
 * @throws AppError 'not-found' where there is none, or nothing answers
 */
export async function fetchEcv(
  dir: string,
  { name, url }: { name: string; url: string },
): Promise<Pick<Vocabulary, 'entries' | 'descriptions'>> {
  if (url === '')
    throw new AppError(
      'invalid-input',
      `“${name}” is a vocabulary of this corpus: there is nothing to fetch.`,
    )
  const bytes = await bytesAt(url)
  const { vocabularies } = readEcv(bytes, url)
  const wanted =
    vocabularies.find(vocabulary => vocabulary.name === name) ??
    (vocabularies.length === 1 ? vocabularies[0] : undefined)
  if (!wanted)
    throw new AppError(
      'not-found',
      `${url} has no vocabulary “${name}”. It has: ${vocabularies.map(vocabulary => vocabulary.name).join(', ')}.`,
      { details: { file: url } },
    )
  await keepBytes(dir, bytes)
  return wanted
}

async function bytesAt(url: string): Promise<Uint8Array> {
  if (!/^https?:/i.test(url)) {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url
    return readFile(file).catch((cause: unknown) => {
      throw asFetchError(cause, file)
    })
  }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (!response.ok) throw new Error(`the server answers ${response.status}`)
    return await firstBytes(response, url)
  } catch (cause) {
    throw asFetchError(cause, url)
  }
}

async function firstBytes(response: Response, url: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > MAX_BYTES)
      throw new AppError('unsafe-file', `${url} is larger than 50 MB, which no vocabulary is.`, {
        details: { file: url },
      })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function asFetchError(cause: unknown, place: string): unknown {
  if (cause instanceof AppError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    'not-found',
    `The vocabulary at ${place} cannot be read: ${reason}. Check the address and the connection, or read an .ecv file instead.`,
    { details: { file: place }, cause },
  )
}
