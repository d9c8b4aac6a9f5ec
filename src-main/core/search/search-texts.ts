import type { WriteDb } from '../../db/types.ts'
import { addText, countTexts, listTexts } from './search-index.queries.ts'

/** So many texts are read at once: a few milliseconds. */
const BLOCK = 16_384

/**
 * The different texts of annotations by their numbers. They are read as they are asked for and then kept, since only
 * new ones are ever added.
 */
export function createSearchTexts(db: WriteDb) {
  const texts: string[] = []
  let numbers: Map<string, number> | null = null

  /** Reads on until a number, or all. */
  function readTo(number: number): void {
    while (texts.length <= number) {
      const block = listTexts(db, { from: texts.length, to: texts.length + BLOCK })
      if (block.length === 0) return
      for (const text of block) texts.push(text)
    }
  }

  function at(number: number): string {
    if (number >= texts.length) readTo(number)
    const text = texts[number]
    if (text === undefined) throw new Error(`The search index has no text ${number}.`)
    return text
  }

  /** From a number on, as many as are read at once. */
  function blockFrom(number: number): string[] {
    readTo(number)
    return texts.slice(number, number + BLOCK)
  }

  /** The number of a text, which is stored where it is new. */
  function numberOf(text: string): number {
    if (!numbers) {
      readTo(Infinity)
      numbers = new Map(texts.map((each, number) => [each, number]))
    }
    const known = numbers.get(text)
    if (known !== undefined) return known
    const number = texts.push(text) - 1
    numbers.set(text, number)
    addText(db, number, text)
    return number
  }

  /** Drops what a transaction that was taken back had added. */
  function reread(): void {
    texts.length = Math.min(texts.length, countTexts(db))
    numbers = null
  }

  return { at, blockFrom, numberOf, reread }
}

export type SearchTexts = ReturnType<typeof createSearchTexts>
