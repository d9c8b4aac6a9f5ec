import type { GlossSentence } from '#shared/contract/pseudo-gloss.ts'
import type { GlossIndex } from './gloss-index.ts'
import type { GlossLens } from './gloss-lens.ts'
import type { TaggingRecord } from './pseudo-gloss.queries.ts'
import type { Inputs } from './gloss-inputs.ts'

export function sentenceOf(
  index: GlossIndex,
  lens: GlossLens,
  at: number,
  taggings: readonly TaggingRecord[],
): GlossSentence {
  const row = index.rows[at]
  if (!row) throw new Error(`There is no row ${at}.`)
  const { referenceId, clipId, clip, split, text, taggingId } = row
  const tokens = lens.tokensOf(at)
  const glosses = tokens.flatMap(({ gloss }) => (gloss === null ? [] : [gloss]))
  const targets = [...new Set(glosses)].filter(gloss => !lens.frequent.has(gloss))
  const tagging = taggings.find(({ id }) => id === taggingId)
  return {
    referenceId,
    clipId,
    clip,
    split,
    text,
    tokens,
    glosses,
    targets,
    source: tagging ? `${tagging.name} ${tagging.version}`.trim() : '',
    isImported: tagging?.isImported === 1,
    unplaced: lens.decider.unplaced(at),
  }
}

/** Rows that fit the question, in the order of clip names. */
export function chosenRows(
  index: GlossIndex,
  lens: GlossLens,
  taggings: readonly TaggingRecord[],
  { text = '', split, gloss, only = 'all' }: Inputs['sentences'],
): number[] {
  const wanted = text.trim().toLowerCase()
  const imported = new Set(taggings.filter(({ isImported }) => isImported === 1).map(({ id }) => id))
  const tests: Record<typeof only, (at: number) => boolean> = {
    all: () => true,
    corrected: at => lens.tokensOf(at).some(({ corrected }) => corrected !== null),
    unsure: at => isUnsure(index, at),
    without: at => index.rows[at]?.taggingId !== null && lens.glossesOf(at).length === 0,
    imported: at => imported.has(index.rows[at]?.taggingId ?? 0),
    unplaced: at => lens.decider.unplaced(at).length > 0,
  }
  const isMeant = tests[only]
  const chosen: number[] = []
  index.rows.forEach((row, at) => {
    if (split !== undefined && row.split !== split) return
    if (wanted !== '' && !`${row.clip}\n${row.text}`.toLowerCase().includes(wanted)) return
    if (gloss !== undefined && !lens.glossesOf(at).includes(gloss)) return
    if (isMeant(at)) chosen.push(at)
  })
  return chosen
}

function isUnsure({ unsure, starts }: GlossIndex, at: number): boolean {
  return unsure.subarray(starts[at] ?? 0, starts[at + 1] ?? 0).includes(1)
}
