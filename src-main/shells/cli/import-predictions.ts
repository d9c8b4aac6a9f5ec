import { resolve } from 'node:path'
import {
  type CtcDecoding,
  PREDICTION_FORMATS,
  type PredictionPreview,
  type PredictionRole,
  type ReferenceChoice,
} from '#shared/contract/predictions.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { counted, oneLine, printJson, printTable, tellIssues } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

/** Formats of `import` that bring outputs of systems, not clips: `predictions` finds out which file it is. */
export const PREDICTION_CHOICES = [
  'predictions',
  ...PREDICTION_FORMATS.filter(format => format !== 'auto'),
] as const
type PredictionChoice = (typeof PREDICTION_CHOICES)[number]

export interface PredictionOptions extends CommonOptions {
  format: PredictionChoice
  run?: string
  task?: TaskType
  names?: string
  references?: string[]
  columns?: PredictionRole[]
  split?: string
  language?: string
  encoding?: TextEncoding
  differing?: ReferenceChoice
  makeClips?: boolean
  decoding?: CtcDecoding['decoding']
  beam?: number
  vocabulary?: string
  stride?: number
  preview?: boolean
}

export function isPredictionFormat(format: string): format is PredictionChoice {
  return (PREDICTION_CHOICES as readonly string[]).includes(format)
}

/** `signwright import FILE --format predictions`: outputs of any system become a run. */
export async function importPredictions(source: string, options: PredictionOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const request = {
      source: resolve(source),
      format: options.format === 'predictions' ? ('auto' as const) : options.format,
      references: (options.references ?? []).map(file => resolve(file)),
      referenceChoice: options.differing ?? 'keep',
      makeClips: options.makeClips ?? false,
      ctc: {
        decoding: options.decoding ?? 'beam',
        beams: options.beam ?? 10,
        ...(options.vocabulary ? { vocabulary: resolve(options.vocabulary) } : {}),
        ...(options.stride ? { stride: options.stride } : {}),
      },
      ...(options.run ? { run: options.run } : {}),
      ...(options.task ? { task: options.task } : {}),
      ...(options.names ? { names: resolve(options.names) } : {}),
      ...(options.columns ? { columns: options.columns } : {}),
      ...(options.split ? { split: options.split } : {}),
      ...(options.language ? { language: options.language } : {}),
      ...(options.encoding ? { encoding: options.encoding } : {}),
    }
    const preview = await api.importing.previewPredictions(request)
    tellIssues(preview.issues)
    tellDifferences(preview)
    if (!options.preview) await follow(await api.importing.startPredictions(request))
    if (options.json) return printJson(preview)
    for (const line of summaryOf(preview)) process.stdout.write(`${oneLine(line)}\n`)
    if (options.preview) {
      process.stdout.write('Nothing was imported.\n')
      printTable(
        preview.rows.map(({ line, clip, name, status, text, reason }) => [
          String(line ?? ''),
          clip ?? name,
          status,
          text,
          reason ?? '',
        ]),
      )
    }
    return undefined
  })
}

function summaryOf({ counts, systems, ratings, references, newClips, missing }: PredictionPreview): string[] {
  const lines = systems.map(({ name, run, clips, missing: absent }) => {
    const named = name === run ? run : `${name} as ${run}`
    return `${named}: ${counted(clips, 'clip')}${absent > 0 ? `, ${absent} missing` : ''}.`
  })
  lines.push(`${counts.imported} rows imported, ${counts.repaired} repaired, ${counts.skipped} left out.`)
  if (newClips > 0) lines.push(`${counted(newClips, 'clip')} without video made.`)
  const { same, formOnly, different, filled } = references
  if (same + formOnly + different + filled > 0)
    lines.push(
      `References: ${same} the same, ${formOnly} in another form, ${different} different, ${filled} for clips without one.`,
    )
  if (ratings.segments > 0)
    lines.push(
      `Ratings of ${ratings.annotators.join(', ')}: ${ratings.segments} of outputs, ${ratings.repeats} repeated, ${ratings.documents} of documents.`,
    )
  if (missing.count > 0)
    lines.push(
      `No system says anything about ${counted(missing.count, 'clip')}: ${missing.names.slice(0, 5).join(', ')}${missing.count > 5 ? ' …' : ''}`,
    )
  return lines
}

const TOLD_DIFFERENCES = 5

/** Other words in a reference mean another corpus or a shifted file: that is worth seeing before it is scored. */
function tellDifferences({ differences }: PredictionPreview): void {
  for (const { clip, ours, theirs } of differences
    .filter(each => !each.isFormOnly)
    .slice(0, TOLD_DIFFERENCES)) {
    process.stderr.write(`${oneLine(`warning: the reference of ${clip} differs.`)}\n`)
    process.stderr.write(`${oneLine(`  corpus: ${ours}`)}\n${oneLine(`  file:   ${theirs}`)}\n`)
  }
}
