/** What the timeline stacks below its ruler. */
export type RowKind = 'motion' | 'audio' | 'sentence' | 'tier'

export interface Row<Id = number> {
  kind: RowKind
  /** The tier of a `tier` or `sentence` row; 0 for curves. */
  id: Id
  name: string
  /** Position in the palette of tier colours. */
  hue: number
}

export interface PlacedRow<Id = number> extends Row<Id> {
  y: number
  height: number
}

export const RULER_HEIGHT = 24
const HEIGHTS: Record<RowKind, number> = { motion: 46, audio: 46, sentence: 38, tier: 38 }

export function placeRows<Id>(rows: readonly Row<Id>[]): PlacedRow<Id>[] {
  let y = 0
  return rows.map(row => {
    const placed = { ...row, y, height: HEIGHTS[row.kind] }
    y += placed.height
    return placed
  })
}

export function totalHeight(rows: readonly PlacedRow<unknown>[]): number {
  const last = rows.at(-1)
  return last ? last.y + last.height : 0
}

export function rowAt<Id>(rows: readonly PlacedRow<Id>[], y: number): PlacedRow<Id> | null {
  return rows.find(row => y >= row.y && y < row.y + row.height) ?? null
}

export function rowsBetween<Id>(rows: readonly PlacedRow<Id>[], fromY: number, toY: number): PlacedRow<Id>[] {
  return rows.filter(row => row.y + row.height > fromY && row.y < toY)
}
