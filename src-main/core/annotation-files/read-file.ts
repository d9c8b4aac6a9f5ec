import type { Stats } from 'node:fs'
import { stat, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import {
  ANNOTATION_FORMATS,
  type AnnotationFormat,
  type FileDefect,
} from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationDocument } from '../../formats/annotation-document.ts'
import { readAnnotationsAs } from '../../formats/convert.ts'
import { type EafDefect, eafDefects } from '../../formats/eaf/eaf-defects.ts'
import { type EafDocument, readEaf, writeEaf } from '../../formats/eaf/eaf-document.ts'
import { repairEaf } from '../../formats/eaf/eaf-repair.ts'
import { resolveTimes } from '../../formats/eaf/eaf-times.ts'
import { eafToDocument } from '../../formats/eaf/eaf-to-document.ts'

export type WantedFormat = AnnotationFormat | 'auto'

export interface ReadFile {
  file: string
  format: AnnotationFormat
  formatVersion: string
  /** As it came in. */
  bytes: Uint8Array
  /** What the rows are made from: the bytes, or what repairs made of them. */
  baseBytes: Uint8Array
  document: AnnotationDocument
  defects: FileDefect[]
}

/** Larger files are no annotations of anything that was filmed. */
const MAX_BYTES = 500_000_000

/**
 * @throws AppError 'corrupt-file' or 'unsafe-file' with line and reason for what cannot be opened at all
 */
export async function readAnnotationFile(
  file: string,
  wanted: WantedFormat,
  { acceptRepairs }: { acceptRepairs: boolean },
): Promise<ReadFile> {
  const format = formatOf(file, wanted)
  const bytes = await bytesOf(file)
  if (format !== 'eaf') {
    const { document, defects } = readAnnotationsAs(format, bytes, file)
    const told = defects.map(defect => ({ ...defect, isMendable: false }))
    return { file, format, formatVersion: '', bytes, baseBytes: bytes, document, defects: told }
  }
  const eaf = readEaf(bytes, file)
  const formatVersion = eaf.xml.root.attributes['FORMAT'] ?? ''
  const facts = { file, format, formatVersion, bytes }
  const spans = resolveTimes(eaf)
  const found = eafDefects(eaf, spans)
  if (!acceptRepairs || found.length === 0) {
    const document = eafToDocument(eaf, spans)
    return { ...facts, baseBytes: bytes, document, defects: mend(eaf, found) }
  }
  const defects = mend(eaf, found)
  const isMended = defects.some(({ isMendable }) => isMendable)
  return { ...facts, baseBytes: isMended ? writeEaf(eaf) : bytes, document: eafToDocument(eaf), defects }
}

/** Mends the file as it is in memory: what is gone then, itself or as the consequence of another, can be mended. */
function mend(eaf: EafDocument, defects: readonly EafDefect[]): FileDefect[] {
  if (defects.length === 0) return []
  const left = Map.groupBy(repairEaf(eaf).left, ({ element }) => element)
  return defects.map(({ code, line, message, repair, element }) => {
    const isLeft = left.get(element)?.some(other => other.code === code) ?? false
    return { code, line, message, repair, isMendable: !isLeft }
  })
}

/**
 * Reads like `readAnnotationFile`, and keeps the last file: what was shown is not parsed again to be taken in, unless
 * it changed on disk or is to be mended.
 */
export function rememberingReader(): typeof readAnnotationFile {
  let last: { key: string; read: ReadFile } | null = null
  return async (file, wanted, options) => {
    const { size, mtimeMs } = await factsOf(file)
    const key = JSON.stringify([file, wanted, size, mtimeMs])
    const isSame = last?.key === key
    if (last && isSame && !(options.acceptRepairs && last.read.defects.some(({ isMendable }) => isMendable)))
      return last.read
    last = null
    const read = await readAnnotationFile(file, wanted, options)
    if (read.bytes === read.baseBytes) last = { key, read }
    return read
  }
}

export function formatOf(file: string, wanted: WantedFormat | undefined): AnnotationFormat {
  if (wanted && wanted !== 'auto') return wanted
  const ending = extname(file).slice(1).toLowerCase()
  const format = ending === 'etf' ? 'eaf' : ANNOTATION_FORMATS.find(known => known === ending)
  if (format) return format
  throw new AppError(
    'invalid-input',
    `${file}: annotations are read and written as ${ANNOTATION_FORMATS.map(known => `.${known}`).join(', ')}. Name the format if the file ends otherwise.`,
    { details: { file } },
  )
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const facts = await factsOf(file)
  if (facts.isDirectory())
    throw new AppError('invalid-input', `${file} is a folder. Name one file.`, { details: { file } })
  if (facts.size > MAX_BYTES)
    throw new AppError('unsafe-file', `${file} is larger than 500 MB. Split it before opening it.`, {
      details: { file },
    })
  return readFile(file)
}

async function factsOf(file: string): Promise<Stats> {
  try {
    return await stat(file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new AppError('not-found', `There is no ${file}.`, { details: { file }, cause })
    throw cause
  }
}
