import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { Job } from '#shared/contract/job.ts'
import {
  COLUMN_ROLES,
  type ColumnRole,
  IMPORT_FORMATS,
  type ImportPreview,
} from '#shared/contract/transfer.ts'
import { CTC_DECODINGS, PREDICTION_ROLES, REFERENCE_CHOICES } from '#shared/contract/predictions.ts'
import { TASK_TYPES } from '#shared/domain/task-type.ts'
import { TEXT_ENCODINGS, type TextEncoding } from '#shared/domain/text-encodings.ts'
import { ANNOTATION_CHOICES, importAnnotations, isAnnotationImport } from './annotation-commands.ts'
import { importPredictions, isPredictionFormat, PREDICTION_CHOICES } from './import-predictions.ts'
import { corpusCommand, listOf, realNumber, wholeNumber } from './options.ts'
import { counted, EXIT, oneLine, printJson, printTable, tellIssues } from './output.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'

export function addImportCommand(program: Command): void {
  corpusCommand(
    program,
    'import <source>',
    'Read videos and their references, or outputs of other systems, into the corpus',
  )
    .addOption(
      new Option(
        '--format <format>',
        'what the source is; “predictions” and “annotations” find out which file of outputs or of tiers',
      )
        .choices([...IMPORT_FORMATS, ...PREDICTION_CHOICES, ...ANNOTATION_CHOICES])
        .default('auto'),
    )
    .option('--split <split>', 'put all clips into this split')
    .option('--table <file>', 'the table of references')
    .option(
      '--columns <roles>',
      `meaning of each column, comma separated: ${COLUMN_ROLES.join(',')}; of outputs: ${PREDICTION_ROLES.join(',')}`,
      listOf([...COLUMN_ROLES, ...PREDICTION_ROLES]),
    )
    .option('--language <code>', 'language of the references, e.g. de')
    .addOption(
      new Option('--encoding <name>', 'encoding of the table, if it is not UTF-8').choices(TEXT_ENCODINGS),
    )
    .option('--licence <text>', 'licence of the media')
    .option('--preview', 'only say what would be read and what is wrong')
    .option('--run <name>', 'outputs: name of the run')
    .addOption(
      new Option('--task <type>', 'outputs: what the system turns into what')
        .choices(TASK_TYPES)
        .default('S2T'),
    )
    .option('--names <file>', 'outputs: names of the clips, line by line')
    .option('--references <files...>', 'outputs: references, line by line')
    .addOption(
      new Option('--differing <choice>', 'outputs: what happens to references that differ from ours').choices(
        REFERENCE_CHOICES,
      ),
    )
    .addOption(
      new Option('--decoding <kind>', 'labels of steps (ctc): how glosses are read from them').choices(
        CTC_DECODINGS,
      ),
    )
    .option('--beam <n>', 'labels of steps: prefixes that go on; default 10', wholeNumber(1, 1000))
    .option('--vocabulary <file>', 'labels of steps: glosses of a matrix, one a line')
    .option('--stride <frames>', 'labels of steps: frames a step', realNumber(0.01, 1000))
    .option('--make-clips', 'outputs: make clips without video for names that the corpus does not have')
    .option('--repair', 'annotations: mend what can be mended; the original bytes are kept')
    .option('--sentences <tier>', 'annotations: the tier whose annotations become clips')
    .action((source: string, options: { format: string }, command: Command) => {
      const kind = kindOf(source, options.format)
      refuseOptionsOfOthers(kind, command)
      return IMPORTERS[kind](source, options as never)
    })
}

const IMPORTERS = { clips: importSource, outputs: importPredictions, annotations: importAnnotations }
type Kind = keyof typeof IMPORTERS

function kindOf(source: string, format: string): Kind {
  if (isAnnotationImport(source, format)) return 'annotations'
  return isPredictionFormat(format) ? 'outputs' : 'clips'
}

const OWN_OPTIONS: Record<Kind, { names: readonly string[]; remedy: string }> = {
  clips: { names: ['table', 'licence'], remedy: 'videos and tables of sentences: leave it out' },
  outputs: {
    names: 'run task names references differing makeClips decoding beam vocabulary stride'.split(' '),
    remedy: 'outputs of other systems: add --format predictions',
  },
  annotations: { names: ['repair', 'sentences'], remedy: 'annotation files: add --format annotations' },
}

/** Outputs that are read as a table of clips because their format was not named would fill the corpus with clips. */
function refuseOptionsOfOthers(kind: Kind, command: Command): void {
  for (const [owner, { names, remedy }] of Object.entries(OWN_OPTIONS)) {
    const given = names.find(name => command.getOptionValueSource(name) === 'cli')
    if (owner === kind || given === undefined) continue
    const flag = command.options.find(option => option.attributeName() === given)?.long ?? given
    command.error(`error: ${flag} belongs to ${remedy}.`, { exitCode: EXIT.usage })
  }
}

interface ImportOptions extends CommonOptions {
  format: (typeof IMPORT_FORMATS)[number]
  split?: string
  table?: string
  columns?: ColumnRole[]
  language?: string
  encoding?: TextEncoding
  licence?: string
  preview?: boolean
}

async function importSource(source: string, options: ImportOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const request = {
      source: resolve(source),
      format: options.format,
      licence: options.licence ?? '',
      ...(options.split ? { split: options.split } : {}),
      ...(options.table ? { table: resolve(options.table) } : {}),
      ...(options.language ? { language: options.language } : {}),
      ...(options.columns ? { columns: options.columns } : {}),
      ...(options.encoding ? { encoding: options.encoding } : {}),
    }
    const preview = await api.importing.preview(request)
    tellIssues(preview.issues)
    if (options.preview) return printPreview(preview, options)
    const before = await clipsOf(api)
    const job = await follow(await api.importing.start(request))
    for (const line of await furtherProblems(api, job, preview)) process.stderr.write(`${oneLine(line)}\n`)
    const clips = await clipsOf(api)
    // What looked whole may turn out broken once it is read.
    const counts = {
      ...preview.counts,
      new: clips - before,
      broken: preview.counts.broken + preview.counts.new - (clips - before),
    }
    if (options.json) return printJson({ counts, clips, issues: preview.issues, warning: job.warning })
    process.stdout.write(
      `${preview.format}: ${countsOf(counts)}. The corpus holds ${counted(clips, 'clip')}.\n`,
    )
    return undefined
  })
}

function printPreview(preview: ImportPreview, options: CommonOptions): void {
  if (options.json) return printJson(preview)
  process.stdout.write(`${preview.format}: ${countsOf(preview.counts)}. Nothing was imported.\n`)
  printTable(preview.clips.map(({ name, status, split, text, file }) => [name, status, split, text, file]))
}

function countsOf(counts: ImportPreview['counts']): string {
  return `${counts.new} new, ${counts.changed} changed, ${counts.known} known, ${counts.broken} broken`
}

async function clipsOf(api: Api): Promise<number> {
  return (await api.corpus.current())?.clips ?? 0
}

/** What the import found that its preview had not looked into. */
async function furtherProblems(api: Api, job: Job, { issues }: ImportPreview): Promise<string[]> {
  const log = await api.job.log({ jobId: job.id })
  const isTold = (text: string) => issues.some(({ message }) => text.endsWith(message))
  return log
    .toReversed()
    .filter(({ at, level, message }) => at >= (job.startedAt ?? 0) && level !== 'info' && !isTold(message))
    .map(({ level, message }) => `${level}: ${message}`)
}
