import { z } from 'zod'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import { ReleaseChange, ReleaseContents, type WrittenRelease } from './release-changes.ts'
import { listWritten, saveWritten } from './written-releases.queries.ts'

export function readWritten(db: ReadDb, name: string): WrittenRelease[] {
  return listWritten(db, name).map(({ version, changes, contents }) => ({
    version,
    changes: z.array(ReleaseChange).parse(JSON.parse(changes)),
    contents: ReleaseContents.parse(JSON.parse(contents)),
  }))
}

export function rememberWritten(
  db: WriteDb,
  { name, version, changes, contents }: WrittenRelease & { name: string },
): void {
  saveWritten(db, { name, version, changes: JSON.stringify(changes), contents: JSON.stringify(contents) })
}
