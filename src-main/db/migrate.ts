import { AppError } from '#shared/contract/errors.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { ReadDb, WriteDb } from './types.ts'

export const LATEST = Math.max(...MIGRATIONS.map(migration => migration.id))

export function schemaVersion(db: ReadDb): number {
  return db.pragma('user_version', { simple: true }) as number
}

/**
 * Brings a corpus to schema `target`, one transaction a step.
 *
 * @throws AppError 'conflict' when a newer Signwright wrote the corpus.
 */
export function migrate(db: WriteDb, target: number = LATEST): void {
  const version = schemaVersion(db)
  if (version > LATEST)
    throw new AppError(
      'conflict',
      `This corpus was written by a newer Signwright (format ${version}, this program knows ${LATEST}). Update Signwright to open it.`,
    )
  for (const migration of MIGRATIONS) {
    if (migration.id <= version || migration.id > target) continue
    // Foreign keys stay off while tables are rebuilt; SQLite ignores the switch inside a transaction.
    db.pragma('foreign_keys = OFF')
    try {
      db.transaction(() => {
        migration.up(db)
        const broken = db.pragma('foreign_key_check') as unknown[]
        if (broken.length > 0)
          throw new Error(`Migration ${migration.name} breaks ${broken.length} foreign keys.`)
        db.pragma(`user_version = ${migration.id}`)
      }).exclusive()
    } finally {
      db.pragma('foreign_keys = ON')
    }
  }
}
