import { z } from 'zod'
import { EvaluationChoice, Normaliser, RecipeId } from '#shared/contract/evaluation.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { findChoice } from './choice.queries.ts'

const DEFAULT_CHOICE: EvaluationChoice = { recipe: 'sacrebleu', normalisers: [] }

/** How a corpus is scored unless somebody asks for another way. */
export function readChoice(db: ReadDb): EvaluationChoice {
  const kept = findChoice(db)
  if (!kept) return DEFAULT_CHOICE
  const recipe = RecipeId.safeParse(kept.recipe)
  const normalisers = z.array(Normaliser).safeParse(JSON.parse(kept.normalisers))
  // A newer program may have chosen what this one does not know.
  return recipe.success && normalisers.success
    ? { recipe: recipe.data, normalisers: normalisers.data }
    : DEFAULT_CHOICE
}

/** The recipe and the repairs of a corpus: a user's edit, which can be undone. */
export function createChoice({ db }: CorpusContext, editing: Editing) {
  const choice = () => readChoice(db)

  function choose(wanted: Partial<EvaluationChoice>): EvaluationChoice {
    const next = EvaluationChoice.parse({ ...choice(), ...wanted })
    const row = { recipe: next.recipe, normalisers: JSON.stringify(next.normalisers) }
    const label = wanted.normalisers ? 'repairs before scoring' : 'recipe of the scores'
    editing.run(label, {}, tx => {
      const kept = findChoice(db)
      if (kept) tx.update('evaluation_choice', kept.id, row)
      else tx.insert('evaluation_choice', row)
    })
    return next
  }

  return { choice, choose }
}
