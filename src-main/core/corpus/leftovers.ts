import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CorpusContext } from '../context.ts'
import { hasUnfinishedExtraction } from '../job/job.queries.ts'

const FOLDERS = ['features', 'proxies', 'thumbnails', 'documents']
/** As `writeAtomically` names what it has not finished. */
const TEMPORARY = /^\..+\.\d+-[0-9a-f]{8}\.part(\.\w+)?$/
/** Rows of an interrupted extraction. */
const PARTIAL = '.partial'

/**
 * Takes away what a killed process has left in the corpus folder. Only while it is opened, when nothing writes yet.
 * Rows of an interrupted extraction stay as long as a job can go on with them.
 */
export async function clearLeftovers({ dir, db, log }: CorpusContext): Promise<void> {
  const keepsRows = hasUnfinishedExtraction(db)
  const isLeft = (name: string) => TEMPORARY.test(name) || (name.endsWith(PARTIAL) && !keepsRows)
  for (const folder of FOLDERS) {
    const entries = await readdir(join(dir, folder), { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries.filter(each => each.isFile() && isLeft(each.name)))
      await rm(join(entry.parentPath, entry.name)).catch((error: unknown) =>
        log.warn({ err: error, file: entry.name }, 'a leftover could not be removed'),
      )
  }
}
