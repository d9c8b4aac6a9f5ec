import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { LicenceId } from '#shared/contract/ids.ts'
import type { Licence, LicenceInput } from '#shared/contract/rights.ts'
import { resolveSelection } from '../clip/selection.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { licenceOf } from './rights-of-corpus.ts'
import { knownTerms } from './known-licences.ts'
import { countNamedLicences, findRightsOfClip, listLicences, listMediaUnder } from './rights.queries.ts'

const UNSTATED = { shareAlike: false, noDerivatives: false, nonCommercial: false }

/** The licences that the media of a corpus name, and what they allow. */
export function createLicenceService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function list(): Licence[] {
    const used = new Map(countNamedLicences(db).map(({ name, media }) => [name, media]))
    const described = listLicences(db).map(row => ({
      id: row.id,
      ...licenceOf(row),
      isKnown: true,
      media: used.get(row.name) ?? 0,
    }))
    const names = new Set(described.map(({ name }) => name))
    const others = [...used]
      .filter(([name]) => !names.has(name))
      .map(([name, media]) => undescribed(name, media))
    return [...described, ...others].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  function save({ licenceId, licence }: { licenceId?: LicenceId | undefined; licence: LicenceInput }): void {
    const rows = listLicences(db)
    const taken = rows.find(({ name }) => name === licence.name)
    if (taken && taken.id !== licenceId)
      throw new AppError('conflict', `The licence “${licence.name}” is described already. Change that one.`)
    const known = licenceId === undefined ? undefined : existing(licenceId)
    editing.run(`${known ? 'Change' : 'Describe'} licence ${licence.name}`, {}, tx => {
      if (!known) return tx.insert('licence', columnsOf(licence))
      tx.update('licence', known.id, columnsOf(licence))
      if (known.name === licence.name) return undefined
      for (const mediaId of listMediaUnder(db, known.name))
        tx.update('media', mediaId, { licence: licence.name })
      return undefined
    })
  }

  function remove(licenceId: LicenceId): void {
    const { name } = existing(licenceId)
    editing.run(`Remove description of licence ${name}`, {}, tx => tx.remove('licence', licenceId))
  }

  function assign({ selection, name }: { selection: ClipSelection; name: string }): { media: number } {
    const clipIds = resolveSelection(db, selection)
    const label = name === '' ? 'Take licence away' : `Put media under ${name}`
    return editing.run(label, {}, tx => {
      const media = new Set(clipIds.flatMap(clipId => findRightsOfClip(db, clipId)?.mediaId ?? []))
      let changed = 0
      for (const mediaId of media) if (tx.update('media', mediaId, { licence: name })) changed += 1
      return { media: changed }
    })
  }

  function existing(licenceId: LicenceId) {
    const known = listLicences(db).find(({ id }) => id === licenceId)
    if (known) return known
    throw new AppError('not-found', 'The description of this licence has been removed.', {
      details: { licenceId },
    })
  }

  return { list, save, remove, assign }
}

/** A licence that media name and nobody has described: its terms are known only where everybody knows them. */
function undescribed(name: string, media: number): Licence {
  const terms = knownTerms(name)
  return {
    id: null,
    name,
    holder: '',
    source: '',
    attribution: '',
    ...(terms ?? UNSTATED),
    isKnown: terms !== null,
    media,
  }
}

function columnsOf({ name, holder, source, attribution, ...terms }: LicenceInput) {
  return {
    name,
    holder,
    source,
    attribution,
    share_alike: Number(terms.shareAlike),
    no_derivatives: Number(terms.noDerivatives),
    non_commercial: Number(terms.nonCommercial),
  }
}
