import { readFileSync } from 'node:fs'
import type { TaggerAccuracy, TaggerTraining } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { readConllu, type ConlluSentence } from '../formats/conllu.ts'
import { trainLemmatiser } from './lemmatiser.ts'
import { measureModel } from './measure.ts'
import { trainPosTagger } from './pos-tagger.ts'
import type { TaggerModel } from './trained-tagger.ts'

export interface TrainingResult {
  model: TaggerModel
  accuracy: TaggerAccuracy
  sentences: number
  words: number
}

/** Fewer sentences say nothing about a language. */
const LEAST_SENTENCES = 20
const HELD_OUT_EVERY = 10

type Wish = Pick<TaggerTraining, 'language' | 'files' | 'testFiles' | 'isLowerCase' | 'rounds'>

/** @param onProgress sentences learnt from so far, all rounds counted, of how many */
export function trainTagger(wish: Wish, onProgress: (done: number, total: number) => void): TrainingResult {
  const all = wish.files.flatMap(readTreebank)
  const test = wish.testFiles.flatMap(readTreebank)
  const isHeldOut = (at: number) => test.length === 0 && at % HELD_OUT_EVERY === HELD_OUT_EVERY - 1
  const learnt = all.filter((_, at) => !isHeldOut(at))
  if (learnt.length < LEAST_SENTENCES)
    throw new AppError(
      'invalid-input',
      `${wish.files.join(', ')}: ${learnt.length} sentences are too few to learn from; it takes ${LEAST_SENTENCES} at least, and some thousands to be of use.`,
    )
  const model = learn(wish, learnt, onProgress)
  const heldOut = test.length > 0 ? test : all.filter((_, at) => isHeldOut(at))
  return {
    model,
    accuracy: measureModel(model, heldOut),
    sentences: learnt.length,
    words: learnt.reduce((sum, { words }) => sum + words.length, 0),
  }
}

/** The model that these sentences give; the same sentences give the same. */
export function learn(
  { language, isLowerCase, rounds }: Pick<Wish, 'language' | 'isLowerCase' | 'rounds'>,
  sentences: readonly ConlluSentence[],
  onProgress: (done: number, total: number) => void = () => {},
): TaggerModel {
  const inCase = (text: string) => (isLowerCase ? text.toLowerCase() : text)
  const total = sentences.length * rounds
  let done = 0
  const pos = trainPosTagger(
    sentences.map(({ words }) => ({
      words: words.map(({ form }) => inCase(form)),
      pos: words.map(({ upos }) => upos),
    })),
    { rounds, onSentence: () => onProgress((done += 1), total) },
  )
  const examples = sentences.flatMap(({ words }) =>
    words.map(({ form, lemma, upos }) => ({ form: inCase(form), pos: upos, lemma: inCase(lemma) })),
  )
  const lemmas = language === 'zh' ? { trees: [], forms: {}, endings: {} } : trainLemmatiser(examples)
  return { language, isLowerCase, pos, lemmas }
}

function readTreebank(file: string): ConlluSentence[] {
  try {
    return [...readConllu(readFileSync(file, 'utf8'), file)]
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('not-found', `${file} cannot be read. Check its name and rights.`, {
      cause: error,
      details: { file },
    })
  }
}
