import type { Interval, Track } from '../document/track.ts'
import {
  type Brush,
  type MarkKind,
  paintMark,
  paintMoving,
  paintTier,
  type TierPicture,
} from './paint-tier.ts'
import type { PlacedRow } from './rows.ts'
import { timeToX, type Viewport } from './viewport.ts'

/** What changes with edits and with the view: painted row by row, and only the rows that changed. */
export interface Scene {
  view: Viewport
  /** The rows on screen. */
  rows: readonly PlacedRow[]
  scrollTop: number
  /** What lies outside recedes; null where there is nothing to stress. */
  clip: Interval | null
  tracks: ReadonlyMap<number, Track>
  /** Annotations under the pointer's drag, by tier: the marks show them at their new place. */
  held: ReadonlyMap<number, ReadonlySet<number>> | null
}

/** What changes with every move of the pointer: painted above the scene, so that the scene may stay. */
export interface Marks {
  spans: readonly { rowId: number; span: Interval; kind: MarkKind }[]
  moving: readonly { tierId: number; span: Interval; value: string }[]
  /** Pixels of the canvas. */
  band: { left: number; top: number; width: number; height: number } | null
  /** The time at which what is dragged meets another edge or the playhead. */
  guideMs: number | null
}

function brushOf(
  context: CanvasRenderingContext2D,
  { view, scrollTop }: Pick<Scene, 'view' | 'scrollTop'>,
  style: Pick<Brush, 'theme' | 'fit'>,
): Brush {
  context.font = `12px ${style.theme.font}`
  context.textBaseline = 'middle'
  return { context, view, scrollTop, ...style }
}

interface Painted {
  frame: readonly unknown[]
  rows: Map<PlacedRow, TierPicture>
}

/**
 * Paints scenes one after the other on one canvas. Where view, size and rows are as before, only rows whose
 * annotations changed are painted again.
 */
export function createScenePainter() {
  let painted: Painted | null = null

  return (
    context: CanvasRenderingContext2D,
    scene: Scene,
    style: Pick<Brush, 'theme' | 'fit'>,
    isBlank: boolean,
  ): number => {
    const frame = [
      scene.view,
      scene.scrollTop,
      scene.clip?.startMs,
      scene.clip?.endMs,
      style.theme,
      style.fit,
    ]
    const isSame = !isBlank && painted !== null && frame.every((part, at) => part === painted?.frame[at])
    const before = isSame ? painted?.rows : undefined
    const brush = brushOf(context, scene, style)
    const rows = new Map(scene.rows.map(row => [row, pictureOf(scene, row)]))
    let count = 0
    if (!before) context.clearRect(0, 0, context.canvas.width, context.canvas.height)
    else for (const [row] of before) if (!rows.has(row)) clearRow(brush, row)
    for (const [row, picture] of rows) {
      const known = before?.get(row)
      if (known && known.track === picture.track && known.held === picture.held) continue
      if (before) clearRow(brush, row)
      paintRow(brush, picture, scene.clip)
      count += 1
    }
    painted = { frame, rows }
    return count
  }
}

function pictureOf({ tracks, held }: Scene, row: PlacedRow): TierPicture {
  const hasTrack = row.kind === 'tier' || row.kind === 'sentence'
  return {
    row,
    track: hasTrack ? tracks.get(row.id) : undefined,
    held: (hasTrack && held?.get(row.id)) || null,
  }
}

function clearRow({ context, scrollTop, view }: Brush, row: PlacedRow): void {
  context.clearRect(0, row.y - scrollTop, view.widthPx + 1, row.height)
}

function paintRow(brush: Brush, picture: TierPicture, clip: Interval | null): void {
  const { context, view, theme, scrollTop } = brush
  const { row } = picture
  const top = row.y - scrollTop
  context.fillStyle = theme.line
  context.fillRect(0, top + row.height - 1, view.widthPx, 1)
  paintTier(brush, picture)
  if (clip && row.kind !== 'sentence') paintOutside(brush, row, clip)
}

/** What lies outside the clip recedes: it is there, and it is another sentence's. */
function paintOutside({ context, view, theme, scrollTop }: Brush, row: PlacedRow, clip: Interval): void {
  const top = row.y - scrollTop
  const left = Math.min(view.widthPx, timeToX(view, clip.startMs))
  const right = Math.max(0, timeToX(view, clip.endMs))
  context.globalAlpha = 0.45
  context.fillStyle = theme.bg
  if (left > 0) context.fillRect(0, top, left, row.height - 1)
  if (right < view.widthPx) context.fillRect(right, top, view.widthPx - right, row.height - 1)
  context.globalAlpha = 1
}

export function paintMarks(
  context: CanvasRenderingContext2D,
  scene: Pick<Scene, 'view' | 'scrollTop' | 'rows'>,
  marks: Marks,
  style: Pick<Brush, 'theme' | 'fit'>,
): void {
  const brush = brushOf(context, scene, style)
  const rows = new Map(scene.rows.filter(row => row.id !== 0).map(row => [row.id, row]))
  for (const { rowId, span, kind } of marks.spans) {
    const row = rows.get(rowId)
    if (row) paintMark(brush, row, span, kind)
  }
  for (const { tierId, span, value } of marks.moving) {
    const row = rows.get(tierId)
    if (row) paintMoving(brush, row, span, value)
  }
  context.fillStyle = context.strokeStyle = style.theme.accent
  if (marks.guideMs !== null)
    context.fillRect(Math.round(timeToX(scene.view, marks.guideMs)), 0, 1, context.canvas.height)
  if (!marks.band) return
  const { left, top, width, height } = marks.band
  context.globalAlpha = 0.12
  context.fillRect(left, top, width, height)
  context.globalAlpha = 1
  context.lineWidth = 1
  context.strokeRect(left + 0.5, top + 0.5, width, height)
}
