import { access, writeFile } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { SearchHit } from '#shared/contract/search.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { writeCsv } from '../../formats/csv.ts'

const HEAD = [
  'recording',
  'source',
  'tier',
  'begin_ms',
  'end_ms',
  'left',
  'hit',
  'right',
  'match_from',
  'match_to',
]

/** Hits as a tab-separated table in UTF-8 with a head; returns how many there were. */
export async function writeHits(
  hits: AsyncIterable<SearchHit>,
  file: string,
  overwrite: boolean,
): Promise<number> {
  if (!overwrite && (await isThere(file)))
    throw new AppError('conflict', `${file} exists already. Choose another name, or replace it.`, {
      details: { file },
    })
  const rows: (string | number)[][] = [HEAD]
  for await (const hit of hits)
    rows.push([
      hit.recording,
      hit.source,
      hit.tier,
      hit.startMs,
      hit.endMs,
      hit.left,
      hit.value,
      hit.right,
      hit.matchFrom,
      hit.matchTo,
    ])
  await writeAtomically(file, temporary => writeFile(temporary, writeCsv(rows, '\t')))
  return rows.length - 1
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch {
    return false
  }
}
