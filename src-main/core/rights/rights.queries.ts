import type { ClipId, ConsentId, LicenceId, MediaId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface ConsentRow {
  id: ConsentId
  signerId: number
  signer: string
  research: number
  publish: number
  commercial: number
  train: number
  faceVisible: number
  territory: string
  validUntil: number | null
  withdrawnAt: number | null
  evidenceFile: string
  evidenceSha256: string
  note: string
}

const CONSENT_COLUMNS = `consent.id, signer_id AS signerId, signer.name AS signer, research, publish, commercial, train,
  face_visible AS faceVisible, territory, valid_until AS validUntil, withdrawn_at AS withdrawnAt,
  evidence_file AS evidenceFile, evidence_sha256 AS evidenceSha256, consent.note`

const CONSENTS = prepared<[], ConsentRow>(
  `SELECT ${CONSENT_COLUMNS} FROM consent JOIN signer ON signer.id = signer_id ORDER BY signer.name, consent.id`,
)

export function listConsents(db: ReadDb): ConsentRow[] {
  return CONSENTS(db).all()
}

const CONSENT = prepared<[ConsentId], ConsentRow>(
  `SELECT ${CONSENT_COLUMNS} FROM consent JOIN signer ON signer.id = signer_id WHERE consent.id = ?`,
)

export function findConsent(db: ReadDb, id: ConsentId): ConsentRow | undefined {
  return CONSENT(db).get(id)
}

const CLIPS_OF_SIGNERS = prepared<[], { signerId: number | null; signer: string | null; clips: number }>(
  `SELECT signer_id AS signerId, signer.name AS signer, count(*) AS clips
   FROM clip LEFT JOIN signer ON signer.id = signer_id GROUP BY signer_id ORDER BY signer.name`,
)

/** `null` counts the clips that name no signer. */
export function countClipsOfSigners(db: ReadDb) {
  return CLIPS_OF_SIGNERS(db).all()
}

const RIGHTS_OF_CLIP = prepared<
  [ClipId],
  { signerId: number | null; signer: string | null; mediaId: MediaId; licence: string }
>(
  `SELECT signer_id AS signerId, signer.name AS signer, media_id AS mediaId, licence
   FROM clip JOIN media ON media.id = media_id LEFT JOIN signer ON signer.id = signer_id WHERE clip.id = ?`,
)

export function findRightsOfClip(db: ReadDb, clipId: ClipId) {
  return RIGHTS_OF_CLIP(db).get(clipId)
}

const SIGNER = prepared<[string], number>(`SELECT id FROM signer WHERE name = ?`)

export function findSigner(db: ReadDb, name: string): number | undefined {
  return SIGNER(db).pluck().get(name) as number | undefined
}

export interface LicenceRow {
  id: LicenceId
  name: string
  holder: string
  source: string
  attribution: string
  shareAlike: number
  noDerivatives: number
  nonCommercial: number
}

const LICENCES = prepared<[], LicenceRow>(
  `SELECT id, name, holder, source, attribution, share_alike AS shareAlike, no_derivatives AS noDerivatives,
     non_commercial AS nonCommercial FROM licence ORDER BY name`,
)

export function listLicences(db: ReadDb): LicenceRow[] {
  return LICENCES(db).all()
}

const NAMED = prepared<[], { name: string; media: number }>(
  `SELECT licence AS name, count(*) AS media FROM media WHERE licence <> '' GROUP BY licence ORDER BY licence`,
)

/** Licences as media name them. */
export function countNamedLicences(db: ReadDb): { name: string; media: number }[] {
  return NAMED(db).all()
}

const MEDIA_UNDER = prepared<[string], MediaId>(`SELECT id FROM media WHERE licence = ? ORDER BY id`)

export function listMediaUnder(db: ReadDb, licence: string): MediaId[] {
  return MEDIA_UNDER(db).pluck().all(licence) as MediaId[]
}
