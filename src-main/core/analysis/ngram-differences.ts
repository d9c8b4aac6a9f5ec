import type { ComparedNgram } from '#shared/contract/analysis.ts'
import type { Words } from './words.ts'

const LONGEST = 4

/** Every n-gram of the references, as its first words and its last one; a number each. */
class NgramIndex {
  readonly parents: number[] = [0]
  readonly words: number[] = [0]
  private table = new Int32Array(1 << 16)

  /** The number of an n-gram, or 0 where it has none and is not to get one. */
  find(parent: number, word: number, add: boolean): number {
    const mask = this.table.length - 1
    let slot = hashOf(parent, word) & mask
    for (;;) {
      const id = this.table[slot]!
      if (id === 0) break
      if (this.parents[id] === parent && this.words[id] === word) return id
      slot = (slot + 1) & mask
    }
    if (!add) return 0
    const id = this.parents.push(parent) - 1
    this.words.push(word)
    this.table[slot] = id
    if (this.parents.length * 2 > this.table.length) this.grow()
    return id
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2)
    const mask = this.table.length - 1
    for (let id = 1; id < this.parents.length; id++) {
      let slot = hashOf(this.parents[id]!, this.words[id]!) & mask
      while (this.table[slot] !== 0) slot = (slot + 1) & mask
      this.table[slot] = id
    }
  }
}

function hashOf(parent: number, word: number): number {
  const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(word + 1, 0x85ebca6b)
  return hash ^ (hash >>> 15)
}

/** Counts of n-grams, growing with their numbers. */
class Counts {
  private values = new Int32Array(1 << 16)

  at(id: number): number {
    return this.values[id] ?? 0
  }

  set(id: number, value: number): void {
    if (id >= this.values.length) {
      const larger = new Int32Array(Math.max(id + 1, this.values.length * 2))
      larger.set(this.values)
      this.values = larger
    }
    this.values[id] = value
  }
}

interface PairOfRuns {
  /** Places among the runs of the analysis. */
  from: number
  to: number
}

/** Matches of two runs with the references, n-gram by n-gram. */
export interface NgramMatches {
  index: NgramIndex
  matches: [Counts, Counts]
}

type Visit = (id: number) => void

function eachNgram(
  index: NgramIndex,
  { values, starts }: Words['references'],
  list: number,
  add: boolean,
  visit: Visit,
): void {
  const end = starts[list + 1]!
  for (let start = starts[list]!; start < end; start++) {
    let id = 0
    for (let at = start; at < Math.min(end, start + LONGEST); at++) {
      id = index.find(id, values[at]!, add)
      // No reference holds it, so none holds a longer one that begins with it.
      if (id === 0) break
      visit(id)
    }
  }
}

/**
 * Counts matched n-grams as compare-mt does (Neubig et al. 2019): an n-gram of an output matches as often as the
 * reference holds it, and of several references as often as the one that holds it most.
 */
export function matchNgrams(words: Words, rows: Iterable<number>, { from, to }: PairOfRuns): NgramMatches {
  const index = new NgramIndex()
  const matches: [Counts, Counts] = [new Counts(), new Counts()]
  const [most, now, used] = [new Counts(), new Counts(), new Counts()]
  const outputs = [words.outputs[from]!, words.outputs[to]!]
  for (const row of rows) {
    const touched: number[] = []
    for (let list = words.firstReference[row]!; list < words.firstReference[row + 1]!; list++) {
      const own: number[] = []
      eachNgram(index, words.references, list, true, id => {
        now.set(id, now.at(id) + 1)
        if (now.at(id) > most.at(id)) most.set(id, now.at(id))
        own.push(id)
      })
      for (const id of own) now.set(id, 0)
      touched.push(...own)
    }
    outputs.forEach((lists, side) => {
      const counts = matches[side]!
      const own: number[] = []
      eachNgram(index, lists, row, false, id => {
        if (used.at(id) >= most.at(id)) return
        used.set(id, used.at(id) + 1)
        counts.set(id, counts.at(id) + 1)
        own.push(id)
      })
      for (const id of own) used.set(id, 0)
    })
    for (const id of touched) most.set(id, 0)
  }
  return { index, matches }
}

const SMOOTHING = 1

/** The n-grams that tell the runs apart best, by the smoothed ratio of their matches; won: `to` matches them more. */
export function rankNgrams(
  { index, matches }: NgramMatches,
  vocabulary: readonly string[],
  { orders, limit }: { orders: readonly number[]; limit: number },
): { won: ComparedNgram[]; lost: ComparedNgram[] } {
  const [from, to] = matches
  const candidates: { id: number; ratio: number; from: number; to: number }[] = []
  for (let id = 1; id < index.parents.length; id++) {
    const [ofFrom, ofTo] = [from.at(id), to.at(id)]
    if (ofFrom === ofTo || !orders.includes(orderOf(index, id))) continue
    const ratio = (Math.max(ofFrom, ofTo) + SMOOTHING) / (ofFrom + ofTo + 2 * SMOOTHING)
    candidates.push({ id, ratio, from: ofFrom, to: ofTo })
  }
  // A shorter n-gram was numbered before the longer ones that it begins.
  const best = candidates.sort((a, b) => b.ratio - a.ratio || b.from + b.to - a.from - a.to || a.id - b.id)
  const top = (isWon: boolean) =>
    best
      .filter(each => each.to > each.from === isWon)
      .slice(0, limit)
      .map(({ id, ...counts }) => ({ tokens: tokensOf(index, id, vocabulary), ...counts }))
  return { won: top(true), lost: top(false) }
}

function orderOf(index: NgramIndex, id: number): number {
  let order = 0
  for (let at = id; at !== 0; at = index.parents[at]!) order += 1
  return order
}

function tokensOf(index: NgramIndex, id: number, vocabulary: readonly string[]): string[] {
  const tokens: string[] = []
  for (let at = id; at !== 0; at = index.parents[at]!) tokens.unshift(vocabulary[index.words[at]!] ?? '')
  return tokens
}

/** By how much `to` matches an n-gram more often than `from` in a segment. */
export function ngramDifference(
  words: Words,
  tokens: readonly string[],
  { from, to }: PairOfRuns,
): (row: number) => number {
  const ids = tokens.map(token => words.idOf(token))
  if (ids.includes(undefined)) return () => 0
  const count = ({ starts, values }: Words['references'], list: number): number => {
    let found = 0
    for (let at = starts[list]!; at + ids.length <= starts[list + 1]!; at++)
      if (ids.every((id, place) => values[at + place] === id)) found += 1
    return found
  }
  return row => {
    let most = 0
    for (let list = words.firstReference[row]!; list < words.firstReference[row + 1]!; list++)
      most = Math.max(most, count(words.references, list))
    const matched = (run: number) => Math.min(most, count(words.outputs[run]!, row))
    return matched(to) - matched(from)
  }
}
