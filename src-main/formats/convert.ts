import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationDocument } from './annotation-document.ts'
import { planAnnotationJson, readAnnotationJson } from './annotation-json.ts'
import { loss, type Loss } from './annotation-losses.ts'
import { planAnnotationTable, readAnnotationTable } from './annotation-table.ts'
import { writeAtomically } from './atomic-file.ts'
import { planChat } from './chat/chat-from-document.ts'
import { readChat } from './chat/chat-reader.ts'
import { readChatDocument } from './chat/chat-to-document.ts'
import type { Defect } from './defect.ts'
import { eafDefects } from './eaf/eaf-defects.ts'
import { readEaf, writeEaf } from './eaf/eaf-document.ts'
import { planEaf } from './eaf/eaf-from-document.ts'
import { eafToDocument } from './eaf/eaf-to-document.ts'
import { bytesOfFile } from './file-bytes.ts'
import { planFlex } from './flex/flex-from-document.ts'
import { readFlex } from './flex/flex-reader.ts'
import { readFlexDocument } from './flex/flex-to-document.ts'
import { planSubtitles, subtitlesToDocument } from './subtitles/subtitle-conversion.ts'
import { readSrt, readVtt } from './subtitles/subtitle-reader.ts'
import { writeSubtitles } from './subtitles/subtitle-writer.ts'
import { planTextGrid, textGridToDocument } from './textgrid/textgrid-conversion.ts'
import { readTextGrid } from './textgrid/textgrid.ts'
import { writeTextGrid } from './textgrid/textgrid-writer.ts'

export interface ReadAnnotations {
  document: AnnotationDocument
  defects: Defect[]
  /** The file in its own format with everything it holds. */
  rewrite: () => Uint8Array
}

export interface WritePlan {
  losses: Loss[]
  write: () => Uint8Array
}

interface AnnotationFormat {
  name: string
  read: (bytes: Uint8Array, file: string) => ReadAnnotations
  plan: ((document: AnnotationDocument) => WritePlan) | null
}

const eaf = (name: string, plan: AnnotationFormat['plan']): AnnotationFormat => ({
  name,
  read(bytes, file) {
    const document = readEaf(bytes, file)
    const defects = eafDefects(document).map(({ code, line, message, repair }) => ({
      code,
      line,
      message,
      repair,
    }))
    return { document: eafToDocument(document), defects, rewrite: () => writeEaf(document) }
  },
  plan,
})

const subtitles = (format: 'srt' | 'vtt', name: string): AnnotationFormat => ({
  name,
  read(bytes, file) {
    const read = format === 'srt' ? readSrt(bytes, file) : readVtt(bytes, file)
    return { document: subtitlesToDocument(read), defects: read.defects, rewrite: () => writeSubtitles(read) }
  },
  plan: document => planSubtitles(document, format),
})

const table = (delimiter: ',' | '\t', name: string): AnnotationFormat => ({
  name,
  read(bytes, file) {
    const read = readAnnotationTable(bytes, file, delimiter)
    return { ...read, rewrite: () => bytes }
  },
  plan: document => planAnnotationTable(document, delimiter),
})

/** By extension, in lower case. */
const FORMATS: Record<string, AnnotationFormat> = {
  '.eaf': eaf('ELAN annotations', document => planEaf(document)),
  '.etf': eaf('ELAN template', null),
  '.srt': subtitles('srt', 'SubRip subtitles'),
  '.vtt': subtitles('vtt', 'WebVTT subtitles'),
  '.textgrid': {
    name: 'Praat TextGrid',
    read(bytes, file) {
      const grid = readTextGrid(bytes, file)
      return { document: textGridToDocument(grid), defects: grid.defects, rewrite: () => writeTextGrid(grid) }
    },
    plan: planTextGrid,
  },
  '.cha': {
    name: 'CHAT transcript',
    read(bytes, file) {
      const chat = readChat(bytes, file)
      return { document: readChatDocument(chat), defects: chat.defects, rewrite: () => bytes }
    },
    plan: planChat,
  },
  '.flextext': {
    name: 'FLEx interlinear text',
    read(bytes, file) {
      const flex = readFlex(bytes, file)
      return { document: readFlexDocument(flex), defects: flex.defects, rewrite: () => bytes }
    },
    plan: planFlex,
  },
  '.tsv': table('\t', 'table with tabs'),
  '.csv': table(',', 'table with commas'),
  '.json': {
    name: 'Signwright annotations',
    read: (bytes, file) => ({ document: readAnnotationJson(bytes, file), defects: [], rewrite: () => bytes }),
    plan: planAnnotationJson,
  },
}

