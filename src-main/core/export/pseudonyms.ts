import { createHmac, randomBytes } from 'node:crypto'
import type { WriteDb } from '../../db/types.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'

export type Role = 'signer' | 'annotator' | 'rater'
export type PseudonymOf = (role: Role, name: string) => string

/** Sixty bits: two of a million people share one with a chance of one in two million. */
const HEX_DIGITS = 15

/**
 * Names that stand for people in one release: the same when it is repeated, unlike those of another release or role,
 * and nothing that can be tried out without the secret of the corpus.
 */
export function pseudonyms(secret: string, release: string): PseudonymOf {
  const known = new Map<string, string>()
  return (role, name) => {
    // Whatever an import brought along belongs to nobody.
    if (name === '') return ''
    const key = JSON.stringify([release, role, name])
    const made =
      known.get(key) ??
      `${role}-${createHmac('sha256', secret).update(key).digest('hex').slice(0, HEX_DIGITS)}`
    known.set(key, made)
    return made
  }
}

/** The corpus' own secret, made when it is first needed; it never leaves the corpus. */
export function secretOf(db: WriteDb): string {
  const known = findFact(db, 'pseudonym-secret')
  if (known !== undefined) return known
  const secret = randomBytes(32).toString('hex')
  setFact(db, 'pseudonym-secret', secret)
  return secret
}
