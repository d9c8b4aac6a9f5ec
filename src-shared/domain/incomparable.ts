import type { PublishedRow, PublishedTable } from '../contract/published.ts'

/** One's own scores, as far as it matters for setting them beside others'. */
export interface OwnScores {
  segments: number
  /** Null: all splits together. */
  split: string | null
  /** References that differ from what was imported. */
  editedReferences: number
  /** The recipe of the scores, where they follow a published one. */
  recipe: string | null
}

/** Why a published number and one's own do not measure the same. */
export type Reason =
  | { code: 'other-test-set'; theirs: number; own: number }
  | { code: 'unproven-test-set'; segments: number }
  | { code: 'size-unstated' }
  | { code: 'other-split'; theirs: string; own: string | null }
  | { code: 'split-unstated' }
  | { code: 'other-recipe'; theirs: string }
  | { code: 'recipe-unknown' }
  | { code: 'edited-references'; references: number }

/** All that keeps a published row and one's own scores apart; never empty, for the same size proves no same test set. */
export function whyIncomparable(
  table: Pick<PublishedTable, 'split' | 'segments' | 'recipe'>,
  row: Pick<PublishedRow, 'isQuoted'>,
  own: OwnScores,
): Reason[] {
  return [testSet(table, own), ...split(table, own), ...recipe(table, row, own), ...references(own)]
}

function testSet({ segments }: Pick<PublishedTable, 'segments'>, own: OwnScores): Reason {
  if (segments === null) return { code: 'size-unstated' }
  return segments === own.segments
    ? { code: 'unproven-test-set', segments }
    : { code: 'other-test-set', theirs: segments, own: own.segments }
}

function split({ split: theirs }: Pick<PublishedTable, 'split'>, own: OwnScores): Reason[] {
  if (theirs === null) return [{ code: 'split-unstated' }]
  return theirs === own.split ? [] : [{ code: 'other-split', theirs, own: own.split }]
}

/** A number that was repeated from another paper was computed as that paper did, whatever the source does. */
function recipe(
  { recipe: theirs }: Pick<PublishedTable, 'recipe'>,
  { isQuoted }: Pick<PublishedRow, 'isQuoted'>,
  own: OwnScores,
): Reason[] {
  if (theirs === null || isQuoted) return [{ code: 'recipe-unknown' }]
  return theirs === own.recipe ? [] : [{ code: 'other-recipe', theirs }]
}

function references({ editedReferences }: OwnScores): Reason[] {
  return editedReferences === 0 ? [] : [{ code: 'edited-references', references: editedReferences }]
}
