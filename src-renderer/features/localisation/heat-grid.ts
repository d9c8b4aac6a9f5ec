import type { Localisation } from '#shared/contract/localisation.ts'
import { timeToX, type Viewport, xToTime } from '../timeline/scene/viewport.ts'

/** Height of a word's row. */
export const ROW_PX = 15

export interface CellPlace {
  cell: number
  column: number
}

export interface CellBox {
  x: number
  y: number
  width: number
  height: number
}

/** The strongest value, which is drawn as the full colour. */
export function peakOf(matrix: readonly (readonly number[])[]): number {
  let peak = 0
  for (const row of matrix) for (const value of row) if (value > peak) peak = value
  return peak
}

export function boxOf({ cell, column }: CellPlace, cells: Localisation['cells'], view: Viewport): CellBox {
  const { startMs = 0, endMs = 0 } = cells[cell] ?? {}
  const x = timeToX(view, startMs)
  return { x, y: column * ROW_PX, width: Math.max(1, timeToX(view, endMs) - x), height: ROW_PX }
}

/** Which cell lies under a point of the grid. */
export function cellAt(
  point: { x: number; y: number },
  { cells, glosses }: Pick<Localisation, 'cells' | 'glosses'>,
  view: Viewport,
): CellPlace | null {
  const timeMs = xToTime(view, point.x)
  const cell = cells.findIndex(({ startMs, endMs }) => timeMs >= startMs && timeMs < endMs)
  const column = Math.floor(point.y / ROW_PX)
  return cell < 0 || column < 0 || column >= glosses.length ? null : { cell, column }
}

const STEPS: Record<string, CellPlace> = {
  ArrowLeft: { cell: -1, column: 0 },
  ArrowRight: { cell: 1, column: 0 },
  ArrowUp: { cell: 0, column: -1 },
  ArrowDown: { cell: 0, column: 1 },
}

/** Where a key leads; null for a key that leads nowhere. */
export function stepTo(
  key: string,
  from: CellPlace,
  size: { cells: number; columns: number },
): CellPlace | null {
  if (key === 'Home') return { ...from, cell: 0 }
  if (key === 'End') return { ...from, cell: size.cells - 1 }
  const step = STEPS[key]
  if (!step) return null
  const inside = (value: number, count: number) => Math.max(0, Math.min(count - 1, value))
  return {
    cell: inside(from.cell + step.cell, size.cells),
    column: inside(from.column + step.column, size.columns),
  }
}
