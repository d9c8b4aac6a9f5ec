import { TierLayout } from '#shared/contract/annotation.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'

const DEFAULT: TierLayout = { height: 'medium', hidden: [], collapsed: [], colours: {} }

/** How the tiers of the corpus are shown. It goes with the corpus, and is no edit: undo does not know of it. */
export function createTierLayout({ db }: Pick<CorpusContext, 'db'>) {
  return { read: () => readTierLayout(db), save: (layout: TierLayout) => saveTierLayout(db, layout) }
}

export function readTierLayout(db: ReadDb): TierLayout {
  const stored = findFact(db, 'tier-layout')
  return stored === undefined ? DEFAULT : TierLayout.parse(JSON.parse(stored))
}

export function saveTierLayout(db: WriteDb, layout: TierLayout): void {
  setFact(db, 'tier-layout', JSON.stringify(layout))
}
