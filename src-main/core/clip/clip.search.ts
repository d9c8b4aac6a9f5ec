import type { ClipFilter } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import { SHOWN_HYPOTHESIS, IS_SCORABLE, sentenceScore } from './clip.sql.ts'
import { findByText } from './text-search.ts'

export type ClipSort = 'name' | 'split' | 'signer' | 'state' | 'duration' | 'reference' | 'bleu' | 'chrf'

export interface ClipOrder {
  filter: ClipFilter
  sort: ClipSort
  descending: boolean
}

type Parameters = Record<string, string | number | null>

/**
 * The SQL of a filter is put together from these constant pieces: one statement that tests every condition for
 * "or not asked" could use no index. User text only ever travels as a parameter.
 */
const CONDITIONS = {
  split: 'clip.split = :split',
  state: 'clip.state = :state',
  signer: 'clip.signer_id = (SELECT id FROM signer WHERE name = :signer)',
  tag: 'clip.id IN (SELECT clip_id FROM clip_tag WHERE tag = :tag)',
  belowBleu: `${sentenceScore('bleu')} < :belowBleu`,
}

const FIRST_REFERENCE = `(SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1)`

/** Clips without the value come last, whichever way the rest is sorted. */
const SORT_KEYS: Record<ClipSort, readonly string[]> = {
  name: ['clip.name'],
  split: ['clip.split', 'clip.name'],
  state: ['clip.state', 'clip.name'],
  duration: ['clip.end_ms - clip.start_ms', 'clip.name'],
  signer: ['(SELECT name FROM signer WHERE id = clip.signer_id)', 'clip.name'],
  reference: [FIRST_REFERENCE, 'clip.name'],
  bleu: [sentenceScore('bleu'), 'clip.name'],
  chrf: [sentenceScore('chrf'), 'clip.name'],
}
const MAY_BE_NULL = new Set<ClipSort>(['signer', 'reference', 'bleu', 'chrf'])

const statements = new Map<string, ReturnType<typeof prepared<Parameters, ClipId>>>()

/** All clips that match, in order. */
export function findClipIds(db: ReadDb, order: ClipOrder): ClipId[] {
  return keepMatching(db, order.filter.text, () => findWithoutText(db, order))
}

/** Looks for the text first: where nothing is asked or found, the rest is not needed. */
export function keepMatching(db: ReadDb, text: string | undefined, findOthers: () => ClipId[]): ClipId[] {
  const matching = findByText(db, text)
  if (!matching) return findOthers()
  return matching.size === 0 ? [] : findOthers().filter(id => matching.has(id))
}

export function findWithoutText(db: ReadDb, order: ClipOrder): ClipId[] {
  const { sql, parameters } = clipIdsQuery(order)
  let statement = statements.get(sql)
  if (!statement) {
    statement = prepared<Parameters, ClipId>(sql)
    statements.set(sql, statement)
  }
  return statement(db).pluck().all(parameters) as ClipId[]
}

/** Exported for the test of its query plans. */
export function clipIdsQuery({ filter, sort, descending }: ClipOrder): {
  sql: string
  parameters: Parameters
} {
  const parameters: Parameters = {}
  const conditions: string[] = []
  for (const name of ['split', 'state', 'signer', 'tag', 'belowBleu'] as const) {
    const value = filter[name]
    if (value === undefined) continue
    conditions.push(CONDITIONS[name])
    parameters[name] = value
  }

  const direction = descending ? 'DESC' : 'ASC'
  const keys = SORT_KEYS[sort].map(key => `${key} ${direction}${MAY_BE_NULL.has(sort) ? ' NULLS LAST' : ''}`)
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const sql = `SELECT clip.id FROM clip ${where} ORDER BY ${keys.join(', ')}`
  if (sql.includes(':runId')) parameters['runId'] = filter.runId ?? null
  return { sql, parameters }
}

const UNSCORED = prepared<{ runId: number | null }, ClipId>(
  `SELECT clip.id FROM clip
   WHERE EXISTS (SELECT 1 FROM reference WHERE clip_id = clip.id)
     AND NOT EXISTS (SELECT 1 FROM sentence_score WHERE hypothesis_id = ${SHOWN_HYPOTHESIS})
     AND ${IS_SCORABLE}`,
)

/** Clips with a reference and an output that nobody has scored against each other. */
export function findUnscoredClips(db: ReadDb, runId: number | null): ClipId[] {
  return UNSCORED(db).pluck().all({ runId }) as ClipId[]
}
