import type { BulkOperation, BulkOutcome } from '#shared/contract/annotation-bulk.ts'
import type { FoundAnnotation } from '#shared/contract/annotation.ts'
import type { CorpusContext } from '../../context.ts'
import type { Editing, EditTransaction } from '../../edit/edit.service.ts'
import { copyAnnotations, copyTier, depend } from './copy.ts'
import { fillGaps, fillOverlaps, fillRegularly } from './fill.ts'
import { createLeftOut, type LeftOut, outcomeOf } from './outcome.ts'
import { clearText, findMatches, removeEmpty, replaceText } from './search.ts'
import { shift } from './shift.ts'

/** What an operation works with: it writes through `tx` and tells `leftOut` what it had to leave. */
export interface BulkWork {
  db: CorpusContext['db']
  tx: EditTransaction
  leftOut: LeftOut
}

type Act = (work: BulkWork) => string

/** Edits of many annotations: each one edit, with a preview that is the edit itself, taken back. */
export function createBulkService({ db }: CorpusContext, { editing }: { editing: Editing }) {
  function carryOut(tx: EditTransaction, act: Act): BulkOutcome {
    const leftOut = createLeftOut()
    const label = act({ db, tx, leftOut })
    return { label, ...outcomeOf(db, tx.changes), skipped: leftOut.reasons() }
  }

  function run(act: Act): BulkOutcome {
    let label = ''
    return editing.run(
      () => label,
      {},
      tx => {
        const outcome = carryOut(tx, act)
        label = outcome.label
        return outcome
      },
    )
  }

  function preview(act: Act): BulkOutcome {
    return editing.preview(tx => carryOut(tx, act))
  }

  return {
    run,
    previewBulk: (operation: BulkOperation) => preview(work => perform(work, operation)),
    bulk: (operation: BulkOperation) => run(work => perform(work, operation)),
    find: (input: Parameters<typeof findMatches>[1]): { total: number; annotations: FoundAnnotation[] } =>
      findMatches(db, input),
  }
}

export type BulkService = ReturnType<typeof createBulkService>

/** Carries the operation out; returns what undo will call it. */
function perform(work: BulkWork, operation: BulkOperation): string {
  switch (operation.kind) {
    case 'shift':
      return shift(work, operation)
    case 'copy':
      return copyAnnotations(work, operation)
    case 'regular':
      return fillRegularly(work, operation)
    case 'depend':
      return depend(work, operation)
    case 'gaps':
      return fillGaps(work, operation)
    case 'overlaps':
      return fillOverlaps(work, operation)
    case 'replace':
      return replaceText(work, operation)
    case 'clear':
      return clearText(work, operation)
    case 'remove-empty':
      return removeEmpty(work, operation)
    case 'copy-tier':
      return copyTier(work, operation)
  }
}
