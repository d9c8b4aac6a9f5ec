import type { Annotation } from '#shared/contract/annotation.ts'
import type { TableSort } from '../../../components/virtual-table.ts'

export interface TableFilter {
  text: string
  tierId: number | null
}

/** What the table shows: filtered by text and tier, in the order of a column; equal ones in the order of time. */
export function arranged(
  items: readonly Annotation[],
  filter: TableFilter,
  sort: TableSort,
  tierName: (tierId: number) => string,
): Annotation[] {
  const words = filter.text.trim().toLowerCase()
  const kept = items.filter(
    item =>
      (filter.tierId === null || item.tierId === filter.tierId) &&
      (words === '' || item.value.toLowerCase().includes(words)),
  )
  const collator = new Intl.Collator(undefined, { numeric: true })
  const by: Record<string, (a: Annotation, b: Annotation) => number> = {
    begin: (a, b) => a.startMs - b.startMs,
    end: (a, b) => a.endMs - b.endMs,
    duration: (a, b) => a.endMs - a.startMs - (b.endMs - b.startMs),
    value: (a, b) => collator.compare(a.value, b.value),
    tier: (a, b) => collator.compare(tierName(a.tierId), tierName(b.tierId)),
  }
  const compare = by[sort.columnId] ?? (() => 0)
  const sign = sort.isDescending ? -1 : 1
  return kept.sort((a, b) => sign * compare(a, b) || a.startMs - b.startMs || a.id - b.id)
}
