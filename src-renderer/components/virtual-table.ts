export interface TableColumn {
  id: string
  title: string
  /** A CSS grid track: `80px`, `minmax(200px, 1fr)`. */
  width: string
  align?: 'start' | 'end'
  isSortable?: boolean
}

export interface TableSort {
  columnId: string
  isDescending: boolean
}

/** Where a navigation key leads from row `index`; undefined for any other key. */
export function moveIndex(key: string, index: number, total: number, page: number): number | undefined {
  if (total === 0) return undefined
  const steps: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: total - 1,
  }
  const target = steps[key]
  return target === undefined ? undefined : Math.min(total - 1, Math.max(0, target))
}
