import type { CorpusChange } from '#shared/contract/corpus.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, ClipId, TierId } from '#shared/contract/ids.ts'
import { differing, pick, type Change } from './changes.ts'
import type { Row, RowStore, SqlValue } from './row-store.ts'

type Kind = CorpusChange['kind']
type Touched = Pick<CorpusChange, 'tierIds' | 'annotationIds'>

/** What a user may change, and what a change of it is called. */
const TABLES = {
  recording: 'media',
  media: 'media',
  signer: 'clips',
  clip: 'clip',
  clip_tag: 'clip',
  reference: 'reference',
  reference_version: 'reference',
  vocabulary: 'vocabulary',
  vocabulary_entry: 'vocabulary',
  vocabulary_value: 'vocabulary',
  tier_type: 'tier',
  tier: 'tier',
  annotation: 'annotation',
  proposal: 'suggestion',
  suggestion: 'suggestion',
  run: 'run',
  hypothesis: 'run',
  ctc_lattice: 'run',
  rating: 'rating',
  repeated_rating: 'rating',
  document_rating: 'rating',
  campaign: 'rating',
  campaign_item: 'rating',
  campaign_output: 'rating',
  judgement: 'rating',
  judged_output: 'rating',
  error_span: 'rating',
  consent: 'rights',
  licence: 'rights',
  gloss_setting: 'pseudo-gloss',
  gloss_correction: 'pseudo-gloss',
  evaluation_choice: 'evaluation',
} as const satisfies Record<string, Kind>

export type EditTable = keyof typeof TABLES

const KINDS: Record<string, Kind> = TABLES

/** Rows that an import may add, and whose other columns are then facts, not opinions of a user. */
const ONLY_COLUMNS: Partial<Record<EditTable, readonly string[]>> = {
  run: ['name', 'task'],
  hypothesis: [],
  ctc_lattice: [],
}

/** Changes rows inside one edit; columns are named as in the schema. */
export interface EditTransaction {
  /** Returns the id of the new row. */
  insert: (table: EditTable, row: Row) => number
  /** Writes and records the columns that differ; returns whether any did. */
  update: (table: EditTable, id: number, changes: Row) => boolean
  /** Removes the row and, recorded with it, everything that hangs on it. */
  remove: (table: EditTable, id: number) => void
  /** Carries `work` out whole, or, where it throws, leaves no trace of it and throws on. */
  attempt: <T>(work: () => T) => T
  /** What this edit has done so far. */
  readonly changes: readonly Change[]
}

/** Collects what it does in `changes`. */
export function createTransaction(rows: RowStore, changes: Change[]): EditTransaction {
  function insert(table: EditTable, row: Row): number {
    checkKnown(table)
    const id = rows.insert(table, row)
    // Read back, so that the log also holds what the schema filled in.
    changes.push({ table, id, before: null, after: rows.find(table, id) ?? null })
    return id
  }

  function update(table: EditTable, id: number, wanted: Row): boolean {
    checkAllowed(table, Object.keys(wanted))
    return change(table, id, wanted)
  }

  function change(table: string, id: number, wanted: Row): boolean {
    const row = rows.find(table, id)
    if (!row)
      throw new AppError('not-found', 'What you wanted to change is no longer there.', {
        details: { table, id },
      })
    const after = differing(row, wanted)
    const names = Object.keys(after)
    if (names.length === 0) return false
    rows.update(table, id, after)
    changes.push({ table, id, before: pick(row, names), after })
    return true
  }

  function remove(table: EditTable, id: number): void {
    checkAllowed(table, null)
    removeWithChildren(table, id)
  }

  function removeWithChildren(table: string, id: number): void {
    for (const link of rows.childLinks(table))
      for (const childId of rows.childIds(link, id)) {
        if (link.isCascade) removeWithChildren(link.table, childId)
        else change(link.table, childId, { [link.column]: null })
      }
    const before = rows.find(table, id)
    // A row that hangs on its parent by two links went with the first of them.
    if (!before) return
    rows.remove(table, id)
    changes.push({ table, id, before, after: null })
  }

  function attempt<T>(work: () => T): T {
    const { length } = changes
    try {
      return rows.inSavepoint(work)
    } catch (error) {
      changes.length = length
      throw error
    }
  }

  return { insert, update, remove, attempt, changes }
}

function checkKnown(table: EditTable): void {
  if (!Object.hasOwn(TABLES, table)) throw new Error(`Rows of ${table} are not changed by edits.`)
}

function checkAllowed(table: EditTable, columns: readonly string[] | null): void {
  checkKnown(table)
  const allowed = ONLY_COLUMNS[table]
  if (allowed && (columns === null || !columns.every(column => allowed.includes(column))))
    throw new Error(`Of ${table}, edits may only change ${allowed.join(', ') || 'nothing'}.`)
}

/** What listeners are told about these changes. */
export function kindsOf(changes: readonly Change[], clipId: ClipId | null): Set<Kind> {
  const kinds = new Set<Kind>()
  for (const { table, before, after } of changes) {
    const isWholeRow = before === null || after === null
    const kind = KINDS[table]
    if (kind === 'clip' && (clipId === null || (table === 'clip' && isWholeRow))) kinds.add('clips')
    else if (kind) kinds.add(kind)
  }
  return kinds
}

/** More than these are cheaper read with their whole tiers than one by one. */
const FEW = 40

/** The tiers whose annotations these changes touched, and which ones; a changed column alone does not say on which tier it was. */
export function touchedBy(changes: readonly Change[], rows: RowStore): Touched {
  const tiers = new Set<SqlValue | undefined>()
  const annotations = new Set<AnnotationId>()
  const unnamed: number[] = []
  for (const { table, id, before, after } of changes) {
    if (table !== 'annotation') continue
    annotations.add(id as AnnotationId)
    const [from, to] = [before?.['tier_id'], after?.['tier_id']]
    if (from === undefined && to === undefined) unnamed.push(id)
    else tiers.add(from).add(to)
  }
  // Of all at once: a renamed type has a hundred thousand tokens on a few tiers.
  if (unnamed.length > 0) for (const tier of rows.distinct('annotation', 'tier_id', unnamed)) tiers.add(tier)
  const tierIds = [...tiers].filter(tier => typeof tier === 'number') as TierId[]
  return { tierIds, ...(annotations.size <= FEW && { annotationIds: [...annotations] }) }
}
