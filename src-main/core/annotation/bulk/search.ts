import type { AnnotationScope, BulkOperation, SearchPattern } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { FoundAnnotation } from '#shared/contract/annotation.ts'
import type { ReadDb } from '../../../db/types.ts'
import { type TierValue, valueOnTier } from '../../vocabulary/tier-value.ts'
import { type AnnotationRecord, countFamily, recordingName, type TierRecord } from '../annotation.queries.ts'
import { closeGap } from '../placement.ts'
import { existingTier } from '../tier.service.ts'
import type { BulkWork } from './bulk.service.ts'
import { matching, replaced } from './pattern.ts'
import { annotationsIn, scopeName } from './scope.ts'

export function findMatches(
  db: ReadDb,
  input: { scope: AnnotationScope; pattern: SearchPattern; limit: number },
): { total: number; annotations: FoundAnnotation[] } {
  const all = annotationsIn(db, input.scope)
  const isMatch = matching(
    all.map(({ value }) => value),
    input.pattern,
  )
  const found = all.filter((_, at) => isMatch[at])
  const annotations = found.slice(0, input.limit).map(annotation => {
    const { recordingId, name } = existingTier(db, annotation.tierId)
    return { ...annotation, recordingId, recording: recordingName(db, recordingId), tier: name }
  })
  return { total: found.length, annotations }
}

export function replaceText(
  { db, tx, leftOut }: BulkWork,
  { scope, pattern, replacement }: Extract<BulkOperation, { kind: 'replace' }>,
): string {
  const all = annotationsIn(db, scope)
  const values = replaced(
    all.map(({ value }) => value),
    pattern,
    replacement,
  )
  const filled = rememberedValues(db)
  all.forEach((annotation, at) => {
    const value = values[at]
    if (value === undefined || value === annotation.value) return
    leftOut.unless(() => {
      const { value: text, entryId } = filled(annotation.tierId, value)
      tx.update('annotation', annotation.id, { value: text, entry_id: entryId })
    })
  })
  return `Replace “${pattern.text}” with “${replacement}” in ${scopeName(db, scope)}`
}

/** What tiers make of values; a replacement asks for the same few a hundred thousand times. */
function rememberedValues(db: ReadDb): (tierId: TierId, value: string) => TierValue {
  const known = new Map<TierId, { tier: TierRecord; values: Map<string, TierValue | AppError> }>()
  const valueOn = (tier: TierRecord, value: string): TierValue | AppError => {
    try {
      return valueOnTier(db, tier, { value })
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }
  return (tierId, value) => {
    const { tier, values } = known.get(tierId) ?? { tier: existingTier(db, tierId), values: new Map() }
    known.set(tierId, { tier, values })
    const answer = values.get(value) ?? valueOn(tier, value)
    values.set(value, answer)
    if (answer instanceof AppError) throw answer
    return answer
  }
}

export function clearText(
  { db, tx }: BulkWork,
  { scope }: Extract<BulkOperation, { kind: 'clear' }>,
): string {
  for (const { id, value, entryId } of annotationsIn(db, scope))
    if (value !== '' || entryId !== null) tx.update('annotation', id, { value: '', entry_id: null })
  return `Clear the text of ${scopeName(db, scope)}`
}

/** Those without text on which nothing hangs. */
export function removeEmpty(
  { db, tx, leftOut }: BulkWork,
  { scope }: Extract<BulkOperation, { kind: 'remove-empty' }>,
): string {
  const empty = annotationsIn(db, scope).filter(({ value }) => value.trim() === '')
  const removeOne = (annotation: AnnotationRecord) => {
    tx.remove('annotation', annotation.id)
    closeGap(db, tx, annotation, existingTier(db, annotation.tierId))
  }
  // Children first: a parent whose children were all empty is then free to go.
  for (const annotation of empty.toReversed()) {
    const family = countFamily(db, { annotationIds: [annotation.id] }).annotations
    if (family > 1) leftOut.add('Other annotations hang on it.')
    else removeOne(annotation)
  }
  return `Remove empty annotations of ${scopeName(db, scope)}`
}
