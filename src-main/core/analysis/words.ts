import { tokenizerNamed, type TokenizerName } from '#main/metrics/tokenizers.ts'
import type { SegmentSet } from './segment-set.ts'

/** Lists of integers of different lengths in one array: list n is values[starts[n]] to values[starts[n + 1]]. */
export interface Lists {
  starts: Uint32Array
  values: Int32Array
}

/** The words of all texts as integers. */
export interface Words {
  /** The word of each integer. */
  vocabulary: string[]
  idOf: (word: string) => number | undefined
  /** Every reference of every segment in turn; segment n has the lists firstReference[n] to firstReference[n + 1]. */
  references: Lists
  firstReference: Uint32Array
  /** By run, a list for each segment. */
  outputs: Lists[]
  /** How often each word occurs in the sentences of training. */
  trainingCounts: Int32Array
  trainingSentences: number
}

/** Collects lists one number at a time. */
class ListsBuilder {
  private values = new Int32Array(1024)
  private length = 0
  private readonly starts: number[] = [0]

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }

  endList(): void {
    this.starts.push(this.length)
  }

  done(): Lists {
    return { starts: Uint32Array.from(this.starts), values: this.values.slice(0, this.length) }
  }
}

/** Cuts every text into words with the tokenizer of the scores. */
export function readWords(
  set: SegmentSet,
  training: Iterable<{ text: string }>,
  tokenizer: TokenizerName,
): Words {
  const { words } = tokenizerNamed(tokenizer)
  const ids = new Map<string, number>()
  const vocabulary: string[] = []
  const idFor = (word: string): number => {
    const known = ids.get(word)
    if (known !== undefined) return known
    ids.set(word, vocabulary.length)
    return vocabulary.push(word) - 1
  }
  const add = (text: string, into: ListsBuilder) => {
    for (const word of words(text)) into.push(idFor(word))
    into.endList()
  }

  const references = new ListsBuilder()
  const firstReference = new Uint32Array(set.size + 1)
  set.references.forEach((texts, row) => {
    for (const text of texts) add(text, references)
    firstReference[row + 1] = firstReference[row]! + texts.length
  })
  const outputs = set.outputs.map(texts => {
    const lists = new ListsBuilder()
    for (const text of texts) add(text, lists)
    return lists.done()
  })
  const seen = new ListsBuilder()
  for (const { text } of training) add(text, seen)
  const { starts, values } = seen.done()
  const trainingCounts = new Int32Array(vocabulary.length)
  for (const id of values) trainingCounts[id] = trainingCounts[id]! + 1
  return {
    vocabulary,
    idOf: word => ids.get(word),
    references: references.done(),
    firstReference,
    outputs,
    trainingCounts,
    trainingSentences: starts.length - 1,
  }
}
