import type { AnnotationTier } from '../annotation-document.ts'

/** Codes of speakers have up to seven capital letters and digits. */
const MOST_LETTERS = 7
const SPEAKER = /^[A-Z0-9][A-Z0-9_-]{0,6}$/

/** The codes of the tiers that speak: the tier's own name where it is a code, else something like it. */
export function speakerCodes(tiers: readonly AnnotationTier[]): Map<AnnotationTier, string> {
  const codes = new Map<AnnotationTier, string>()
  const taken = new Set<string>()
  const named = (tier: AnnotationTier) => tier.name.replace(/^\*/, '')
  for (const tier of tiers) {
    const name = named(tier)
    if (!SPEAKER.test(name) || taken.has(name)) continue
    taken.add(name)
    codes.set(tier, name)
  }
  for (const tier of tiers) {
    if (codes.has(tier)) continue
    const plain = lettersOf(named(tier)).toUpperCase() || lettersOf(tier.participant).toUpperCase()
    codes.set(tier, freeCode(plain || 'S', taken))
  }
  return codes
}

const DEPENDENT = /^[a-z][a-z0-9]{1,6}$/

/** `%gls@CHI` and `gls@CHI` are `gls`; lines that a project defines for itself begin with an x. */
export function dependentCode(name: string, taken: Set<string>): string {
  const own = /^%?([^@]*)(@|$)/.exec(name)?.[1] ?? ''
  if (DEPENDENT.test(own) && !taken.has(own)) {
    taken.add(own)
    return own
  }
  const letters = lettersOf(own).toLowerCase()
  return freeCode(`x${letters || 'tier'}`, taken)
}

function lettersOf(text: string): string {
  return text.normalize('NFD').replace(/[^A-Za-z0-9]/g, '')
}

function freeCode(wanted: string, taken: Set<string>): string {
  let code = wanted.slice(0, MOST_LETTERS)
  for (let n = 2; taken.has(code); n++) code = `${wanted.slice(0, MOST_LETTERS - String(n).length)}${n}`
  taken.add(code)
  return code
}
