import type { Consent, ConsentInput } from '#shared/contract/rights.ts'

/** A consent as a form holds it: days as text. */
export interface ConsentDraft extends Omit<ConsentInput, 'validUntil' | 'withdrawnAt'> {
  validUntil: string
  isWithdrawn: boolean
}

export function emptyDraft(): ConsentDraft {
  return {
    scopes: ['research'],
    faceVisible: true,
    territory: '',
    validUntil: '',
    isWithdrawn: false,
    evidenceFile: '',
    note: '',
  }
}

const dayOf = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10))

export function draftOf({
  scopes,
  faceVisible,
  territory,
  note,
  evidenceFile,
  ...consent
}: Consent): ConsentDraft {
  return {
    scopes: [...scopes],
    faceVisible,
    territory,
    note,
    evidenceFile,
    validUntil: dayOf(consent.validUntil),
    isWithdrawn: consent.withdrawnAt !== null,
  }
}

/** A consent holds to the end of its last day; one that was withdrawn before keeps its moment. */
export function consentOf(
  { validUntil, isWithdrawn, scopes, ...draft }: ConsentDraft,
  { now, withdrawnAt = null }: { now: number; withdrawnAt?: number | null },
): ConsentInput {
  return {
    ...draft,
    scopes: [...scopes],
    validUntil: validUntil === '' ? null : Date.parse(`${validUntil}T23:59:59.999Z`),
    withdrawnAt: isWithdrawn ? (withdrawnAt ?? now) : null,
  }
}
