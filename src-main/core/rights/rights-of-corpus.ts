import { PURPOSES } from '#shared/contract/rights.ts'
import type { ReadDb } from '../../db/types.ts'
import type { GivenConsent, LicenceTerms } from './gate.ts'
import { knownTerms } from './known-licences.ts'
import {
  type ConsentRow,
  countNamedLicences,
  type LicenceRow,
  listConsents,
  listLicences,
} from './rights.queries.ts'

/** A licence as a release names it. */
export interface NamedLicence extends LicenceTerms {
  name: string
  holder: string
  source: string
  attribution: string
}

export interface RightsOfCorpus {
  /** By the name of the signer. */
  consents: ReadonlyMap<string, readonly StoredConsent[]>
  /** By the name that media use; a name that is missing here has unknown terms. */
  licences: ReadonlyMap<string, NamedLicence>
}

export interface StoredConsent extends GivenConsent {
  evidenceSha256: string
}

/** Everything that decides whether a clip may leave. */
export function readRights(db: ReadDb): RightsOfCorpus {
  const consents = Map.groupBy(listConsents(db), ({ signer }) => signer)
  const licences = new Map(listLicences(db).map(row => [row.name, licenceOf(row)]))
  for (const { name } of countNamedLicences(db)) {
    const terms = licences.has(name) ? null : knownTerms(name)
    if (terms) licences.set(name, { name, holder: '', source: '', attribution: '', ...terms })
  }
  return {
    consents: new Map([...consents].map(([signer, rows]) => [signer, rows.map(consentOf)])),
    licences,
  }
}

export function consentOf(row: ConsentRow) {
  const { id, territory, validUntil, withdrawnAt, evidenceSha256 } = row
  return {
    id,
    scopes: PURPOSES.filter(purpose => row[purpose] === 1),
    faceVisible: row.faceVisible === 1,
    territory,
    validUntil,
    withdrawnAt,
    evidenceSha256,
  }
}

export function licenceOf({ name, holder, source, attribution, ...row }: LicenceRow): NamedLicence {
  return {
    name,
    holder,
    source,
    attribution,
    shareAlike: row.shareAlike === 1,
    noDerivatives: row.noDerivatives === 1,
    nonCommercial: row.nonCommercial === 1,
  }
}
