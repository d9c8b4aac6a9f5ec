import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PURPOSES } from '#shared/contract/rights.ts'
import { judge, type GivenConsent, type ReleaseUse, type RowRights } from './gate.ts'

// Most single conditions hold, because a row leaves only where all of them do.
const mostly = fc.nat({ max: 5 }).map(roll => roll > 0)
const rarely = mostly.map(holds => !holds)
const place = fc.constantFrom('', '', 'DE', 'CH', 'DE CH', 'de, ch', 'AT')
const moment = fc.integer({ min: 0, max: 20 })
const consent: fc.Arbitrary<GivenConsent> = fc.record({
  id: fc.integer({ min: 1, max: 9 }),
  scopes: fc.subarray([...PURPOSES], { minLength: 1 }),
  faceVisible: mostly,
  territory: place,
  validUntil: fc.option(moment),
  withdrawnAt: fc.tuple(rarely, moment).map(([isWithdrawn, at]) => (isWithdrawn ? at : null)),
})
const terms = fc.record({
  shareAlike: fc.boolean(),
  noDerivatives: rarely,
  nonCommercial: rarely,
})
const row: fc.Arbitrary<RowRights> = fc.record({
  signer: fc.option(fc.constantFrom('A', 'B'), { freq: 9 }),
  consents: fc.array(consent, { maxLength: 3 }),
  licence: fc.constantFrom('X', 'Y', 'X', 'Y', ''),
  terms: fc.option(terms, { freq: 9 }),
  isEdited: fc.boolean(),
})
const use: fc.Arbitrary<ReleaseUse> = fc.record({
  purpose: fc.constantFrom(...PURPOSES),
  withVideo: fc.boolean(),
  territory: place,
  at: moment,
})

/** The rule once more, as a list of what must hold, written from the wording of consents and licences. */
function mayLeave(rights: RowRights, wanted: ReleaseUse): boolean {
  const listed = (text: string) => new Set(text.toLowerCase().match(/[a-z]+/g))
  const somebodyAgreed = rights.consents.some(
    each =>
      new Set<string>(each.scopes).has(wanted.purpose) &&
      (each.validUntil ?? Infinity) >= wanted.at &&
      (each.faceVisible || !wanted.withVideo) &&
      (each.territory === '' ||
        (wanted.territory !== '' && listed(wanted.territory).isSubsetOf(listed(each.territory)))),
  )
  const nobodyWithdrew = rights.consents.filter(each => each.withdrawnAt !== null).length === 0
  const isLicensed =
    rights.licence.length > 0 &&
    rights.terms !== null &&
    !(rights.terms.nonCommercial && wanted.purpose === 'commercial') &&
    !(rights.terms.noDerivatives && wanted.withVideo) &&
    !(rights.terms.noDerivatives && rights.isEdited)
  return rights.signer !== null && somebodyAgreed && nobodyWithdrew && isLicensed
}

test('lets exactly those clips out that consent and licence cover, in 10,000 cases', () => {
  let out = 0
  let cases = 0
  fc.assert(
    fc.property(row, use, (rights, wanted) => {
      const { isCovered } = judge(rights, wanted)
      expect(isCovered).toBe(mayLeave(rights, wanted))
      cases += 1
      if (isCovered) out += 1
    }),
    { numRuns: 10_000 },
  )
  expect(cases).toBe(10_000)
  // Neither side of the rule is left untried.
  expect(out).toBeGreaterThan(400)
  expect(cases - out).toBeGreaterThan(400)
})

test('the consent that is named is one that covers the use by itself', () => {
  fc.assert(
    fc.property(row, use, (rights, wanted) => {
      const verdict = judge(rights, wanted)
      if (!verdict.isCovered) return
      const alone = rights.consents.filter(({ id }) => id === verdict.consentId).map(each => [each])
      expect(alone.some(consents => mayLeave({ ...rights, consents }, wanted))).toBe(true)
    }),
  )
})
