import type { ReviewState } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import { findTagId } from './clip.queries.ts'

export interface ClipChanges {
  state?: ReviewState
  split?: string
  note?: string
  addTags?: string[]
  removeTags?: string[]
}

/** Returns whether anything differs from before. */
export function updateClip(db: ReadDb, tx: EditTransaction, clipId: ClipId, changes: ClipChanges): boolean {
  const { addTags = [], removeTags = [], ...columns } = changes
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  let isChanged = given.length > 0 && tx.update('clip', clipId, Object.fromEntries(given))
  for (const tag of new Set(addTags)) {
    if (removeTags.includes(tag) || findTagId(db, clipId, tag) !== undefined) continue
    tx.insert('clip_tag', { clip_id: clipId, tag })
    isChanged = true
  }
  for (const tag of removeTags) {
    const tagId = findTagId(db, clipId, tag)
    if (tagId === undefined) continue
    tx.remove('clip_tag', tagId)
    isChanged = true
  }
  return isChanged
}

/** "Set state of 12 clips to accepted" */
export function updateLabel(changes: ClipChanges, count: number, firstName: string): string {
  const what = count === 1 ? firstName : `${count} clips`
  const { state, split, note, addTags = [], removeTags = [] } = changes
  const parts: string[] = []
  if (state !== undefined) parts.push(`set state of ${what} to ${state}`)
  if (split !== undefined)
    parts.push(split === '' ? `take ${what} out of its split` : `move ${what} to split ${split}`)
  if (note !== undefined) parts.push(`change note of ${what}`)
  if (addTags.length > 0) parts.push(`tag ${what} with ${addTags.join(', ')}`)
  if (removeTags.length > 0) parts.push(`remove tag ${removeTags.join(', ')} from ${what}`)
  const text = parts.join('; ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
