import type { TierHeight } from '#shared/contract/annotation.ts'
/** What the timeline stacks below its ruler. */
export type RowKind = 'motion' | 'audio' | 'sentence' | 'tier'

export interface Row {
  kind: RowKind
  /** The tier of a `tier` or `sentence` row; 0 for curves. */
  id: number
  name: string
  /** Position in the palette of tier colours. */
  hue: number
  /** `#rrggbb` of a tier that somebody gave one, instead. */
  colour: string | null
  /** How far below a tier without parent. */
  depth: number
  /** Whether child tiers hang on it, and whether they are folded away. */
  fold: 'none' | 'open' | 'closed'
  /** The field's term for the tier's rule, and its type: for the tip of its head. */
  rule: string
  /** Names of colours for some of its values; null where all have the tier's. */
  colours: ReadonlyMap<string, string> | null
}

export interface PlacedRow extends Row {
  y: number
  height: number
}

export const RULER_HEIGHT = 24

const TIER_HEIGHTS: Record<TierHeight, number> = { low: 24, medium: 30, high: 46 }

const CURVE_HEIGHT = 46

export function placeRows(rows: readonly Row[], tierHeight: TierHeight): PlacedRow[] {
  let y = 0
  return rows.map(row => {
    const isCurve = row.kind === 'motion' || row.kind === 'audio'
    const placed = { ...row, y, height: isCurve ? CURVE_HEIGHT : TIER_HEIGHTS[tierHeight] }
    y += placed.height
    return placed
  })
}

export function totalHeight(rows: readonly PlacedRow[]): number {
  const last = rows.at(-1)
  return last ? last.y + last.height : 0
}

/** Position of the first row that ends below `y`. */
function firstBelow(rows: readonly PlacedRow[], y: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = rows[middle]
    if (row && row.y + row.height > y) high = middle
    else low = middle + 1
  }
  return low
}

export function rowAt(rows: readonly PlacedRow[], y: number): PlacedRow | null {
  return y < 0 ? null : (rows[firstBelow(rows, y)] ?? null)
}

export function rowsBetween(rows: readonly PlacedRow[], fromY: number, toY: number): PlacedRow[] {
  const found: PlacedRow[] = []
  for (let at = firstBelow(rows, fromY); at < rows.length; at += 1) {
    const row = rows[at]
    if (!row || row.y >= toY) break
    found.push(row)
  }
  return found
}
