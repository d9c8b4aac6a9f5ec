import * as fc from 'fast-check'
import type { WriteDb } from '../../db/types.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'

/** One thing that somebody may do to a corpus. */
export type Step = {
  kind: 'insert' | 'update' | 'remove' | 'undo' | 'redo' | 'many'
  pick: number
  text: string
}

export const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('insert', 'update', 'update', 'remove', 'undo', 'redo', 'many'),
  pick: fc.nat(1000),
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
})

export function someId(db: WriteDb, table: string, pick: number): number | undefined {
  const ids = db.prepare(`SELECT id FROM "${table}" ORDER BY id`).pluck().all() as number[]
  return ids[pick % Math.max(1, ids.length)]
}

/** Carries the step out on whatever rows there are. */
export function take(db: WriteDb, editing: Editing, step: Step): void {
  if (step.kind === 'undo') editing.undo()
  else if (step.kind === 'redo') editing.redo()
  else if (step.kind === 'many')
    editing.run('Many', {}, tx =>
      ['insert', 'update', 'remove'].forEach((kind, n) =>
        act(db, tx, { ...step, kind: kind as Step['kind'], pick: step.pick + n }),
      ),
    )
  else editing.run(step.kind, {}, tx => act(db, tx, step))
}

function act(db: WriteDb, tx: EditTransaction, { kind, pick, text }: Step): void {
  const table =
    (['clip', 'clip_tag', 'reference', 'annotation', 'tier', 'rating', 'signer'] as const)[pick % 7] ?? 'clip'
  const id = someId(db, table, pick)
  if (kind === 'insert') return insertSome(db, tx, pick, text)
  if (id === undefined) return
  if (kind === 'remove') return tx.remove(table, id)
  const columns = {
    clip: 'note',
    clip_tag: 'tag',
    reference: 'text',
    annotation: 'value',
    tier: 'participant',
    signer: 'name',
  } as const
  if (table === 'rating') tx.update(table, id, { value: pick % 101 })
  else
    tx.update(table, id, {
      [columns[table]]: table === 'clip_tag' || table === 'signer' ? `${pick}${text}` : text,
    })
}

function insertSome(db: WriteDb, tx: EditTransaction, pick: number, text: string): void {
  const clipId = someId(db, 'clip', pick)
  if (pick % 3 === 0 && clipId !== undefined) {
    tx.insert('clip_tag', {
      clip_id: clipId,
      tag: `t${pick}${text}${db.prepare('SELECT total_changes()').pluck().get()}`,
    })
    return
  }
  const parentId = someId(db, 'tier', pick) ?? null
  const typeId = someId(db, 'tier_type', 0) ?? tx.insert('tier_type', { name: 'default', stereotype: 'none' })
  const name = `${text}${db.prepare('SELECT total_changes()').pluck().get()}`
  const tierId = tx.insert('tier', {
    recording_id: 1,
    parent_id: parentId,
    type_id: typeId,
    name,
    ordinal: pick,
  })
  const parentAnnotation = someId(db, 'annotation', pick) ?? null
  tx.insert('annotation', {
    tier_id: tierId,
    parent_id: parentAnnotation,
    start_ms: pick,
    end_ms: pick + 1,
    value: text,
  })
}
