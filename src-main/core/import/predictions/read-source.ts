import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { AppError } from '#shared/contract/errors.ts'
import type { PredictionSource } from '#shared/contract/predictions.ts'
import { looksLikeCtc, readCtc } from './read-ctc.ts'
import { readContent } from './read-content.ts'
import { readWmt } from './read-wmt.ts'
import type { ReadPredictions, SourceFile } from './what-was-read.ts'
import { MAX_BYTES, readSourceFile } from './source-file.ts'

/** @throws AppError that names file, line and remedy; nothing is half read */
export async function readPredictions(source: PredictionSource): Promise<ReadPredictions> {
  const path = resolve(source.source)
  const found = await stat(path).catch((error: unknown) => {
    throw new AppError('not-found', `There is no ${path}.`, { cause: error, details: { file: path } })
  })
  if (
    source.format === 'ctc' ||
    (source.format === 'auto' && (await looksLikeCtc(path, found.isDirectory())))
  )
    return readCtc(source, path, found.isDirectory())
  if (found.isDirectory()) return readWmt(await Promise.all((await wmtFiles(path)).map(readSourceFile)))
  const file = await readSourceFile(path)
  if (/\.xml$/i.test(path) || source.format === 'wmt') return readWmt([file])
  const read = readContent(source, { ...file, bytes: unpacked(file) })
  return { ...read, files: [file] }
}

/** The systems, the references and the raters of a shared task, in one folder. */
async function wmtFiles(dir: string): Promise<string[]> {
  const names = (await readdir(dir)).filter(name => /\.xml$/i.test(name) || /scores\.csv$/i.test(name)).sort()
  if (names.some(name => /\.xml$/i.test(name))) return names.map(name => join(dir, name))
  throw new AppError(
    'invalid-input',
    `${dir} is a folder without the XML files of a WMT task. Choose a file with predictions.`,
    { details: { file: dir } },
  )
}

/** Dumps are often packed with gzip under any name. */
function unpacked({ path, bytes }: SourceFile): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new AppError(
      isLarge ? 'unsafe-file' : 'corrupt-file',
      isLarge
        ? `${basename(path)} unpacks to more than ${MAX_BYTES / 1024 / 1024} MB. Choose the file with the sentences.`
        : `${basename(path)} is packed with gzip and damaged. Copy it again from where it came.`,
      { details: { file: path }, cause: error },
    )
  }
}
