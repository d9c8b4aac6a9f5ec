import { mkdir } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import {
  ANNOTATION_FORMATS,
  type AnnotationFileCheck,
  type AnnotationFilePreview,
  type AnnotationFormat,
} from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type Command, Option } from 'commander'
import { displayNote } from '../../core/annotation-files/display-settings.ts'
import { corpusCommand } from './options.ts'
import { counted, oneLine, printJson, printTable } from './output.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'

/** Formats of `import` that bring tiers: `annotations` goes by the ending. JSON without more said means outputs. */
export const ANNOTATION_CHOICES = [
  'annotations',
  'eaf',
  'srt',
  'vtt',
  'textgrid',
  'cha',
  'flextext',
  'tsv',
] as const
type ImportChoice = (typeof ANNOTATION_CHOICES)[number]

const ENDINGS = new Set(['.eaf', '.etf', '.srt', '.vtt', '.textgrid', '.cha', '.flextext'])

/** Told by the format, or, where that is to be found out, by the ending of the file. */
export function isAnnotationImport(source: string, format: string): boolean {
  return isAnnotationFormat(format) || (format === 'auto' && ENDINGS.has(extname(source).toLowerCase()))
}

function isAnnotationFormat(format: string): format is ImportChoice {
  return ANNOTATION_CHOICES.some(choice => choice === format)
}

export interface AnnotationImportOptions extends CommonOptions {
  format: ImportChoice | 'auto'
  preview?: boolean
  repair?: boolean
  sentences?: string
}

export async function importAnnotations(source: string, options: AnnotationImportOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const format = options.format === 'annotations' ? 'auto' : options.format
    if (options.preview) {
      const one = { file: resolve(source), format }
      const preview = { ...(await api.annotationFile.preview(one)), ...(await api.annotationFile.check(one)) }
      return options.json ? printJson(preview) : printPreview(preview)
    }
    const job = await follow(
      await api.annotationFile.import({
        sources: [resolve(source)],
        format,
        acceptRepairs: options.repair === true,
        media: [],
        ...(options.sentences !== undefined && { sentenceTier: options.sentences }),
      }),
    )
    const log = await api.job.log({ jobId: job.id })
    const lines = log.toReversed().map(({ level, message }) => ({ level, message }))
    if (options.json) return printJson({ log: lines, files: await api.annotationFile.list({}) })
    for (const { level, message } of lines)
      process.stderr.write(`${oneLine(level === 'info' ? message : `${level}: ${message}`)}\n`)
    return undefined
  })
}

function printPreview(preview: AnnotationFilePreview & AnnotationFileCheck): void {
  const { file, defects, defectCount, mendableCount } = preview
  for (const { line, message, repair, isMendable } of defects)
    process.stderr.write(oneLine(`${file}:${line}: ${message} ${isMendable ? repair : ''}`.trimEnd()) + '\n')
  process.stdout.write(
    `${preview.format} ${preview.formatVersion}: ${counted(preview.annotations, 'annotation')} on ${counted(preview.tiers.length, 'tier')}; ${counted(defectCount, 'defect')}, ${mendableCount} of them mendable. Nothing was imported.\n`,
  )
  printTable(
    preview.tiers.map(({ name, typeName, stereotype, parent, annotations, sample }) => [
      name,
      typeName,
      stereotype,
      parent ?? '',
      String(annotations),
      sample,
    ]),
  )
  if (preview.display) process.stdout.write(`${preview.display.problem ?? displayNote(preview.display)}\n`)
  for (const { url, path } of preview.media) process.stdout.write(`${url}\t${path ?? 'not found'}\n`)
}

export function addAnnotationExport(program: Command): void {
  corpusCommand(
    program,
    'export-annotations',
    'Write the tiers of each recording, an EAF onto the one that came in',
  )
    .requiredOption('--out <dir>', 'folder to write')
    .addOption(new Option('--format <format>').choices(ANNOTATION_FORMATS).default('eaf'))
    .option('--recording <name>', 'only this recording')
    .option('--tiers <names...>', 'only these tiers, by name; an EAF also gets the tiers above them')
    .option('--with-sentences', 'clips with their references as a tier')
    .option('--with-hypotheses', 'the best output of each run as a tier')
    .option('--yes', 'replace files that are there')
    .action((options: AnnotationExportOptions) => exportAnnotations(options))
}

interface AnnotationExportOptions extends CommonOptions {
  format: AnnotationFormat
  out: string
  yes?: boolean
  recording?: string
  tiers?: string[]
  withSentences?: boolean
  withHypotheses?: boolean
}

async function tiersNamed(api: Api, recordingId: RecordingId, names: readonly string[]): Promise<TierId[]> {
  const tiers = await api.annotation.tiers({ recordingId })
  return tiers
    .filter(({ name, isSentenceView }) => !isSentenceView && names.includes(name))
    .map(({ id }) => id)
}

async function recordingsNamed(api: Api, name: string | undefined) {
  const all = await api.recording.list()
  const found = name === undefined ? all : all.filter(recording => recording.name === name)
  if (name === undefined || found.length > 0) return found
  throw new AppError('not-found', `There is no recording “${name}”. \`signwright media list\` names them.`)
}

/** One file a recording that is annotated, named after it; what is lost is said before it is written. */
async function exportAnnotations({ format, ...options }: AnnotationExportOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const recordings = await recordingsNamed(api, options.recording)
    await mkdir(resolve(options.out), { recursive: true })
    const written = []
    for (const { id, name } of recordings) {
      const file = join(resolve(options.out), `${name.replaceAll(/[/\\:*?"<>|]/g, '_')}.${format}`)
      const tierIds = options.tiers && (await tiersNamed(api, id, options.tiers))
      if (tierIds?.length === 0) continue
      const request = {
        ...(tierIds && { tierIds }),
        recordingId: id,
        file,
        format,
        withSentences: options.withSentences === true,
        withHypotheses: options.withHypotheses === true,
        overwrite: options.yes === true,
      }
      const { losses, edits } = await api.annotationFile.previewExport(request)
      for (const { sentence } of losses) process.stderr.write(oneLine(`${name}: lost: ${sentence}`) + '\n')
      written.push({ ...(await api.annotationFile.export(request)), edits })
    }
    if (written.length === 0)
      throw new AppError(
        'not-found',
        options.tiers
          ? `No recording has a tier ${options.tiers.map(name => `“${name}”`).join(' or ')}. Nothing was written.`
          : 'The corpus has no recordings yet, so there are no tiers to write. Import something first.',
      )
    if (options.json) return printJson({ files: written })
    printTable(written.map(({ file, bytes, edits }) => [file, `${bytes} bytes`, edits.join(' ')]))
    return undefined
  })
}
