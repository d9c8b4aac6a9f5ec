import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { Consent, ConsentInput } from '#shared/contract/rights.ts'
import { counted } from './output.ts'
import type { RightsOptions } from './rights-command.ts'
import type { Api } from './session.ts'

/** Changes of rights that are recorded already; says in a sentence each what was done. */
export async function changeRights(api: Api, options: RightsOptions): Promise<string[]> {
  const told: string[] = []
  if (options.change !== undefined) told.push(await changeConsent(api, options.change, options))
  if (options.withdraw) {
    const at = options.on ?? Date.now()
    const consents = await eachConsentOf(api, options.withdraw, consent => ({ ...consent, withdrawnAt: at }))
    told.push(
      `${counted(consents, 'consent')} withdrawn: no release holds clips of ${listed(options.withdraw)} any more.`,
    )
  }
  if (options.reinstate) {
    const consents = await eachConsentOf(api, options.reinstate, consent => ({
      ...consent,
      withdrawnAt: null,
    }))
    told.push(`${counted(consents, 'consent')} of ${listed(options.reinstate)} reinstated.`)
  }
  if (options.remove !== undefined) {
    const { id, signer } = await consentById(api, options.remove)
    await api.consent.remove({ consentId: id })
    told.push(`Consent ${id} of ${signer} removed.`)
  }
  if (options.describe !== undefined) told.push(await describeLicence(api, options.describe, options))
  return told
}

const listed = (names: readonly string[]) => names.join(', ')

async function consentById(api: Api, id: number): Promise<Consent> {
  const { consents } = await api.consent.list()
  const found = consents.find(consent => consent.id === id)
  if (found) return found
  throw new AppError(
    'not-found',
    `There is no consent ${id}. Known: ${consents.map(consent => `${consent.id} (${consent.signer})`).join(', ') || 'none yet'}.`,
  )
}

const inputOf = ({
  id: _id,
  signer: _signer,
  clips: _clips,
  evidenceSha256: _hash,
  ...input
}: Consent): ConsentInput => input

async function changeConsent(api: Api, id: number, options: RightsOptions): Promise<string> {
  const known = await consentById(api, id)
  const { consent, territory, validUntil, evidence, withFace, withoutFace } = options
  const changed: ConsentInput = {
    ...inputOf(known),
    ...(consent && { scopes: consent }),
    ...(territory !== undefined && { territory }),
    ...(validUntil !== undefined && { validUntil }),
    ...(evidence !== undefined && { evidenceFile: evidence === '' ? '' : resolve(evidence) }),
    ...((withFace || withoutFace) && { faceVisible: withFace === true }),
  }
  await api.consent.save({ consentId: known.id, consent: changed })
  return `Consent ${id} of ${known.signer} changed.`
}

async function eachConsentOf(
  api: Api,
  signers: readonly string[],
  change: (consent: ConsentInput) => ConsentInput,
): Promise<number> {
  const { consents, without } = await api.consent.list()
  const unknown = signers.filter(name => !consents.some(({ signer }) => signer === name))
  if (unknown.length > 0) throw noConsent(unknown, without)
  const theirs = consents.filter(({ signer }) => signers.includes(signer))
  for (const consent of theirs)
    await api.consent.save({ consentId: consent.id, consent: change(inputOf(consent)) })
  return theirs.length
}

function noConsent(names: readonly string[], without: readonly { signer: string }[]): AppError {
  const isSigner = names.every(name => without.some(({ signer }) => signer === name))
  const why = isSigner
    ? 'Their clips stay behind as it is.'
    : 'Without --withdraw and --reinstate, this command lists the signers.'
  return new AppError('not-found', `No consent of ${listed(names)} is recorded. ${why}`)
}

async function describeLicence(api: Api, name: string, options: RightsOptions): Promise<string> {
  const known = (await api.licence.list()).find(licence => licence.name === name)
  await api.licence.save({
    ...(known?.id === undefined || known.id === null ? {} : { licenceId: known.id }),
    licence: {
      name,
      holder: options.holder ?? known?.holder ?? '',
      source: known?.source ?? '',
      attribution: options.attribution ?? known?.attribution ?? '',
      shareAlike: options.shareAlike === true,
      noDerivatives: !options.derivatives,
      nonCommercial: options.nonCommercial === true,
    },
  })
  return `Licence ${name} described.`
}
