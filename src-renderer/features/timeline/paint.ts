import type { Annotation } from '#shared/contract/annotation.ts'
import { intervalsBetween, type Interval, type IntervalIndex } from './interval-index.ts'
import { RULER_HEIGHT, type PlacedRow } from './rows.ts'
import { ticks } from './ruler.ts'
import { fitText, type Measure } from './text-fit.ts'
import { endMs, timeToX, type Viewport } from './viewport.ts'

export const THEME_NAMES = [
  'bg',
  'panel',
  'raised',
  'line',
  'line-strong',
  'text',
  'dim',
  'faint',
  'accent',
  'good',
  'warn',
  'violet',
  'bad',
  'font',
] as const
export type Theme = Readonly<Record<(typeof THEME_NAMES)[number], string>>

const HUES = ['good', 'warn', 'accent', 'violet', 'bad'] as const

export function hueOf(theme: Theme, hue: number): string {
  return theme[HUES[hue % HUES.length] ?? 'accent']
}

export function paintRuler(context: CanvasRenderingContext2D, view: Viewport, theme: Theme): void {
  context.font = `11px ${theme.font}`
  context.textBaseline = 'alphabetic'
  context.fillStyle = theme['line-strong']
  const found = ticks(view)
  for (const { x, label } of found) {
    const height = label === null ? 6 : 12
    context.fillRect(Math.round(x), RULER_HEIGHT - height, 1, height)
  }
  context.fillStyle = theme.dim
  for (const { x, label } of found) if (label !== null) context.fillText(label, Math.round(x) + 4, 14)
}

/** Everything that the annotation canvas shows. */
export interface Scene {
  view: Viewport
  /** The rows on screen. */
  rows: readonly PlacedRow[]
  scrollTop: number
  clip: Interval
  indexes: ReadonlyMap<number, IntervalIndex<Annotation>>
  selectedId: number | null
  hoveredId: number | null
  /** The annotation under the pointer's drag, at its new place; drawn instead of the stored one. */
  moving: { tierId: number; id: number | null; span: Interval } | null
}

export function paintScene(
  context: CanvasRenderingContext2D,
  scene: Scene,
  theme: Theme,
  measure: Measure,
): void {
  context.font = `12px ${theme.font}`
  context.textBaseline = 'middle'
  for (const row of scene.rows) {
    const y = row.y - scene.scrollTop
    context.fillStyle = theme.line
    context.fillRect(0, y + row.height - 1, scene.view.widthPx, 1)
    if (row.kind === 'tier' || row.kind === 'sentence') paintTier(context, scene, row, theme, measure)
  }
  paintOutside(context, scene, theme)
}

/** What lies outside the clip recedes: it is there, and it is another sentence's. */
function paintOutside(
  context: CanvasRenderingContext2D,
  { view, clip, rows, scrollTop }: Scene,
  theme: Theme,
): void {
  const last = rows.at(-1)
  if (!last) return
  const height = last.y + last.height - scrollTop
  context.globalAlpha = 0.55
  context.fillStyle = theme.bg
  const left = timeToX(view, clip.startMs)
  const right = timeToX(view, clip.endMs)
  if (left > 0) context.fillRect(0, 0, left, height)
  if (right < view.widthPx) context.fillRect(right, 0, view.widthPx - right, height)
  context.globalAlpha = 1
}

const PADDING_PX = 6
const NARROWEST_TEXT_PX = 14

function paintTier(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: PlacedRow,
  theme: Theme,
  measure: Measure,
): void {
  const { view, moving } = scene
  const hue = hueOf(theme, row.hue)
  const index = scene.indexes.get(row.id)
  let drawnUpTo = Number.NEGATIVE_INFINITY
  for (const item of index ? intervalsBetween(index, view.startMs, endMs(view)) : []) {
    if (moving?.id === item.id) continue
    const right = timeToX(view, item.endMs)
    const isMarked = item.id === scene.selectedId
    // Thousands of annotations in a pixel are one mark: drawing each would cost a frame and show nothing more.
    if (right <= drawnUpTo && !isMarked) continue
    drawnUpTo = Math.max(drawnUpTo, Math.ceil(right))
    const state = isMarked ? 'selected' : item.id === scene.hoveredId ? 'hovered' : 'plain'
    paintSpan(context, { scene, row, item, value: item.value, hue, state }, theme, measure)
  }
  if (moving?.tierId !== row.id) return
  const value = index?.items.find(item => item.id === moving.id)?.value ?? ''
  paintSpan(context, { scene, row, item: moving.span, value, hue, state: 'selected' }, theme, measure)
}

interface Span {
  scene: Scene
  row: PlacedRow
  item: Interval
  value: string
  hue: string
  state: 'plain' | 'hovered' | 'selected'
}

const FILLS = { plain: 0.19, hovered: 0.28, selected: 0.42 } as const

function paintSpan(context: CanvasRenderingContext2D, span: Span, theme: Theme, measure: Measure): void {
  const { scene, row, item, hue, state } = span
  const left = Math.max(-8, timeToX(scene.view, item.startMs))
  const right = Math.min(scene.view.widthPx + 8, timeToX(scene.view, item.endMs))
  const width = Math.max(1, right - left - 1)
  const top = row.y - scene.scrollTop + 6
  const height = row.height - 13
  context.fillStyle = hue
  if (width < 4) {
    context.globalAlpha = state === 'plain' ? 0.6 : 1
    context.fillRect(left, top, width, height)
    context.globalAlpha = 1
    return
  }
  context.beginPath()
  context.roundRect(left + 0.5, top + 0.5, width, height, Math.min(4, width / 2))
  context.globalAlpha = FILLS[state]
  context.fill()
  context.globalAlpha = 1
  context.strokeStyle = hue
  context.lineWidth = state === 'selected' ? 2 : 1
  context.stroke()
  paintLabel(
    context,
    span.value,
    { left: Math.max(0, left), right: left + width, middle: top + height / 2 },
    theme,
    measure,
  )
}

function paintLabel(
  context: CanvasRenderingContext2D,
  value: string,
  place: { left: number; right: number; middle: number },
  theme: Theme,
  measure: Measure,
): void {
  const room = place.right - place.left - 2 * PADDING_PX
  if (room < NARROWEST_TEXT_PX) return
  context.fillStyle = theme.text
  context.fillText(
    fitText(value.replaceAll('\n', ' '), room, measure),
    place.left + PADDING_PX,
    place.middle + 1,
  )
}
