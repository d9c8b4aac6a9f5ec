import { extname } from 'node:path'
import {
  ANNOTATION_FORMATS,
  type AnnotationFormat,
  type FileDefect,
} from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationDocument } from '../../formats/annotation-document.ts'
import { type DocumentOutline, outlineOfDocument } from '../../formats/annotation-outline.ts'
import { readAnnotationsAs } from '../../formats/convert.ts'
import { type EafDefect, eafDefects } from '../../formats/eaf/eaf-defects.ts'
import { type EafDocument, readEaf, writeEaf } from '../../formats/eaf/eaf-document.ts'
import { repairEaf } from '../../formats/eaf/eaf-repair.ts'
import { bytesOfFile, factsOfFile } from '../../formats/file-bytes.ts'
import { resolveTimes } from '../../formats/eaf/eaf-times.ts'
import { eafToDocument, outlineOfEaf } from '../../formats/eaf/eaf-to-document.ts'

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

/** A file as far as it has been read: what takes long about it is worked out when it is asked for, and once. */
export interface OpenedFile extends Pick<ReadFile, 'file' | 'format' | 'formatVersion' | 'bytes'> {
  outline: DocumentOutline
  /** With times for everything, and the defects. */
  read: () => ReadFile
  /** Instead, with everything mended that can be. */
  mended: () => ReadFile
}

/**
 * @throws AppError 'corrupt-file' or 'unsafe-file' with line and reason for what cannot be opened at all
 */
export async function openAnnotationFile(file: string, wanted: WantedFormat): Promise<OpenedFile> {
  const format = formatOf(file, wanted)
  const bytes = await bytesOfFile(file)
  if (format === 'eaf') return openEaf(file, bytes)
  const { document, defects } = readAnnotationsAs(format, bytes, file)
  const told = defects.map(defect => ({ ...defect, isMendable: false }))
  const facts = { file, format, formatVersion: '', bytes }
  const read = () => ({ ...facts, baseBytes: bytes, document, defects: told })
  return { ...facts, outline: outlineOfDocument(document), read, mended: read }
}

function openEaf(file: string, bytes: Uint8Array): OpenedFile {
  const eaf = readEaf(bytes, file)
  const formatVersion = eaf.xml.root.attributes['FORMAT'] ?? ''
  const facts = { file, format: 'eaf', formatVersion, bytes } as const
  let whole: ReadFile | undefined
  function read(): ReadFile {
    if (whole) return whole
    const spans = resolveTimes(eaf)
    const found = eafDefects(eaf, spans)
    const document = eafToDocument(eaf, spans)
    whole = { ...facts, baseBytes: bytes, document, defects: mend(eaf, found) }
    return whole
  }
  function mended(): ReadFile {
    const asItCame = read()
    if (!asItCame.defects.some(({ isMendable }) => isMendable)) return asItCame
    return { ...asItCame, baseBytes: writeEaf(eaf), document: eafToDocument(eaf) }
  }
  return { ...facts, outline: outlineOfEaf(eaf), read, mended }
}

/** A file that is read once, whole. */
export async function readAnnotationFile(
  file: string,
  wanted: WantedFormat,
  { acceptRepairs }: { acceptRepairs: boolean },
): Promise<ReadFile> {
  const opened = await openAnnotationFile(file, wanted)
  return acceptRepairs ? opened.mended() : opened.read()
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

/** Opens files and keeps the last one: what was shown is not parsed again to be taken in, unless it changed on disk. */
export function rememberingOpener(): typeof openAnnotationFile {
  let last: { key: string; opened: OpenedFile } | null = null
  return async (file, wanted) => {
    const { size, mtimeMs } = await factsOfFile(file)
    const key = JSON.stringify([file, wanted, size, mtimeMs])
    if (last?.key === key) return last.opened
    last = null
    const opened = await openAnnotationFile(file, wanted)
    last = { key, opened }
    return opened
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
