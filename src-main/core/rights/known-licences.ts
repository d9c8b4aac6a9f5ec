import type { LicenceTerms } from './gate.ts'

const FREE: LicenceTerms = { shareAlike: false, noDerivatives: false, nonCommercial: false }

/** `CC BY 4.0`, `cc-by-4.0`, `CC0`: people write one licence in many ways. */
const CREATIVE_COMMONS = /^CC[ -]?(BY(?:[ -](?:NC|SA|ND))*)(?:[ -]\d\.\d(?:[ -][A-Z]{2,3})?)?$/
const CREATIVE_COMMONS_URL = /^https?:\/\/creativecommons\.org\/licenses\/(by(?:-(?:nc|sa|nd))*)\/\d\.\d\/?/i

const FREE_LICENCES = new Set([
  'CC0',
  'CC0-1.0',
  'PDDL-1.0',
  'ODC-BY-1.0',
  'MIT',
  'APACHE-2.0',
  'BSD-2-CLAUSE',
  'BSD-3-CLAUSE',
  'UNLICENSE',
  'HTTPS://CREATIVECOMMONS.ORG/PUBLICDOMAIN/ZERO/1.0/',
])
const SHARE_ALIKE = new Set(['ODBL-1.0', 'GPL-3.0-ONLY', 'GPL-3.0-OR-LATER'])

/** The terms of licences that everybody knows by their SPDX id or address; null for any other. */
export function knownTerms(name: string): LicenceTerms | null {
  const upper = name.trim().toUpperCase()
  const parts = CREATIVE_COMMONS.exec(upper)?.[1] ?? CREATIVE_COMMONS_URL.exec(name.trim())?.[1]
  if (parts) {
    const has = (part: string) => parts.toUpperCase().split(/[ -]/).includes(part)
    return { shareAlike: has('SA'), noDerivatives: has('ND'), nonCommercial: has('NC') }
  }
  if (FREE_LICENCES.has(upper.replaceAll(' ', '-'))) return FREE
  return SHARE_ALIKE.has(upper) ? { ...FREE, shareAlike: true } : null
}
