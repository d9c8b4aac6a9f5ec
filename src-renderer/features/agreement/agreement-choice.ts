import type { RecordingId } from '#shared/contract/ids.ts'
import type { AgreementInput, DisagreementKind, RATER_SOURCES } from '#shared/contract/agreement.ts'

/** What the form holds; remembered with the corpus. */
export interface AgreementChoice {
  by: (typeof RATER_SOURCES)[number]
  names: readonly string[]
  /** NaN while the field holds no number. */
  toleranceMs: number
  overlapPercent: number
}

export interface Comparable {
  by: AgreementChoice['by']
  name: string
  raters: string[]
  recordings: number
}

export const UNCHOSEN: AgreementChoice = { by: 'name', names: [], toleranceMs: 80, overlapPercent: 50 }

/** Which disagreements the list shows. */
export interface DisagreementFilter {
  kinds: readonly DisagreementKind[]
  labels?: [string | null, string | null]
  pair?: [string, string]
  group?: string
  recordingId?: RecordingId
}

export type AgreementRequest = Pick<AgreementInput, 'selection' | 'toleranceMs' | 'leastOverlap'>

/** What to ask; null while the form is not complete. */
export function requestOf({
  by,
  names,
  toleranceMs,
  overlapPercent,
}: AgreementChoice): AgreementRequest | null {
  if (by === 'name' && names.length < 2) return null
  if (by !== 'name' && names.length === 0) return null
  if (!Number.isInteger(toleranceMs) || toleranceMs < 0 || !(overlapPercent >= 5 && overlapPercent <= 100))
    return null
  const selection = { by, names: [...names], separator: '@', raters: [], recordingIds: [] }
  return { selection, toleranceMs, leastOverlap: overlapPercent / 100 }
}

/** The first choice that can be compared: tiers with suffixes, annotators, participants. */
export function firstChoice(choices: readonly Comparable[]): AgreementChoice {
  for (const by of ['suffix', 'annotator', 'participant'] as const) {
    const found = choices.filter(each => each.by === by)
    if (found.length > 0) return { ...UNCHOSEN, by, names: found.map(({ name }) => name) }
  }
  return UNCHOSEN
}
