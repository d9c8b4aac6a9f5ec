import { GLOSS_LANGUAGES, type GlossLanguage } from '#shared/contract/pseudo-gloss.ts'
import { spellingIndex } from '#shared/domain/gloss-spelling.ts'

/** A tagger with lemmas, as the pseudo-glosses of sentences come from. */
export interface LemmaSource {
  ofText: (input: {
    text: string
    language?: GlossLanguage | undefined
  }) => Promise<{ tokens: readonly { lemma: string }[] }>
}

export interface MatchedWord {
  typed: string
  word: string | null
  by: 'spelling' | 'lemma' | null
}

/**
 * Words of a vocabulary that are meant: the word itself in whatever spelling, else its lemma. A tagger sees each word alone,
 * so that a form of several words (German “weiß”) is taken for the one it is likeliest of.
 */
export async function matchWords(
  typed: readonly string[],
  vocabulary: readonly string[],
  { lemmas, languages }: { lemmas: LemmaSource; languages: readonly string[] },
): Promise<MatchedWord[]> {
  const known = spellingIndex(vocabulary)
  const language = GLOSS_LANGUAGES.find(each => languages.includes(each))
  const matched: MatchedWord[] = []
  for (const each of typed) {
    const same = known(each)
    if (same === undefined) matched.push(await byLemma(each))
    else matched.push({ typed: each, word: same, by: 'spelling' })
  }
  return matched

  async function byLemma(text: string): Promise<MatchedWord> {
    const { tokens } = await lemmas.ofText({ text, language })
    const word = tokens.map(({ lemma }) => known(lemma)).find(each => each !== undefined)
    return word === undefined ? { typed: text, word: null, by: null } : { typed: text, word, by: 'lemma' }
  }
}
