import { firstAfter, firstTouching, type Interval, type Track } from '../document/track.ts'
import { columnsOf, levelFor } from './density.ts'
import type { PlacedRow } from './rows.ts'
import type { FitText } from './text-fit.ts'
import { colourOf, namedColour, type Theme } from './theme.ts'
import { endMs, timeToX, type Viewport } from './viewport.ts'

/** What a row of annotations is painted from. */
export interface TierPicture {
  row: PlacedRow
  track: Track | undefined
  /** Annotations that are elsewhere now, under the pointer's drag. */
  held: ReadonlySet<number> | null
}

export interface Brush {
  context: CanvasRenderingContext2D
  view: Viewport
  /** Of the canvas in the rows' coordinates. */
  scrollTop: number
  theme: Theme
  fit: FitText
}

/** Below this mean distance in pixels, annotations are one picture and not many. */
const CROWDED_PX = 6

/** Paints one tier: single annotations where there is room for them, else how full each pixel column is. */
export function paintTier(brush: Brush, picture: TierPicture): void {
  const { track } = picture
  if (!track || track.length === 0) return
  const { view } = brush
  const count = firstAfter(track, endMs(view)) - firstTouching(track, view.startMs)
  const level = count * CROWDED_PX > view.widthPx ? levelFor(track, view.msPerPx) : null
  if (level) {
    const columns = new Float32Array(Math.ceil(view.widthPx))
    columnsOf(level, view.startMs, view.msPerPx, columns)
    paintColumns(brush, picture.row, columns)
  } else paintBars(brush, picture, track)
}

const SHADES = 8
const DARKEST = 0.75

/** Columns of one shade are one rectangle. */
function paintColumns({ context, theme, scrollTop }: Brush, row: PlacedRow, columns: Float32Array): void {
  const [top, height] = [barTop(row, scrollTop), barHeight(row)]
  context.fillStyle = colourOf(theme, row)
  let from = 0
  let shade = 0
  for (let x = 0; x <= columns.length; x += 1) {
    const next = Math.ceil((columns[x] ?? 0) * SHADES)
    if (x < columns.length && next === shade) continue
    if (shade > 0) {
      context.globalAlpha = (shade / SHADES) * DARKEST
      context.fillRect(from, top, x - from, height)
    }
    from = x
    shade = next
  }
  context.globalAlpha = 1
}

/** Positions in the track of what is seen one by one: what would share its pixels with an earlier one is skipped. */
function shownPositions(track: Track, view: Viewport, held: ReadonlySet<number> | null): number[] {
  const shown: number[] = []
  const last = firstAfter(track, endMs(view))
  let at = firstTouching(track, view.startMs)
  while (at < last) {
    const end = track.ends[at] ?? 0
    if (end >= view.startMs && !held?.has(track.ids[at] ?? 0)) shown.push(at)
    const pixelEnd = view.startMs + Math.ceil(timeToX(view, end)) * view.msPerPx
    at = Math.max(at + 1, end < pixelEnd - 1 ? firstTouching(track, pixelEnd, at + 1) : at + 1)
  }
  return shown
}

const PLAIN_ALPHA = 0.19
const SLIVER_ALPHA = 0.6
const SLIVER_PX = 4
const ROUND_FROM_PX = 10

function paintBars(brush: Brush, { row, held }: TierPicture, track: Track): void {
  const { context, view, theme } = brush
  const boxes = shownPositions(track, view, held).map(at => ({
    value: track.values[at] ?? '',
    top: barTop(row, brush.scrollTop),
    height: barHeight(row),
    ...boxOf(view, track.starts[at] ?? 0, track.ends[at] ?? 0),
  }))
  if (row.colours) for (const [colour, some] of byColour(boxes, brush, row)) paintBoxes(context, some, colour)
  else paintBoxes(context, boxes, colourOf(theme, row))
  context.fillStyle = theme.text
  for (const { value, left, width, top, height } of boxes)
    paintLabel(brush, value, { left, right: left + width, middle: top + height / 2 })
}

function byColour<Shown extends { value: string }>(
  boxes: readonly Shown[],
  { theme }: Brush,
  row: PlacedRow,
) {
  const own = colourOf(theme, row)
  return Map.groupBy(boxes, box => namedColour(theme, row.colours?.get(box.value)) ?? own)
}

