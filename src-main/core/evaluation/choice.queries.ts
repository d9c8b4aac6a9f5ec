import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const CHOICE = prepared<[], { id: number; recipe: string; normalisers: string }>(
  'SELECT id, recipe, normalisers FROM evaluation_choice ORDER BY id LIMIT 1',
)

/** The recipe and the repairs (JSON array) that the corpus is scored with, where somebody chose. */
export function findChoice(db: ReadDb): { id: number; recipe: string; normalisers: string } | undefined {
  return CHOICE(db).get()
}

const LANGUAGE = prepared<[], string>(
  'SELECT language FROM reference GROUP BY language ORDER BY count(*) DESC LIMIT 1',
)

/** The language of most references (BCP 47), empty where there are none. */
export function commonTextLanguage(db: ReadDb): string {
  return (LANGUAGE(db).pluck().get() as string | undefined) ?? ''
}
