import type { TierId } from '#shared/contract/ids.ts'
import type { RecordingDocument } from './document.ts'
import { valuesByUse } from './gloss/tokens.ts'

const MOST = 30

/** Values that a tier has already, most used first, that begin with or hold what is typed. */
export function matching(values: readonly string[], typed: string): string[] {
  const words = typed.trim().toLowerCase()
  if (words === '') return values.slice(0, MOST)
  const begins = values.filter(value => value.toLowerCase().startsWith(words))
  const holds = values.filter(
    value => !value.toLowerCase().startsWith(words) && value.toLowerCase().includes(words),
  )
  return [...begins, ...holds].slice(0, MOST)
}

export function useSuggestions(document: RecordingDocument) {
  const known = new WeakMap<object, string[]>()
  return (tierId: TierId, typed: string): readonly string[] => {
    const items = document.itemsOf(tierId)
    const values = known.get(items) ?? valuesByUse(items)
    known.set(items, values)
    return matching(values, typed)
  }
}
