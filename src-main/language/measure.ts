import type { TaggerAccuracy } from '#shared/contract/pseudo-gloss.ts'
import { glossDecider, paperRule } from '#shared/domain/pseudo-gloss.ts'
import type { ConlluSentence } from '../formats/conllu.ts'
import { countSets, setF1 } from './set-f1.ts'
import type { Tagger } from './token.ts'
import { createLemmatiser } from './lemmatiser.ts'
import { createTrainedTagger, createWordTagger, type TaggerModel } from './trained-tagger.ts'

/** Set-F1 of a tagger that cuts the sentences itself, from their text alone; by the rule of the paper. */
export function measureTagger(
  tag: Tagger,
  sentences: readonly ConlluSentence[],
  language: 'de' | 'en' | 'zh',
  textOf: (sentence: ConlluSentence) => string = ({ text }) => text,
): { setF1: number; wordsPerSecond: number } {
  const counts = { both: 0, onlyGuess: 0, onlyTruth: 0 }
  let words = 0
  const began = performance.now()
  const guesses = sentences.map(sentence => tag(textOf(sentence)))
  const seconds = (performance.now() - began) / 1000
  const glosses = glossesOf(language)
  guesses.forEach((guess, at) => {
    words += guess.length
    countSets(counts, truthOf(sentences[at], glosses), glosses(guess))
  })
  return { setF1: setF1(counts), wordsPerSecond: words / Math.max(seconds, 1e-6) }
}

type Tagged = Parameters<ReturnType<typeof glossDecider>>[0]

function glossesOf(language: 'de' | 'en' | 'zh'): (words: readonly Tagged[]) => string[] {
  const decide = glossDecider(paperRule(language), language)
  return words => words.map(decide).flatMap(({ gloss, isKept }) => (isKept ? [gloss] : []))
}

function truthOf(
  sentence: ConlluSentence | undefined,
  glosses: (words: readonly Tagged[]) => string[],
): string[] {
  return glosses(
    (sentence?.words ?? []).map(({ form, lemma, upos }) => ({ surface: form, lemma, pos: upos })),
  )
}

/**
 * How well a trained tagger does: parts of speech and lemmas on the treebank's words, set-F1 on its words too, or, for
 * Chinese, on the text as jieba cuts it.
 */
export function measureModel(model: TaggerModel, sentences: readonly ConlluSentence[]): TaggerAccuracy {
  const tag = createWordTagger(model)
  const lemmatise = createLemmatiser(model.lemmas)
  const inCase = (text: string) => (model.isLowerCase ? text.toLowerCase() : text)
  const counts = { both: 0, onlyGuess: 0, onlyTruth: 0 }
  const glosses = glossesOf(model.language)
  let [words, pos, lemma, milliseconds] = [0, 0, 0, 0]
  for (const sentence of sentences) {
    const forms = sentence.words.map(({ form }) => form)
    const began = performance.now()
    const tokens = tag(forms)
    milliseconds += performance.now() - began
    words += tokens.length
    sentence.words.forEach((truth, at) => {
      if (tokens[at]?.pos === truth.upos) pos += 1
      const found = model.language === 'zh' ? truth.form : lemmatise(inCase(truth.form), truth.upos)
      if (found.toLowerCase() === truth.lemma.toLowerCase()) lemma += 1
    })
    countSets(counts, truthOf(sentence, glosses), glosses(tokens))
  }
  const wordsPerSecond = words / Math.max(milliseconds / 1000, 1e-6)
  const onText = () => measureTagger(createTrainedTagger(model), sentences, model.language).setF1
  return {
    sentences: sentences.length,
    words,
    pos: words === 0 ? 0 : pos / words,
    lemma: words === 0 ? 0 : lemma / words,
    setF1: model.language === 'zh' ? onText() : setF1(counts),
    wordsPerSecond,
  }
}
