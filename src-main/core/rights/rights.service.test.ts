import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, testContext } from '../testing/corpus.ts'
import { createConsentService } from './consent.service.ts'
import { knownTerms } from './known-licences.ts'
import { createLicenceService } from './licence.service.ts'

const RESEARCH = {
  scopes: ['research' as const],
  faceVisible: true,
  territory: '',
  validUntil: null,
  withdrawnAt: null,
  note: '',
  evidenceFile: '',
}

function setup() {
  const context = testContext()
  const { db } = context
  const place = addRecording(db)
  addClip(db, place, { name: 'a', signer: 'Anna' })
  addClip(db, place, { name: 'b', signer: 'Bo' })
  addClip(db, place, { name: 'c' })
  const editing = createEditing(context)
  const deps = { editing }
  return {
    db,
    editing,
    consents: createConsentService(context, deps),
    licences: createLicenceService(context, deps),
  }
}

test('one action records the consent of everyone in the selection, and one undo takes it back', async () => {
  const { consents, editing } = setup()
  const before = consents.list()
  expect(before).toMatchObject({
    consents: [],
    without: [
      { signer: 'Anna', clips: 1 },
      { signer: 'Bo', clips: 1 },
    ],
    clipsWithoutSigner: 1,
  })

  const given = await consents.give({ selection: { kind: 'all' }, consent: RESEARCH, unnamedSigner: 'Cy' })

  expect(given).toEqual({ signers: 3, clipsWithoutSigner: 0 })
  expect(consents.list().consents.map(({ signer, scopes, clips }) => [signer, scopes, clips])).toEqual([
    ['Anna', ['research'], 1],
    ['Bo', ['research'], 1],
    ['Cy', ['research'], 1],
  ])
  editing.undo()
  expect(consents.list()).toEqual(before)
})

test('clips that name nobody stay without consent unless somebody is named', async () => {
  const { consents } = setup()
  const given = await consents.give({ selection: { kind: 'all' }, consent: RESEARCH })
  expect(given).toEqual({ signers: 2, clipsWithoutSigner: 1 })
})

test('the signed form is kept by its name and hash, and read again only when another is chosen', async () => {
  const { consents } = setup()
  const folder = mkdtempSync(join(tmpdir(), 'signwright-consent-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'anna.pdf')
  writeFileSync(file, 'signed')
  const sha256 = createHash('sha256').update('signed').digest('hex')
  const selection = { kind: 'names' as const, names: ['a'] }
  await consents.give({ selection, consent: { ...RESEARCH, evidenceFile: file } })
  const [given] = consents.list().consents
  expect(given).toMatchObject({ evidenceFile: 'anna.pdf', evidenceSha256: sha256 })

  await consents.save({
    consentId: given!.id,
    consent: { ...RESEARCH, evidenceFile: 'anna.pdf', withdrawnAt: 5 },
  })
  expect(consents.list().consents[0]).toMatchObject({ withdrawnAt: 5, evidenceSha256: sha256 })

  const gone = { ...RESEARCH, evidenceFile: join(folder, 'gone.pdf') }
  await expect(consents.save({ consentId: given!.id, consent: gone })).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('licences of media are told with their terms where those are known', () => {
  const { licences, editing } = setup()
  expect(licences.assign({ selection: { kind: 'all' }, name: 'CC BY-NC 4.0' })).toEqual({ media: 1 })
  expect(licences.list()).toMatchObject([{ id: null, isKnown: true, nonCommercial: true, media: 1 }])

  licences.assign({ selection: { kind: 'all' }, name: 'house rules' })
  expect(licences.list()).toMatchObject([{ name: 'house rules', isKnown: false }])

  const described = {
    name: 'House rules',
    holder: 'Us',
    source: '',
    attribution: '',
    shareAlike: false,
    noDerivatives: true,
    nonCommercial: false,
  }
  licences.save({ licence: { ...described, name: 'house rules' } })
  const licenceId = licences.list()[0]!.id!
  licences.save({ licenceId, licence: described })
  expect(licences.list()).toMatchObject([
    { name: 'House rules', isKnown: true, noDerivatives: true, media: 1 },
  ])
  editing.undo()
  expect(licences.list()).toMatchObject([{ name: 'house rules', media: 1 }])
})

test.each([
  ['CC BY-NC-ND 4.0', { shareAlike: false, noDerivatives: true, nonCommercial: true }],
  ['cc-by-sa-3.0-de', { shareAlike: true, noDerivatives: false, nonCommercial: false }],
  [
    'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    { shareAlike: true, noDerivatives: false, nonCommercial: true },
  ],
  ['CC0', { shareAlike: false, noDerivatives: false, nonCommercial: false }],
  ['mine', null],
])('knows the terms of %s', (name, terms) => {
  expect(knownTerms(name)).toEqual(terms)
})
