import type { Annotation } from '#shared/contract/annotation.ts'
import type { TableSort } from '../../../components/virtual-table.ts'

export interface TableFilter {
  text: string
  tierId: number | null
}

/**
 * Plain text anywhere in the value, in any case; between slashes a regular expression: `/^INDEX-\\d/`. While an
 * expression is not finished, it matches nothing.
 */
export function matcherOf(text: string): (value: string) => boolean {
  const source = /^\/(.+)\/$/.exec(text.trim())?.[1]
  if (source !== undefined) {
    try {
      const pattern = new RegExp(source, 'iu')
      return value => pattern.test(value)
    } catch {
      return () => false
    }
  }
  const words = text.trim().toLowerCase()
  return value => words === '' || value.toLowerCase().includes(words)
}

/** What the table shows: filtered by text and tier, in the order of a column; equal ones in the order of time. */
export function arranged(
  items: readonly Annotation[],
  filter: TableFilter,
  sort: TableSort,
  tierName: (tierId: number) => string,
): Annotation[] {
  const matches = matcherOf(filter.text)
  const kept = items.filter(
    item => (filter.tierId === null || item.tierId === filter.tierId) && matches(item.value),
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
