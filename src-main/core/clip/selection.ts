import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { findByNames, keepExisting, listSplits } from './clip.queries.ts'
import { findClipIds } from './clip.search.ts'

const NAMED_AT_MOST = 5

/**
 * The clips that an action applies to, each once.
 *
 * @throws AppError 'not-found' naming what the corpus does not have
 */
export function resolveSelection(db: ReadDb, selection: ClipSelection): ClipId[] {
  if (selection.kind === 'all') return byName(db, {})
  if (selection.kind === 'filter') return byName(db, selection.filter)
  if (selection.kind === 'split') return ofSplit(db, selection.split)
  if (selection.kind === 'ids') return ofIds(db, [...new Set(selection.clipIds)])
  return ofNames(db, [...new Set(selection.names)])
}

function byName(db: ReadDb, filter: Parameters<typeof findClipIds>[1]['filter']): ClipId[] {
  return findClipIds(db, { filter, sort: 'name', descending: false })
}

function ofSplit(db: ReadDb, split: string): ClipId[] {
  const ids = byName(db, { split })
  if (ids.length > 0) return ids
  const splits = listSplits(db).filter(name => name !== '')
  const there = splits.length > 0 ? `It has: ${listed(splits)}.` : 'It has no splits.'
  throw new AppError('not-found', `No clip of the corpus is in the split “${split}”. ${there}`, {
    details: { split, splits },
  })
}

function ofIds(db: ReadDb, wanted: ClipId[]): ClipId[] {
  const ids = keepExisting(db, wanted)
  if (ids.length === wanted.length) return ids
  const known = new Set(ids)
  const missing = wanted.filter(id => !known.has(id))
  const subject = missing.length === 1 ? 'One of the clips is' : `${missing.length} of the clips are`
  throw new AppError('not-found', `${subject} no longer in the corpus. Select again.`, {
    details: { missing },
  })
}

function ofNames(db: ReadDb, names: string[]): ClipId[] {
  const found = findByNames(db, names)
  const missing = found.filter(({ id }) => id === null).map(({ name }) => name)
  if (missing.length > 0)
    throw new AppError('not-found', `The corpus has no clip named ${listed(missing)}.`, {
      details: { missing },
    })
  return found.map(({ id }) => id as ClipId)
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_AT_MOST).map(name => `“${name}”`)
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
