import { isUpos } from '#shared/domain/pos.ts'
import model from 'wink-eng-lite-web-model'
import winkNLP from 'wink-nlp'
import type { Tagger } from './token.ts'

/** wink-nlp with its lite web model: universal parts of speech and lemmas. It reads English with or without capitals. */
export function createWinkTagger(): Tagger {
  const nlp = winkNLP(model, ['pos'])
  const { its } = nlp
  return sentence => {
    const tokens = nlp.readDoc(sentence).tokens()
    const surfaces = tokens.out() as string[]
    const parts = tokens.out(its.pos) as string[]
    const lemmas = tokens.out(its.lemma as typeof its.pos) as string[]
    return surfaces.flatMap((surface, at) => {
      const pos = parts[at] ?? 'X'
      if (pos === 'SPACE' || surface.trim() === '') return []
      return [{ surface, lemma: lemmas[at] ?? surface, pos: isUpos(pos) ? pos : 'X', isUnsure: false }]
    })
  }
}
