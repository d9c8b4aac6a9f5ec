import { basename, resolve } from 'node:path'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ConsentId } from '#shared/contract/ids.ts'
import { type Consent, type ConsentInput, PURPOSES } from '#shared/contract/rights.ts'
import type { ReadDb } from '../../db/types.ts'
import { resolveSelection } from '../clip/selection.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { consentOf } from './rights-of-corpus.ts'
import {
  countClipsOfSigners,
  findConsent,
  findRightsOfClip,
  findSigner,
  listConsents,
} from './rights.queries.ts'
import { sha256OfFile } from '../../formats/sha256.ts'

interface Given {
  selection: ClipSelection
  consent: ConsentInput
  unnamedSigner?: string | undefined
}

/** What the signers of a corpus have consented to. */
export function createConsentService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  async function give({ selection, consent, unnamedSigner }: Given) {
    const evidence = await evidenceOf(consent.evidenceFile)
    const clipIds = resolveSelection(db, selection)
    return editing.run(
      () => `Record consent for ${clipIds.length} clips`,
      {},
      tx => {
        const named =
          unnamedSigner === undefined ? undefined : nameSigner(db, tx, { clipIds, name: unnamedSigner })
        const signers = new Set<number>()
        let clipsWithoutSigner = 0
        for (const clipId of clipIds) {
          const signerId = findRightsOfClip(db, clipId)?.signerId ?? named
          if (signerId === undefined) clipsWithoutSigner += 1
          else signers.add(signerId)
        }
        for (const signerId of signers)
          tx.insert('consent', { signer_id: signerId, ...columnsOf(consent), ...evidence })
        return { signers: signers.size, clipsWithoutSigner }
      },
    )
  }

  async function save({ consentId, consent }: { consentId: ConsentId; consent: ConsentInput }) {
    const known = existing(consentId)
    const isSameFile = consent.evidenceFile === known.evidenceFile
    const evidence = isSameFile ? {} : await evidenceOf(consent.evidenceFile)
    const label =
      consent.withdrawnAt !== null && known.withdrawnAt === null
        ? `Record that ${known.signer} withdrew consent`
        : `Change consent of ${known.signer}`
    editing.run(label, {}, tx => tx.update('consent', consentId, { ...columnsOf(consent), ...evidence }))
  }

  function remove(consentId: ConsentId): void {
    const { signer } = existing(consentId)
    editing.run(`Remove consent of ${signer}`, {}, tx => tx.remove('consent', consentId))
  }

  function existing(consentId: ConsentId) {
    const known = findConsent(db, consentId)
    if (known) return known
    throw new AppError('not-found', 'This consent has been removed.', { details: { consentId } })
  }

  return { list: () => listAll(db), give, save, remove }
}

function listAll(db: ReadDb) {
  const counts = countClipsOfSigners(db)
  const clipsOf = new Map(counts.map(({ signerId, clips }) => [signerId, clips]))
  const consents = listConsents(db).map((row): Consent => {
    const { id, signer, evidenceFile, note } = row
    return { ...consentOf(row), id, signer, evidenceFile, note, clips: clipsOf.get(row.signerId) ?? 0 }
  })
  const known = new Set(consents.map(({ signer }) => signer))
  const without = counts.flatMap(({ signer, clips }) =>
    signer === null || known.has(signer) ? [] : [{ signer, clips }],
  )
  return { consents, without, clipsWithoutSigner: clipsOf.get(null) ?? 0 }
}

/** Writes the signer into the clips that name nobody; returns the id, or nothing where all name somebody. */
function nameSigner(
  db: ReadDb,
  tx: EditTransaction,
  { clipIds, name }: { clipIds: readonly ClipId[]; name: string },
): number | undefined {
  const unnamed = clipIds.filter(clipId => findRightsOfClip(db, clipId)?.signerId === null)
  if (unnamed.length === 0) return undefined
  const signerId = findSigner(db, name) ?? tx.insert('signer', { name })
  for (const clipId of unnamed) tx.update('clip', clipId, { signer_id: signerId })
  return signerId
}

function columnsOf({ scopes, faceVisible, territory, validUntil, withdrawnAt, note }: ConsentInput) {
  return {
    ...Object.fromEntries(PURPOSES.map(purpose => [purpose, Number(scopes.includes(purpose))])),
    face_visible: Number(faceVisible),
    territory: territory.trim(),
    valid_until: validUntil,
    withdrawn_at: withdrawnAt,
    note,
  }
}

async function evidenceOf(path: string) {
  if (path.trim() === '') return { evidence_file: '', evidence_sha256: '' }
  const file = resolve(path.trim())
  const found = await sha256OfFile(file).catch((cause: unknown) => {
    throw new AppError('not-found', `${file} cannot be read. Choose the signed form, or leave it empty.`, {
      cause,
      details: { file },
    })
  })
  return { evidence_file: basename(file), evidence_sha256: found.sha256 }
}
