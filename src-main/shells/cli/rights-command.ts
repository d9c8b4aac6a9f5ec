import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { PURPOSES, type Purpose } from '#shared/contract/rights.ts'
import { corpusCommand, listOf, wholeNumber } from './options.ts'
import { counted, printJson, printTable } from './output.ts'
import { changeRights } from './rights-changes.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'
import { selectionOf } from './work-commands.ts'

export function addRightsCommand(program: Command): void {
  corpusCommand(program, 'rights', 'Show or record what signers consented to and which licence media have')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--licence <name>', 'SPDX id or address of the licence of their media')
    .option('--consent <list>', `what their signers consent to: ${PURPOSES.join(',')}`, listOf(PURPOSES))
    .option('--without-face', 'the consent does not cover video')
    .option('--territory <codes>', 'where it holds, e.g. "DE AT CH"; everywhere unless stated')
    .option('--valid-until <date>', 'last day on which it holds, e.g. 2030-12-31', endOfDay)
    .option('--evidence <file>', 'the signed form: its name and hash are kept')
    .option('--signer <name>', 'who signs in the clips that name nobody')
    .option(
      '--change <id>',
      'change this consent, by the options given, instead of recording another',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--with-face', 'with --change: the consent covers video')
    .option('--withdraw <signers>', 'these signers, separated by commas, withdrew consent', names)
    .option('--on <date>', 'with --withdraw: the day of it; today unless stated', startOfDay)
    .option('--reinstate <signers>', 'the withdrawal of these signers was a mistake', names)
    .option(
      '--remove <id>',
      'remove this consent, as one that was never given',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--describe <licence>', 'say what a licence allows; see the five options below')
    .option('--holder <text>', 'with --describe: who holds the rights')
    .option('--attribution <text>', 'with --describe: how to name the holder')
    .option('--share-alike', 'with --describe: what is made of it has to be under the same licence')
    .option('--no-derivatives', 'with --describe: nothing may be made of it')
    .option('--non-commercial', 'with --describe: no commercial use')
    .action(rights)
}

function endOfDay(text: string): number {
  const at = Date.parse(`${text}T23:59:59.999Z`)
  // A day that no month has is read as one of the next.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('It is a day such as 2030-12-31.')
  return at
}

function startOfDay(text: string): number {
  return endOfDay(text) - 86_399_999
}

const names = (text: string) =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)

export interface RightsOptions extends CommonOptions {
  clips: string
  licence?: string
  consent?: Purpose[]
  withoutFace?: boolean
  territory?: string
  validUntil?: number
  evidence?: string
  signer?: string
  change?: number
  withFace?: boolean
  withdraw?: string[]
  on?: number
  reinstate?: string[]
  remove?: number
  describe?: string
  holder?: string
  attribution?: string
  shareAlike?: boolean
  /** Commander gives options that begin with `no-` as what they deny. */
  derivatives: boolean
  nonCommercial?: boolean
}

async function rights(options: RightsOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    for (const told of await changeRights(api, options)) process.stderr.write(`${told}\n`)
    const selection = await selectionOf(api, options.clips)
    if (options.licence !== undefined) {
      const { media } = await api.licence.assign({ selection, name: options.licence })
      process.stderr.write(`${counted(media, 'media file')} under ${options.licence}.\n`)
    }
    if (options.consent && options.change === undefined) {
      const given = await api.consent.give({
        selection,
        consent: consentOf(options, options.consent),
        ...(options.signer === undefined ? {} : { unnamedSigner: options.signer }),
      })
      process.stderr.write(`Consent of ${counted(given.signers, 'signer')} recorded.\n`)
      if (given.clipsWithoutSigner > 0)
        process.stderr.write(
          `${counted(given.clipsWithoutSigner, 'clip')} without a signer: name one with --signer.\n`,
        )
    }
    await show(api, options.json === true)
  })
}

function consentOf(options: RightsOptions, scopes: Purpose[]) {
  return {
    scopes,
    faceVisible: options.withoutFace !== true,
    territory: options.territory ?? '',
    validUntil: options.validUntil ?? null,
    withdrawnAt: null,
    evidenceFile: options.evidence === undefined ? '' : resolve(options.evidence),
    note: '',
  }
}

const day = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10))

async function show(api: Api, isJson: boolean): Promise<void> {
  const [consents, licences] = await Promise.all([api.consent.list(), api.licence.list()])
  if (isJson) return printJson({ ...consents, licences })
  printTable([
    ['id', 'signer', 'clips', 'consents to', 'where', 'until', 'withdrawn'],
    ...consents.consents.map(each => [
      String(each.id),
      each.signer,
      String(each.clips),
      each.scopes.join(' '),
      each.territory || 'everywhere',
      day(each.validUntil),
      day(each.withdrawnAt),
    ]),
    ...consents.without.map(({ signer, clips }) => [
      '',
      signer,
      String(clips),
      '(nothing recorded)',
      '',
      '',
      '',
    ]),
  ])
  if (consents.clipsWithoutSigner > 0)
    process.stdout.write(`${counted(consents.clipsWithoutSigner, 'clip')} without a signer.\n`)
  process.stdout.write('\n')
  printTable([
    ['licence', 'media', 'terms'],
    ...licences.map(({ name, media, isKnown, shareAlike, noDerivatives, nonCommercial }) => [
      name,
      String(media),
      isKnown
        ? [shareAlike && 'share alike', noDerivatives && 'no derivatives', nonCommercial && 'non-commercial']
            .filter(Boolean)
            .join(', ') || 'free'
        : 'not described',
    ]),
  ])
}
