import type { Upos } from '#shared/domain/pos.ts'
import { createClassifier, createTrainer, type Weights } from './perceptron.ts'
import { MOST_FEATURES, posFeatures, type WordFacts, wordFacts } from './pos-features.ts'

export interface PosModel {
  tags: readonly Upos[]
  weights: Weights
}

export interface TaggedWord {
  pos: Upos
  /** How far the tag is ahead of the next one; in the units of the weights. */
  margin: number
}

/** A lexicon of forms is small beside what it saves: most words of a corpus are a few thousand forms. */
const MOST_KNOWN = 50_000

function rememberedFacts(): (word: string) => WordFacts {
  const known = new Map<string, WordFacts>()
  return word => {
    const facts = known.get(word)
    if (facts) return facts
    if (known.size >= MOST_KNOWN) known.clear()
    const made = wordFacts(word)
    known.set(word, made)
    return made
  }
}

/** Greedy, from left to right. */
export function createPosTagger({ tags, weights }: PosModel): (words: readonly string[]) => TaggedWord[] {
  const classifier = createClassifier(weights, tags.length)
  const factsOf = rememberedFacts()
  const features = new Uint32Array(MOST_FEATURES)
  const scores = new Float32Array(tags.length)
  return words => {
    const facts = words.map(factsOf)
    let [last, beforeLast] = [-1, -1]
    return words.map((_, at) => {
      const count = posFeatures(facts, at, { last, beforeLast, hasWord: true }, features)
      classifier.score(features, count, scores)
      const { best, margin } = firstOf(scores)
      beforeLast = last
      last = best
      return { pos: tags[best] ?? 'X', margin }
    })
  }
}

function firstOf(scores: Float32Array): { best: number; margin: number } {
  let best = 0
  let [first, second] = [-Infinity, -Infinity]
  for (let c = 0; c < scores.length; c++) {
    const score = scores[c] ?? 0
    if (score > first) {
      second = first
      first = score
      best = c
    } else if (score > second) second = score
  }
  return { best, margin: first - second }
}

export interface TrainingSentence {
  words: readonly string[]
  pos: readonly Upos[]
}

export interface TrainOptions {
  rounds: number
  /** After each sentence; may throw to stop. */
  onSentence: () => void
}

/** How often a word that occurs once is shown without itself, so that its ending learns to speak for it. */
const HIDDEN_SHARE = 0.5
const RARE = 2

/** The same sentences give the same weights. */
export function trainPosTagger(sentences: readonly TrainingSentence[], options: TrainOptions): PosModel {
  const tags = [...new Set(sentences.flatMap(({ pos }) => pos))].sort()
  const numberOf = new Map(tags.map((tag, at) => [tag, at]))
  const trainer = createTrainer(tags.length)
  const counts = new Map<string, number>()
  for (const { words } of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const factsOf = rememberedFacts()
  const random = seededRandom(1)
  const features = new Uint32Array(MOST_FEATURES)
  const scores = new Float32Array(tags.length)

  function learnFrom({ words, pos }: TrainingSentence): void {
    const facts = words.map(factsOf)
    let [last, beforeLast] = [-1, -1]
    words.forEach((word, at) => {
      const hasWord = (counts.get(word) ?? 0) > RARE || random() >= HIDDEN_SHARE
      const count = posFeatures(facts, at, { last, beforeLast, hasWord }, features)
      trainer.score(features, count, scores)
      const guess = firstOf(scores).best
      trainer.learn(features, count, { truth: numberOf.get(pos[at] ?? 'X') ?? 0, guess })
      // Its own guesses go before the next word, as they will when it works.
      beforeLast = last
      last = guess
    })
  }

  const order = sentences.map((_, at) => at)
  for (let round = 0; round < options.rounds; round++) {
    shuffle(order, random)
    for (const at of order) {
      const sentence = sentences[at]
      if (sentence) learnFrom(sentence)
      options.onSentence()
    }
  }
  return { tags, weights: trainer.finish() }
}

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const kept = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = kept
  }
}
