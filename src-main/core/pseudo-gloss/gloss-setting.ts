import { type GlossLanguage, GlossRule, type GlossSetting } from '#shared/contract/pseudo-gloss.ts'
import { paperRule } from '#shared/domain/pseudo-gloss.ts'
import { guessLanguage } from '../../language/guess-language.ts'
import type { CorpusContext } from '../context.ts'
import { findSetting, languagesOf, listSplits, sampleTexts } from './pseudo-gloss.queries.ts'

/** As chosen, or what the corpus suggests. */
export function settingOf(context: Pick<CorpusContext, 'db'>): GlossSetting {
  const saved = findSetting(context.db)
  if (!saved) return suggested(context)
  const { language, providerId } = saved
  const splits = JSON.parse(saved.splits) as string[]
  return { language, providerId, splits, rule: GlossRule.parse(JSON.parse(saved.rule)) }
}

function suggested({ db }: Pick<CorpusContext, 'db'>): GlossSetting {
  const known: Record<string, GlossLanguage> = {
    de: 'de',
    deu: 'de',
    ger: 'de',
    en: 'en',
    eng: 'en',
    zh: 'zh',
    zho: 'zh',
    chi: 'zh',
    cmn: 'zh',
  }
  const named = languagesOf(db).find(tag => known[tag] !== undefined) ?? ''
  const language = known[named] ?? guessLanguage(sampleTexts(db))
  const splits = listSplits(db).filter(split => split === 'train')
  return { language, providerId: null, splits, rule: paperRule(language) }
}
