import type { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'
import { createJieba } from './chinese-jieba.ts'
import { createLemmatiser, type LemmaModel } from './lemmatiser.ts'
import { createPosTagger, type PosModel } from './pos-tagger.ts'
import type { Tagger, Token } from './token.ts'
import { wordsOf } from './words.ts'

export interface TaggerModel {
  language: GlossLanguage
  /** All text is read in lower case, and the lemmas are. */
  isLowerCase: boolean
  pos: PosModel
  lemmas: LemmaModel
}

/** Below this the second choice was so near that somebody should look. */
const UNSURE_MARGIN = 3

/** Tags words that are cut already; lemmas of Chinese words are the words. */
export function createWordTagger({
  language,
  isLowerCase,
  pos,
  lemmas,
}: TaggerModel): (words: readonly string[]) => Token[] {
  const tag = createPosTagger(pos)
  const lemmatise = language === 'zh' ? (form: string) => form : createLemmatiser(lemmas)
  return words => {
    const forms = isLowerCase ? words.map(word => word.toLowerCase()) : words
    return tag(forms).map(({ pos, margin }, at) => ({
      surface: words[at] ?? '',
      lemma: lemmatise(forms[at] ?? '', pos),
      pos,
      isUnsure: margin < UNSURE_MARGIN,
    }))
  }
}

export function createTrainedTagger(model: TaggerModel): Tagger {
  const tag = createWordTagger(model)
  if (model.language !== 'zh') return sentence => tag(wordsOf(sentence, model.language))
  const cut = createJieba()
  return sentence => tag(cut(sentence).map(({ word }) => word))
}
