import type { ClipId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

/** The trigram index knows no shorter strings; Chinese words mostly are. */
const SHORTEST_INDEXED = 3

const INDEXED = prepared<{ phrase: string }, ClipId>(
  `SELECT rowid FROM clip_search WHERE clip_search MATCH :phrase
   UNION SELECT clip_id FROM output_search JOIN hypothesis ON hypothesis.id = output_search.rowid
     WHERE output_search MATCH :phrase`,
)

/** Reads the stored text past FTS5, which takes three times as long for a scan. */
const SCANNED = prepared<{ like: string; otherCase: string }, ClipId>(
  `SELECT id FROM clip_search_content
   WHERE c0 LIKE :like ESCAPE '!' OR c1 LIKE :like ESCAPE '!' OR c2 LIKE :like ESCAPE '!'
      OR (:otherCase <> :like AND (c0 LIKE :otherCase ESCAPE '!' OR c1 LIKE :otherCase ESCAPE '!'
        OR c2 LIKE :otherCase ESCAPE '!'))
   UNION SELECT clip_id FROM hypothesis
   WHERE rank = 0 AND (text LIKE :like ESCAPE '!' OR (:otherCase <> :like AND text LIKE :otherCase ESCAPE '!'))`,
)

/** The clips whose name, gloss, references or best outputs contain the text, in no order; null when nothing is asked. */
export function findByText(db: ReadDb, wanted: string | undefined): Set<ClipId> | null {
  const text = wanted?.trim().normalize('NFC') ?? ''
  if (text === '') return null
  if ([...text].length >= SHORTEST_INDEXED)
    return new Set(
      INDEXED(db)
        .pluck()
        .all({ phrase: `"${text.replaceAll('"', '""')}"` }) as ClipId[],
    )
  const pattern = (part: string) => `%${part.replaceAll(/[!%_]/g, '!$&')}%`
  // LIKE itself only knows the two cases of ASCII letters.
  const cases = { like: pattern(text.toLowerCase()), otherCase: pattern(text.toUpperCase()) }
  if (/^[ -~]*$/.test(text)) cases.otherCase = cases.like
  return new Set(SCANNED(db).pluck().all(cases) as ClipId[])
}
