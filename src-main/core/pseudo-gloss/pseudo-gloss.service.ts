import type {
  GlossEffect,
  GlossLanguage,
  GlossSentence,
  VocabularyGloss,
} from '#shared/contract/pseudo-gloss.ts'
import { paperRule } from '#shared/domain/pseudo-gloss.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { createCorrecting } from './correcting.ts'
import { createGlossExport } from './export-glosses.ts'
import type { Inputs } from './gloss-inputs.ts'
import { settingOf } from './gloss-setting.ts'
import { chosenRows, sentenceOf } from './gloss-view.ts'
import { createViews } from './gloss-views.ts'
import type { LanguageTools } from './language-tools.ts'
import { listSplits, listTaggings } from './pseudo-gloss.queries.ts'
import { createSingle } from './single-sentence.ts'
import { toTag } from './tag-job.ts'
import { effectOf, vocabularyOf } from './vocabulary.ts'

export interface PseudoGlossDeps {
  editing: Editing
  language: Pick<LanguageTools, 'tag' | 'providers'>
  /** Of the program. */
  version: string
}

/** Sentences of the corpus as pseudo-glosses: what was tagged, seen through the rule and what users say of it. */
export function createPseudoGlossService(context: CorpusContext, deps: PseudoGlossDeps) {
  const { db } = context
  const setting = () => settingOf(context)
  const views = createViews(context, setting)

  async function effect(input: Inputs['effect']): Promise<GlossEffect> {
    const chosen = input.setting ?? setting()
    const { index, lens, corrections } = await views.through(chosen)
    const provider = deps.language.providers.choose(chosen.language, chosen.providerId)
    const isOther = toTag(db, provider, false)
    return effectOf(index, lens, { corrections, isOther, taggings: listTaggings(db), splits: listSplits(db) })
  }

  async function sentences(input: Inputs['sentences']): Promise<{ total: number; rows: GlossSentence[] }> {
    const { index, lens } = await views.current()
    const taggings = listTaggings(db)
    const rows = chosenRows(index, lens, taggings, input)
    const { offset = 0, limit = 200 } = input
    const page = rows.slice(offset, offset + limit)
    return { total: rows.length, rows: page.map(row => sentenceOf(index, lens, row, taggings)) }
  }

  async function vocabulary(
    input: Inputs['vocabulary'],
  ): Promise<{ total: number; rows: VocabularyGloss[]; line: number }> {
    const { index, lens } = await views.current()
    return vocabularyOf(index, lens, input)
  }

  return {
    setting,
    defaultRule: (language: GlossLanguage) => paperRule(language),
    effect,
    sentences,
    vocabulary,
    ...createSingle(context, { ...deps, setting, current: views.current }),
    ...createCorrecting(context, deps.editing, setting),
    ...createGlossExport(context, { version: deps.version, current: views.current }),
    close: views.close,
  }
}

export type PseudoGlossService = ReturnType<typeof createPseudoGlossService>
