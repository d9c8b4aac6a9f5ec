import type { Exclusion, Purpose } from '#shared/contract/rights.ts'

export interface GivenConsent {
  id: number
  scopes: readonly Purpose[]
  faceVisible: boolean
  /** Codes with spaces between; empty: everywhere. */
  territory: string
  /** Milliseconds since 1970; null: without end. */
  validUntil: number | null
  withdrawnAt: number | null
}

export interface LicenceTerms {
  shareAlike: boolean
  noDerivatives: boolean
  nonCommercial: boolean
}

/** What is to be done with a release. */
export interface ReleaseUse {
  purpose: Purpose
  withVideo: boolean
  /** Where it goes: codes with spaces between; empty: everywhere. */
  territory: string
  /** Milliseconds since 1970. */
  at: number
}

/** The rights in one clip. */
export interface RowRights {
  signer: string | null
  consents: readonly GivenConsent[]
  licence: string
  /** Null: nobody has said what the licence allows. */
  terms: LicenceTerms | null
  /** Whether a sentence was changed since it came in: a derivative of the licensed text. */
  isEdited: boolean
}

export type Verdict = { isCovered: true; consentId: number } | { isCovered: false; reason: Exclusion }

/** From what lacks least to what lacks most: the reason named is that of the consent that comes closest. */
const SHORTFALLS = ['consent-face', 'consent-territory', 'consent-scope', 'consent-expired'] as const

/**
 * Whether a clip may leave with a release: one consent of its signer has to cover everything at once, and its licence
 * has to allow the use. One withdrawn consent bars the signer, whatever the others say.
 */
export function judge(rights: RowRights, use: ReleaseUse): Verdict {
  const { signer, consents } = rights
  if (signer === null) return excluded('no-signer')
  if (consents.length === 0) return excluded('no-consent')
  if (consents.some(({ withdrawnAt }) => withdrawnAt !== null)) return excluded('consent-withdrawn')
  const covering = consents.find(consent => shortfall(consent, use) === null)
  if (!covering) {
    const found = new Set(consents.map(consent => shortfall(consent, use)))
    return excluded(SHORTFALLS.find(reason => found.has(reason))!)
  }
  const reason = licenceShortfall(rights, use)
  return reason ? excluded(reason) : { isCovered: true, consentId: covering.id }
}

const excluded = (reason: Exclusion): Verdict => ({ isCovered: false, reason })

function shortfall(consent: GivenConsent, use: ReleaseUse): (typeof SHORTFALLS)[number] | null {
  if (consent.validUntil !== null && use.at > consent.validUntil) return 'consent-expired'
  if (!consent.scopes.includes(use.purpose)) return 'consent-scope'
  if (!coversTerritory(consent.territory, use.territory)) return 'consent-territory'
  return use.withVideo && !consent.faceVisible ? 'consent-face' : null
}

const codes = (territory: string) =>
  territory
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean)

function coversTerritory(consented: string, wanted: string): boolean {
  const allowed = codes(consented)
  const needed = codes(wanted)
  if (allowed.length === 0) return true
  return needed.length > 0 && needed.every(code => allowed.includes(code))
}

/** Clips are cut from the licensed video, and a changed sentence from the licensed text: both are derivatives. */
function licenceShortfall({ licence, terms, isEdited }: RowRights, use: ReleaseUse): Exclusion | null {
  if (licence === '') return 'no-licence'
  if (!terms) return 'licence-unknown'
  if (terms.nonCommercial && use.purpose === 'commercial') return 'licence-non-commercial'
  return terms.noDerivatives && (use.withVideo || isEdited) ? 'licence-no-derivatives' : null
}