export const ANNOTATION_EXTENSIONS = Object.keys(FORMATS)

function formatOf(path: string): AnnotationFormat {
  const format = FORMATS[extname(path).toLowerCase()]
  if (format) return format
  throw new AppError(
    'invalid-input',
    `${path}: annotations are read and written as ${ANNOTATION_EXTENSIONS.join(', ')}. Give the file one of these endings.`,
    { details: { file: path } },
  )
}

/** Reads any of the formats, told by its ending. */
export function readAnnotations(bytes: Uint8Array, file: string): ReadAnnotations {
  return formatOf(file).read(bytes, file)
}

/** Reads a file as one format, whatever its name ends in. */
export function readAnnotationsAs(format: string, bytes: Uint8Array, file: string): ReadAnnotations {
  return formatOf(`as.${format}`).read(bytes, file)
}

export function planAnnotationsAs(format: string, document: AnnotationDocument): WritePlan {
  const { plan, name } = formatOf(`as.${format}`)
  if (plan) return plan(document)
  throw new AppError('invalid-input', `A ${name} is only read. Write an .eaf file instead.`)
}

/** What writing to `outPath` would lose, and the way to do it. In its own format a file is only copied in full. */
export function planAnnotations(read: ReadAnnotations, inPath: string, outPath: string): WritePlan {
  const to = formatOf(outPath)
  if (FORMATS[extname(inPath).toLowerCase()] === to) return { losses: rowsLeftOut(read), write: read.rewrite }
  if (!to.plan)
    throw new AppError(
      'invalid-input',
      `${outPath}: a ${to.name} is only read. Write an .eaf file instead.`,
      { details: { file: outPath } },
    )
  return to.plan(read.document)
}

/** A TextGrid with something behind its last tier is the one case where a rewrite is not complete. */
function rowsLeftOut({ defects }: ReadAnnotations): Loss[] {
  return defects.some(({ code }) => code === 'more-at-the-end')
    ? [loss('more-at-the-end', 1, 'piece of text behind the last tier is left out', '')]
    : []
}

export interface ConvertOptions {
  /** Replace a file that is there. */
  overwrite?: boolean
  /** Hears of the losses before anything is written. */
  onLosses?: (losses: Loss[]) => void
}

/** Reads one annotation file and writes another, each in the format of its ending. */
export async function convertAnnotations(
  inPath: string,
  outPath: string,
  { overwrite = false, onLosses }: ConvertOptions = {},
): Promise<{ losses: Loss[]; defects: Defect[] }> {
  if (resolve(inPath) === resolve(outPath))
    throw new AppError('invalid-input', `${outPath} is the file to read. Give the result another name.`, {
      details: { file: outPath },
    })
  formatOf(outPath)
  const read = readAnnotations(await bytesOfFile(inPath), inPath)
  const { losses, write } = planAnnotations(read, inPath, outPath)
  onLosses?.(losses)
  if (existsSync(outPath) && !overwrite)
    throw new AppError(
      'conflict',
      `${outPath} is there already. Use --yes to replace it, or give another name.`,
      { details: { file: outPath } },
    )
  const bytes = write()
  await writeAtomically(outPath, temporary => writeFile(temporary, bytes))
  return { losses, defects: read.defects }
}
