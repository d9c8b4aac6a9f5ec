import type { InstanceChoice } from '#shared/contract/density.ts'
import type { ClipId, RecordingId } from '#shared/contract/ids.ts'

/** A stretch of a clip that has a gloss, on the recording's time line. */
export interface GlossSpan {
  gloss: string
  startMs: number
  endMs: number
}

/** A clip with its spans and the middles of its feature rows. */
export interface GlossedClip {
  clipId: ClipId
  clip: string
  recordingId: RecordingId
  /** Its `.npy` file of the stream. */
  path: string
  spans: readonly GlossSpan[]
  /** [rows], rising. */
  centres: Float64Array
}

/** One instance of a gloss: rows of a clip's features that are averaged. */
export interface Instance {
  /** Position in the list of clips. */
  clip: number
  firstRow: number
  lastRow: number
  startMs: number
  endMs: number
}

export interface InstancePlan {
  /** In the order of their names. */
  glosses: { gloss: string; instances: Instance[] }[]
  tooShort: number
  tooFew: { gloss: string; instances: number }[]
  beyondMost: number
}

/** Which rows are instances of which gloss. */
export function planInstances(
  clips: readonly GlossedClip[],
  choice: { instances: InstanceChoice; least: number; most: number },
): InstancePlan {
  const found = new Map<string, Instance[]>()
  let tooShort = 0
  for (const [clip, { spans, centres }] of clips.entries())
    for (const span of spans) {
      const rows = rowsWithin(centres, span)
      if (!rows) {
        tooShort += 1
        continue
      }
      const list = found.get(span.gloss) ?? []
      found.set(span.gloss, list)
      const { startMs, endMs } = span
      for (const [firstRow, lastRow] of instanceRows(rows, span, centres, choice.instances))
        list.push({ clip, firstRow, lastRow, startMs, endMs })
    }
  const all = [...found].sort(([a], [b]) => (a < b ? -1 : 1))
  const enough = all.filter(([, instances]) => instances.length >= choice.least)
  const glosses = enough.map(([gloss, instances]) => ({ gloss, instances: evenly(instances, choice.most) }))
  return {
    glosses,
    tooShort,
    tooFew: all
      .filter(([, instances]) => instances.length < choice.least)
      .map(([gloss, instances]) => ({ gloss, instances: instances.length })),
    beyondMost: enough.reduce((sum, [, { length }]) => sum + Math.max(0, length - choice.most), 0),
  }
}

/** First and last row whose middle lies in the span: from its start up to, but not at, its end. */
function rowsWithin(centres: Float64Array, { startMs, endMs }: GlossSpan): [number, number] | null {
  const first = centres.findIndex(centre => centre >= startMs)
  if (first === -1 || (centres[first] ?? Infinity) >= endMs) return null
  let last = first
  while ((centres[last + 1] ?? Infinity) < endMs) last += 1
  return [first, last]
}

function instanceRows(
  [first, last]: [number, number],
  { startMs, endMs }: GlossSpan,
  centres: Float64Array,
  choice: InstanceChoice,
): [number, number][] {
  if (choice === 'mean') return [[first, last]]
  const rows = Array.from({ length: last - first + 1 }, (_, at) => first + at)
  if (choice === 'every') return rows.map(row => [row, row])
  const middle = (startMs + endMs) / 2
  const away = (row: number) => Math.abs((centres[row] ?? Infinity) - middle)
  const nearest = rows.reduce((best, row) => (away(row) < away(best) ? row : best))
  return [[nearest, nearest]]
}

/** So many of a list, from its beginning to its end. */
export function evenly<Item>(list: readonly Item[], most: number): Item[] {
  if (list.length <= most) return [...list]
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)] as Item)
}
