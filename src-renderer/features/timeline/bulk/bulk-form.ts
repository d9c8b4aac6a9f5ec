import type { AnnotationScope, BulkOperation, SearchPattern } from '#shared/contract/annotation-bulk.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import type { SearchQuery } from '#shared/contract/search.ts'
import type { Interval } from '../document/track.ts'

export const BULK_KINDS = [
  'replace',
  'shift',
  'copy',
  'regular',
  'depend',
  'gaps',
  'overlaps',
  'remove-empty',
] as const
export type BulkKind = (typeof BULK_KINDS)[number]

export const SCOPES = ['chosen', 'tier', 'after', 'recording'] as const
export type ScopeName = (typeof SCOPES)[number]

/** What the dialog's fields hold; each operation reads its own. */
export interface BulkForm {
  kind: BulkKind
  scope: ScopeName
  text: string
  replacement: string
  isRegex: boolean
  isCaseSensitive: boolean
  isWholeValue: boolean
  byMs: number
  fromTierId: TierId
  toTierId: TierId
  isMove: boolean
  intervalMs: number
  minMs: number
  value: string
  withText: boolean
}

/** Where the dialog was opened. */
export interface BulkPlace {
  recordingId: RecordingId
  tierId: TierId
  chosen: readonly AnnotationId[]
  /** The selected time, or all of it. */
  span: Interval
  playheadMs: number
  /** Where the dialog was opened from a search: all that it finds, which takes the place of `chosen`. */
  hits?: { query: SearchQuery; count: number }
  /** What is to be replaced, where the dialog was opened from a search. */
  pattern?: SearchPattern
}

export function freshForm(kind: BulkKind, place: BulkPlace): BulkForm {
  return {
    kind,
    scope: place.pattern || place.chosen.length > 1 ? 'chosen' : kind === 'shift' ? 'after' : 'tier',
    text: place.pattern?.text ?? '',
    replacement: '',
    isRegex: place.pattern?.isRegex ?? false,
    isCaseSensitive: place.pattern?.isCaseSensitive ?? false,
    isWholeValue: place.pattern?.isWholeValue ?? false,
    byMs: 40,
    fromTierId: place.tierId,
    toTierId: place.tierId,
    isMove: false,
    intervalMs: 1000,
    minMs: 40,
    value: '',
    withText: true,
  }
}

function scopeOf({ scope }: BulkForm, place: BulkPlace): AnnotationScope | null {
  const { recordingId } = place
  if (scope === 'recording') return { kind: 'recording', recordingId }
  if (scope === 'after') return { kind: 'after', recordingId, fromMs: Math.round(place.playheadMs) }
  if (scope === 'tier') return { kind: 'tiers', tierIds: [place.tierId] }
  if (place.hits) return { kind: 'hits', query: place.hits.query }
  return place.chosen.length > 0 ? { kind: 'annotations', annotationIds: [...place.chosen] } : null
}

function scoped(form: BulkForm, scope: AnnotationScope): BulkOperation | null {
  if (form.kind === 'remove-empty') return { kind: 'remove-empty', scope }
  if (form.kind === 'shift')
    return Number.isInteger(form.byMs) && form.byMs !== 0 ? { kind: 'shift', scope, byMs: form.byMs } : null
  const { text, isRegex, isCaseSensitive, isWholeValue, replacement } = form
  if (text === '') return null
  return { kind: 'replace', scope, replacement, pattern: { text, isRegex, isCaseSensitive, isWholeValue } }
}

function acrossTiers(form: BulkForm, place: BulkPlace): BulkOperation | null {
  const { fromTierId, toTierId, minMs, value, withText } = form
  if (form.kind === 'depend')
    return { kind: 'depend', fromTierId, toTierId, value: withText ? 'copy' : 'empty' }
  if (form.kind === 'gaps') return { kind: 'gaps', tierIds: [fromTierId], toTierId, minMs, value }
  if (form.kind === 'overlaps') {
    const tierIds = [...new Set([place.tierId, fromTierId])]
    const joined = withText ? 'join' : 'empty'
    return tierIds.length > 1 ? { kind: 'overlaps', tierIds, toTierId, minMs, value: joined } : null
  }
  return null
}

/** The operation that the form describes; null while something is missing. */
export function operationOf(form: BulkForm, place: BulkPlace): BulkOperation | null {
  if (form.kind === 'shift' || form.kind === 'replace' || form.kind === 'remove-empty') {
    const scope = scopeOf(form, place)
    return scope && scoped(form, scope)
  }
  if (form.kind === 'copy')
    return place.chosen.length > 0
      ? { kind: 'copy', annotationIds: [...place.chosen], tierId: form.toTierId, isMove: form.isMove }
      : null
  if (form.kind === 'regular') {
    const { toTierId: tierId, intervalMs, value } = form
    return Number.isInteger(intervalMs) && intervalMs > 0
      ? { kind: 'regular', tierId, ...place.span, intervalMs, value }
      : null
  }
  return acrossTiers(form, place)
}
