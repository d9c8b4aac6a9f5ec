/**
 * Annotations of Pearmut, a JSON object a line: who, the items as they were shown, and for each item what was said of
 * each model. Its error spans end with the last character that belongs to them; ours end before the next.
 */
import {
  ERROR_CATEGORIES,
  type ErrorMark,
  PROTOCOLS,
  type RatingProtocol,
  SEVERITIES,
} from '#shared/domain/rating-protocols.ts'
import { z } from 'zod'
import { categoryNamed, nameOfCategory } from './category-names.ts'
import {
  counted,
  type JudgementRow,
  marksIn,
  type RatingFile,
  type RatingsToWrite,
  type WrittenRatings,
} from './judgement-row.ts'

const SECOND = 1000

const Span = z.object({
  start_i: z.number(),
  end_i: z.number(),
  severity: z.string().nullable().optional(),
  category: z.string().nullable().optional(),
  comment: z.string().optional(),
})
const Said = z.object({ score: z.number().nullable().optional(), error_spans: z.array(Span).optional() })
const Shown = z.object({ item_id: z.string().optional(), tgt: z.record(z.string(), z.string()) })
const Line = z.object({
  user_id: z.string(),
  annotation: z.array(z.record(z.string(), Said)),
  item: z.array(Shown),
  actions: z.array(z.object({ time: z.number() })).optional(),
})
type Line = z.infer<typeof Line>

export function writePearmut({ protocol, rows }: RatingsToWrite): WrittenRatings {
  const missing = rows.flatMap(({ marks }) => marks.filter(mark => mark.isMissing)).length
  const losses: string[] = []
  if (missing > 0)
    losses.push(
      `${counted(missing, 'mark')} of missing content: written behind the end of the text, as [missing].`,
    )
  if (PROTOCOLS[protocol].kind === 'choice')
    losses.push('Which outputs stood beside each other: only the value of each is written.')
  if (rows.some(({ kind }) => kind !== 'judge'))
    losses.push('Which judgements repeat another or check the rater: they stand as items of their own names.')
  return { text: rows.map(row => `${JSON.stringify(lineOf(row))}\n`).join(''), losses }
}

function lineOf({
  system,
  segments,
  text,
  annotator,
  value,
  marks,
  startedAt,
  finishedAt,
  kind,
  place,
}: JudgementRow) {
  const segment = segments[0] ?? ''
  return {
    annotation: [{ [system]: { score: value, error_spans: marks.map(mark => spanOf(mark, text ?? '')) } }],
    actions: [
      { time: startedAt / SECOND, action: 'load' },
      { time: finishedAt / SECOND, action: 'submit' },
    ],
    item: [
      {
        item_id: kind === 'judge' ? segment : `${segment} (${kind} ${place.line})`,
        tgt: { [system]: text ?? '' },
      },
    ],
    user_id: annotator,
    item_i: place.line,
  }
}

function spanOf({ startCp, endCp, isMissing, severity, category, comment }: ErrorMark, text: string) {
  const length = [...text].length
  const last = length + '[missing]'.length - 1
  return {
    start_i: isMissing ? length : startCp,
    end_i: isMissing ? last : Math.max(startCp, endCp - 1),
    category: category === null ? null : nameOfCategory(category),
    severity,
    // A field of ours, which Pearmut passes over.
    ...(comment && { comment }),
  }
}

export function readPearmut(text: string): RatingFile {
  const found: RatingFile = { protocol: 'da', rows: [], skipped: [], losses: [] }
  text.split(/\r?\n/).forEach((line, at) => {
    if (line.trim() === '') return
    const read = Line.safeParse(parsed(line))
    if (read.success) found.rows.push(...rowsOf(read.data, at + 1))
    else
      found.skipped.push({
        line: at + 1,
        reason: 'The line is no annotation of Pearmut with the items that it is about.',
      })
  })
  const marks = found.rows.flatMap(row => row.marks)
  if (marks.some(({ category }) => category !== null)) {
    found.protocol = 'mqm'
    const scores = found.rows.filter(({ value }) => value !== null).length
    if (scores > 0) found.losses.push(`${counted(scores, 'score')}: in MQM, the errors are the judgement.`)
    found.rows = found.rows.map(row => ({ ...row, value: null }))
  } else if (marksIn(found.rows) > 0) found.protocol = 'esa'
  return found
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function rowsOf({ user_id: annotator, annotation, item, actions = [] }: Line, line: number): JudgementRow[] {
  const times = actions.map(({ time }) => Math.round(time * SECOND))
  return annotation.flatMap((said, at) =>
    Object.entries(said).map(([system, { score = null, error_spans: spans = [] }]) => {
      const shown = item[at]
      const text = shown?.tgt[system] ?? ''
      return {
        system,
        segments: [shown?.item_id ?? ''],
        text,
        annotator,
        value: score,
        marks: spans.map(span => markOf(span, [...text].length)),
        startedAt: times[0] ?? 0,
        finishedAt: times.at(-1) ?? 0,
        kind: 'judge' as const,
        place: { line },
      }
    }),
  )
}

function markOf(
  { start_i: start, end_i: end, severity, category, comment = '' }: z.infer<typeof Span>,
  length: number,
): ErrorMark {
  const isMissing = start >= length
  const known = SEVERITIES.find(each => each === severity?.toLowerCase())
  return {
    startCp: Math.min(length, Math.max(0, start)),
    endCp: Math.min(length, end + 1),
    isMissing,
    severity: known ?? (severity?.toLowerCase() === 'critical' ? 'major' : 'minor'),
    category: category ? (categoryNamed(category) ?? ERROR_CATEGORIES.at(-1)!) : null,
    comment,
  }
}

interface PearmutTask {
  clip: string
  document: string
  video: string
  system: string
  text: string
}

const PEARMUT_PROTOCOLS: Partial<Record<RatingProtocol, string>> = { mqm: 'MQM', esa: 'ESA' }

/** A campaign to be judged in Pearmut: a document per recording, an item per clip, the video as its source. */
export function writePearmutCampaign(
  { name, protocol }: Pick<RatingsToWrite, 'name' | 'protocol'>,
  tasks: readonly PearmutTask[],
  seed: number,
): string {
  const documents = [...Map.groupBy(tasks, ({ document }) => document).values()].map(own =>
    [...Map.groupBy(own, ({ clip }) => clip)].map(([clip, outputs]) => ({
      item_id: clip,
      src: `<video src="${escaped(outputs[0]!.video)}" controls></video>`,
      tgt: Object.fromEntries(outputs.map(({ system, text }) => [system, text])),
    })),
  )
  const info = { assignment: 'single-stream', protocol: PEARMUT_PROTOCOLS[protocol] ?? 'DA', users: 1 }
  return `${JSON.stringify({ campaign_id: name, info, seed, data: documents }, null, 2)}\n`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
