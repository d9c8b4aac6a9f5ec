import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { EafDocument } from '../../formats/eaf/eaf-document.ts'
import { insertInOrder } from '../../formats/eaf/eaf-elements.ts'
import { childOf, childrenOf, insertChild } from '../../formats/xml/xml-edit.ts'
import { newElement } from '../../formats/xml/xml-element.ts'
import { type AcceptedSuggestion, listAccepted } from '../suggestion/suggestion.queries.ts'

/** PROPERTY elements of an EAF header: ELAN shows none of them and writes back those that it does not know. */
const PREFIX = 'signwright:proposed:'

interface HeaderProperty {
  name: string
  value: string
}

interface Wanted {
  recordingId: RecordingId
  /** Tiers that are written; null for all. */
  chosen: ReadonlySet<TierId> | null
}

/**
 * Which annotations began as suggestions of a model: a property for each tier and proposal, its text JSON. Times and
 * values are those of the annotation as it is, `as` those that the model proposed where somebody changed it since.
 *
 * @param present properties that the file has already: they stay, and their names are not given again
 */
export function originProperties(
  db: ReadDb,
  { recordingId, chosen }: Wanted,
  present: readonly HeaderProperty[] = [],
): HeaderProperty[] {
  const accepted = listAccepted(db, recordingId).filter(({ tierId }) => chosen === null || chosen.has(tierId))
  const groups = Map.groupBy(accepted, ({ tierId, proposalId }) => `${tierId} ${proposalId}`)
  const texts = new Set(present.map(({ value }) => value))
  const names = new Set(present.map(({ name }) => name))
  const properties: HeaderProperty[] = []
  let number = 1
  for (const group of groups.values()) {
    const value = JSON.stringify(factsOf(group))
    if (texts.has(value)) continue
    while (names.has(`${PREFIX}${number}`)) number += 1
    properties.push({ name: `${PREFIX}${number}`, value })
    number += 1
  }
  return properties
}

function factsOf(group: readonly AcceptedSuggestion[]) {
  const [first] = group
  return {
    tier: first?.tier,
    model: first?.model,
    version: first?.version,
    weights: first?.weights,
    measure: first?.measure,
    threshold: first?.threshold,
    proposedAt: first && new Date(first.proposedAt).toISOString(),
    proposedBy: first?.proposedBy,
    annotations: group.map(({ startMs, endMs, value, score, proposed }) => ({
      startMs,
      endMs,
      value,
      score: Number(score.toFixed(4)),
      ...((proposed.startMs !== startMs || proposed.endMs !== endMs || proposed.value !== value) && {
        as: proposed,
      }),
    })),
  }
}

/** Adds them to the header of a file that is saved onto what it was read from. */
export function addOriginProperties(db: ReadDb, eaf: EafDocument, wanted: Wanted): void {
  const { root } = eaf.xml
  const found = childOf(root, 'HEADER')
  const present = found ? childrenOf(found, 'PROPERTY') : []
  const properties = originProperties(
    db,
    wanted,
    present.map(({ attributes, text }) => ({ name: attributes['NAME'] ?? '', value: text })),
  )
  if (properties.length === 0) return
  const header = found ?? newElement('HEADER', { MEDIA_FILE: '', TIME_UNITS: 'milliseconds' })
  if (!found) insertInOrder(root, header)
  for (const { name, value } of properties) insertChild(header, newElement('PROPERTY', { NAME: name }, value))
}
