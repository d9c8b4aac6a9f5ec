import { sha256 } from '../../formats/sha256.ts'

/** Enough digits that two references of a million are told apart. */
const DIGITS = 16

export function referencesDigest(references: readonly { language: string; text: string }[]): string {
  const texts = references.map(({ language, text }) => [language, text])
  return sha256(JSON.stringify(texts)).slice(0, DIGITS)
}
