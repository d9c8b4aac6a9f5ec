import { z } from 'zod'
import { base } from './base.ts'
import { ClipSelection } from './clip.ts'
import { ConsentId, LicenceId, Timestamp } from './ids.ts'

/** What a release is for, and what a signer may consent to; none of them implies another. */
export const PURPOSES = ['research', 'publish', 'commercial', 'train'] as const
export const Purpose = z.enum(PURPOSES)
export type Purpose = z.infer<typeof Purpose>

/** Why a clip is not in a release. */
export const EXCLUSIONS = [
  'not-selected',
  'flagged',
  'no-signer',
  'no-consent',
  'consent-withdrawn',
  'consent-expired',
  'consent-scope',
  'consent-face',
  'consent-territory',
  'no-licence',
  'licence-unknown',
  'licence-non-commercial',
  'licence-no-derivatives',
] as const
export const Exclusion = z.enum(EXCLUSIONS)
export type Exclusion = z.infer<typeof Exclusion>

const consentFields = {
  scopes: z.array(Purpose),
  /** Whether the face may be seen: without it, no video leaves. */
  faceVisible: z.boolean(),
  /** Codes of countries or regions with spaces between; empty: everywhere. */
  territory: z.string().max(500),
  /** The last moment at which it holds; null: without end. */
  validUntil: Timestamp.nullable(),
  /** A withdrawn consent bars its signer from every release, whatever other consents say. */
  withdrawnAt: Timestamp.nullable(),
  note: z.string().max(10_000),
}

export const Consent = z.strictObject({
  id: ConsentId,
  signer: z.string(),
  ...consentFields,
  evidenceFile: z.string(),
  /** SHA-256 of the signed form; empty without one. */
  evidenceSha256: z.string(),
  clips: z.int(),
})
export type Consent = z.infer<typeof Consent>

export const ConsentInput = z.strictObject({
  ...consentFields,
  /** The signed form on this machine: its name and hash are kept, never its content. Empty: none. */
  evidenceFile: z.string(),
})
export type ConsentInput = z.infer<typeof ConsentInput>

const licenceFields = {
  /** SPDX id or URL; media name their licence by it. */
  name: z.string().trim().min(1).max(500),
  holder: z.string().max(500),
  source: z.string().max(2000),
  attribution: z.string().max(2000),
  shareAlike: z.boolean(),
  noDerivatives: z.boolean(),
  nonCommercial: z.boolean(),
}

export const LicenceInput = z.strictObject(licenceFields)
export type LicenceInput = z.infer<typeof LicenceInput>

export const Licence = z.strictObject({
  /** Null: media name it, its terms are those of the SPDX licence of that name or not known. */
  id: LicenceId.nullable(),
  ...licenceFields,
  name: z.string(),
  isKnown: z.boolean(),
  media: z.int(),
})
export type Licence = z.infer<typeof Licence>

export const consent = {
  list: base.output(
    z.strictObject({
      consents: z.array(Consent),
      /** Signers of whom no consent is recorded. */
      without: z.array(z.strictObject({ signer: z.string(), clips: z.int() })),
      clipsWithoutSigner: z.int(),
    }),
  ),
  /** One more consent of each signer of these clips. */
  give: base
    .input(
      z.strictObject({
        selection: ClipSelection,
        consent: ConsentInput,
        /** Who signs in the clips that name nobody; absent: they stay without. */
        unnamedSigner: z.string().trim().min(1).max(200).optional(),
      }),
    )
    .output(z.strictObject({ signers: z.int(), clipsWithoutSigner: z.int() })),
  save: base.input(z.strictObject({ consentId: ConsentId, consent: ConsentInput })).output(z.void()),
  remove: base.input(z.strictObject({ consentId: ConsentId })).output(z.void()),
}

export const licence = {
  list: base.output(z.array(Licence)),
  /** Describes a licence, or changes its description; a new name is followed by the media that name it. */
  save: base
    .input(z.strictObject({ licenceId: LicenceId.optional(), licence: LicenceInput }))
    .output(z.void()),
  remove: base.input(z.strictObject({ licenceId: LicenceId })).output(z.void()),
  /** The licence of the media of these clips; empty takes it away. */
  assign: base
    .input(z.strictObject({ selection: ClipSelection, name: z.string().trim().max(500) }))
    .output(z.strictObject({ media: z.int() })),
}
