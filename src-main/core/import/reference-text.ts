import type { ReadDb } from '../../db/types.ts'
import { type KnownClip, lastImportedText } from './import.queries.ts'

/** What an import does about the reference of a clip that is already there. */
export type TextDecision = 'same' | 'apply' | 'keep-corrected'

/** A sentence that a person has corrected is never overwritten by a table, and a table never empties one. */
export function decideText(db: ReadDb, known: KnownClip, text: string): TextDecision {
  if (text === '' || known.text === text) return 'same'
  if (known.referenceId === null || known.source === 'import') return 'apply'
  return lastImportedText(db, known.referenceId) === text ? 'same' : 'keep-corrected'
}

export function correctedMessage(known: KnownClip, name: string): string {
  const who = known.changedBy ? ` by ${known.changedBy}` : ''
  return `The table has another text for ${name}, but its reference was corrected here${who}. The correction is kept.`
}
