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
import type { Defect } from '../../formats/defect.ts'
import { eafDefects } from '../../formats/eaf/eaf-defects.ts'
import { type EafDocument, readEaf, writeEaf } from '../../formats/eaf/eaf-document.ts'
import { repairEaf } from '../../formats/eaf/eaf-repair.ts'
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
  const defects = defectsWithRepairs(eaf, bytes, file)
  const isMended = acceptRepairs && defects.some(({ isMendable }) => isMendable)
  if (isMended) repairEaf(eaf)
  const baseBytes = isMended ? writeEaf(eaf) : bytes
  // Repairs may move elements: lines and order are those of what is kept.
  const document = eafToDocument(isMended ? readEaf(baseBytes, file) : eaf)
  const formatVersion = eaf.xml.root.attributes['FORMAT'] ?? ''
  return { file, format, formatVersion, bytes, baseBytes, document, defects }
}

/** Which of the defects a repair would mend is found out by mending a second reading of the file. */
function defectsWithRepairs(eaf: EafDocument, bytes: Uint8Array, file: string): FileDefect[] {
  const defects = eafDefects(eaf)
  if (defects.length === 0) return []
  const key = ({ code, line, message }: Defect) => `${code}\n${line}\n${message}`
  const mended = new Set(repairEaf(readEaf(bytes, file)).repaired.map(key))
  return defects.map(defect => {
    const { code, line, message, repair } = defect
    return { code, line, message, repair, isMendable: mended.has(key(defect)) }
  })
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
  try {
    const facts = await stat(file)
    if (facts.isDirectory())
      throw new AppError('invalid-input', `${file} is a folder. Name one file.`, { details: { file } })
    if (facts.size > MAX_BYTES)
      throw new AppError('unsafe-file', `${file} is larger than 500 MB. Split it before opening it.`, {
        details: { file },
      })
    return await readFile(file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new AppError('not-found', `There is no ${file}.`, { details: { file }, cause })
    throw cause
  }
}
