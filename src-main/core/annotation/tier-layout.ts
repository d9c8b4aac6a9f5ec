import { TierLayout } from '#shared/contract/annotation.ts'
import type { CorpusContext } from '../context.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'

const DEFAULT: TierLayout = { height: 'medium', hidden: [], collapsed: [] }

/** How the tiers of the corpus are shown. It goes with the corpus, and is no edit: undo does not know of it. */
export function createTierLayout({ db }: Pick<CorpusContext, 'db'>) {
  function read(): TierLayout {
    const stored = findFact(db, 'tier-layout')
    return stored === undefined ? DEFAULT : TierLayout.parse(JSON.parse(stored))
  }

  return { read, save: (layout: TierLayout) => setFact(db, 'tier-layout', JSON.stringify(layout)) }
}
