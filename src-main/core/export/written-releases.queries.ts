import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

/** Changes and contents are JSON. */
export interface WrittenRow {
  version: string
  changes: string
  contents: string
}

const BY_NAME = prepared<[string], WrittenRow>(
  'SELECT version, changes, contents FROM written_release WHERE name = ? ORDER BY version',
)

export function listWritten(db: ReadDb, name: string): WrittenRow[] {
  return BY_NAME(db).all(name)
}

const SAVE = prepared<WrittenRow & { name: string }>(
  `INSERT INTO written_release (name, version, changes, contents) VALUES (:name, :version, :changes, :contents)
   ON CONFLICT (name, version) DO UPDATE SET changes = excluded.changes, contents = excluded.contents`,
)

/** Takes the place of what was written under this version before. */
export function saveWritten(db: WriteDb, release: WrittenRow & { name: string }): void {
  SAVE(db).run(release)
}
