import type { CorpusChange } from '#shared/contract/corpus.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { WriteDb } from '../db/types.ts'
import type { Emitter } from './emitter.ts'

export interface Log {
  info: (facts: Record<string, unknown>, message: string) => void
  warn: (facts: Record<string, unknown>, message: string) => void
  error: (facts: Record<string, unknown>, message: string) => void
}

/** What every service of an open corpus may use. */
export interface CorpusContext {
  /** The corpus folder, absolute. */
  dir: string
  db: WriteDb
  changes: Emitter<CorpusChange>
  log: Log
  /** Milliseconds since 1970; a test passes its own clock. */
  now: () => number
  /** Who edits: the annotator's name from the settings. */
  author: () => string
}

export function announce(
  context: CorpusContext,
  kind: CorpusChange['kind'],
  clipId: ClipId | null = null,
  touched: Pick<CorpusChange, 'tierIds' | 'annotationIds'> = {},
): void {
  context.changes.emit({ kind, clipId, ...touched })
}