/** All of one colour in three passes: changing what the canvas paints with costs as much as painting. */
function paintBoxes(context: CanvasRenderingContext2D, boxes: readonly Box[], colour: string): void {
  context.fillStyle = context.strokeStyle = colour
  context.lineWidth = 1
  context.globalAlpha = SLIVER_ALPHA
  for (const { left, top, width, height } of boxes)
    if (width < SLIVER_PX) context.fillRect(left, top, width, height)
  context.globalAlpha = PLAIN_ALPHA
  for (const box of boxes) if (box.width >= SLIVER_PX) fillBox(context, box)
  context.globalAlpha = 1
  for (const box of boxes) if (box.width >= SLIVER_PX) strokeBox(context, box)
}

interface Box {
  left: number
  top: number
  width: number
  height: number
}

function boxOf(view: Viewport, startMs: number, end: number): { left: number; width: number } {
  const left = Math.max(-8, timeToX(view, startMs))
  const right = Math.min(view.widthPx + 8, timeToX(view, end))
  return { left, width: Math.max(1, right - left - 1) }
}

function barTop(row: PlacedRow, scrollTop: number): number {
  return row.y - scrollTop + Math.min(6, row.height / 6)
}

function barHeight(row: PlacedRow): number {
  return row.height - 2 * Math.min(6, row.height / 6) - 1
}

/** Rounded corners cost five times a rectangle; where they would not be seen, there are none. */
function fillBox(context: CanvasRenderingContext2D, { left, top, width, height }: Box): void {
  if (width < ROUND_FROM_PX) return context.fillRect(left, top, width, height)
  context.beginPath()
  context.roundRect(left + 0.5, top + 0.5, width, height, 4)
  context.fill()
}

function strokeBox(context: CanvasRenderingContext2D, { left, top, width, height }: Box): void {
  if (width < ROUND_FROM_PX) return context.strokeRect(left + 0.5, top + 0.5, width, height)
  context.beginPath()
  context.roundRect(left + 0.5, top + 0.5, width, height, 4)
  context.stroke()
}

const PADDING_PX = 6
/** Half a sign more in boxes that are about as wide as a gloss. */
const TIGHT_PADDING_PX = 3
const TIGHT_BELOW_PX = 80
const NARROWEST_TEXT_PX = 14

function paintLabel(
  { context, fit }: Brush,
  value: string,
  place: { left: number; right: number; middle: number },
): void {
  const left = Math.max(0, place.left)
  const padding = place.right - left < TIGHT_BELOW_PX ? TIGHT_PADDING_PX : PADDING_PX
  const room = place.right - left - 2 * padding
  if (room < NARROWEST_TEXT_PX || value === '') return
  const text = fit(value, room)
  if (text !== '') context.fillText(text, left + padding, place.middle + 1)
}

export type MarkKind = 'hovered' | 'chosen' | 'picked'

const MARK_ALPHA: Record<MarkKind, number> = { hovered: 0.1, chosen: 0.25, picked: 0.3 }

/** Paints what the pointer or a key has marked over what is there. */
export function paintMark(brush: Brush, row: PlacedRow, span: Interval, kind: MarkKind): void {
  const { context, view, theme, scrollTop } = brush
  const box = {
    ...boxOf(view, span.startMs, span.endMs),
    top: barTop(row, scrollTop),
    height: barHeight(row),
  }
  context.fillStyle = context.strokeStyle = colourOf(theme, row)
  context.globalAlpha = MARK_ALPHA[kind]
  fillBox(context, box)
  context.globalAlpha = 1
  context.lineWidth = kind === 'hovered' ? 1 : 2
  strokeBox(context, box)
}

/** Paints an annotation that is being moved or made. */
export function paintMoving(brush: Brush, row: PlacedRow, span: Interval, value: string): void {
  paintMark(brush, row, span, 'picked')
  const { left, width } = boxOf(brush.view, span.startMs, span.endMs)
  const middle = barTop(row, brush.scrollTop) + barHeight(row) / 2
  brush.context.fillStyle = brush.theme.text
  paintLabel(brush, value, { left, right: left + width, middle })
}
