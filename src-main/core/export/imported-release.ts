import { z } from 'zod'
import { EXCLUSIONS, type Exclusion } from '#shared/contract/rights.ts'
import type { ReadDb } from '../../db/types.ts'
import { sha256 } from '../../formats/sha256.ts'
import { findFact } from '../corpus/corpus.queries.ts'
import type { PseudonymOf } from './pseudonyms.ts'

const ImportedRelease = z.object({
  /** SHA-256 of its manifest. */
  digest: z.string(),
  name: z.string(),
  /** Clips of the corpus that it was made from and that were left out there. */
  excluded: z.partialRecord(z.enum(EXCLUSIONS), z.int()),
})
export type ImportedRelease = z.infer<typeof ImportedRelease>

/** The release that a corpus was opened from; null where it was not. */
export function readImportedRelease(db: ReadDb): ImportedRelease | null {
  const known = findFact(db, 'imported-release')
  return known === undefined ? null : ImportedRelease.parse(JSON.parse(known))
}

const PSEUDONYM = /^(signer|annotator|rater)-[0-9a-f]{15}$/

/**
 * Names that are pseudonyms of this very release already stay what they are, so that opening a release and writing it
 * again changes nothing; in a release of another name they get new ones like everybody.
 */
export function keepingPseudonyms(pseudonymOf: PseudonymOf): PseudonymOf {
  return (role, name) => (PSEUDONYM.exec(name)?.[1] === role ? name : pseudonymOf(role, name))
}

/** What was left out when the release was made the first time, and what is left out now. */
export function excludedInAll(
  now: Readonly<Partial<Record<Exclusion, number>>>,
  earlier: ImportedRelease['excluded'],
): Partial<Record<Exclusion, number>> {
  const all: Partial<Record<Exclusion, number>> = { ...now }
  for (const reason of EXCLUSIONS)
    if (earlier[reason] !== undefined) all[reason] = (all[reason] ?? 0) + earlier[reason]
  return all
}

const IMPORTED = 'released:'

/** A model that is known by the hash which a release gives of its fingerprint. */
export const importedFingerprint = (releasedHash: string) => `${IMPORTED}${releasedHash}`

/** What a release says instead of a fingerprint, which may hold names of files. */
export function releasedFingerprint(fingerprint: string): string {
  return fingerprint.startsWith(IMPORTED) ? fingerprint.slice(IMPORTED.length) : sha256(fingerprint)
}
