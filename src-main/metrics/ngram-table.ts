import type { Tokens } from './interner.ts'

const CELL = 6
const GENERATION = 0
const PARENT = 1
const TOKEN = 2
const MOST = 3
const OWNER = 4
const COUNT = 5

/**
 * Counts n-grams of integer tokens. An n-gram is the cell of its first n−1 tokens plus its last one, so
 * the table is a trie in one open-addressed array, and an n-gram whose prefix is not in the references
 * is never looked up. Cells are cleared by raising the generation, not by writing.
 */
export class NgramTable {
  private cells = new Int32Array(CELL * 64)
  private mask = 63
  private generation = 0
  private owner = 0
  private readonly maxOrder: number

  constructor(maxOrder: number) {
    this.maxOrder = maxOrder
  }

  /** Forgets everything and makes room for references of so many tokens. */
  reset(tokenCount: number): void {
    let slots = 64
    while (slots < tokenCount * this.maxOrder * 2) slots *= 2
    if (slots * CELL > this.cells.length) this.cells = new Int32Array(slots * CELL)
    this.mask = slots - 1
    this.generation += 1
  }

  /** Adds one reference; an n-gram of several references counts as often as where it is most frequent. */
  add({ buffer, length }: Tokens): void {
    const { cells, generation } = this
    const owner = ++this.owner
    for (let start = 0; start < length; start++) {
      const end = Math.min(length, start + this.maxOrder)
      let parent = 0
      for (let i = start; i < end; i++) {
        const token = buffer[i]!
        const cell = this.cellOf(parent, token)
        if (cells[cell + GENERATION] !== generation) {
          cells[cell + GENERATION] = generation
          cells[cell + PARENT] = parent
          cells[cell + TOKEN] = token
          cells[cell + MOST] = 0
          cells[cell + OWNER] = 0
        }
        const count = cells[cell + OWNER] === owner ? cells[cell + COUNT]! + 1 : 1
        cells[cell + OWNER] = owner
        cells[cell + COUNT] = count
        if (count > cells[cell + MOST]!) cells[cell + MOST] = count
        parent = cell + 1
      }
    }
  }

  /** Writes how many n-grams of each order the tokens share with the references (clipped counts). */
  match({ buffer, length }: Tokens, matches: Int32Array): void {
    const { cells, generation } = this
    const owner = ++this.owner
    matches.fill(0)
    for (let start = 0; start < length; start++) {
      const end = Math.min(length, start + this.maxOrder)
      let parent = 0
      for (let i = start; i < end; i++) {
        const cell = this.cellOf(parent, buffer[i]!)
        if (cells[cell + GENERATION] !== generation) break
        const count = cells[cell + OWNER] === owner ? cells[cell + COUNT]! : 0
        if (count < cells[cell + MOST]!) {
          matches[i - start] = matches[i - start]! + 1
          cells[cell + COUNT] = count + 1
          cells[cell + OWNER] = owner
        }
        parent = cell + 1
      }
    }
  }

  /** The offset of the cell of an n-gram, or of the free cell where it belongs. */
  private cellOf(parent: number, token: number): number {
    const { cells, generation, mask } = this
    const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(token + 1, 0x85ebca6b)
    let slot = (hash ^ (hash >>> 15)) & mask
    for (;;) {
      const cell = slot * CELL
      if (cells[cell + GENERATION] !== generation) return cell
      if (cells[cell + PARENT] === parent && cells[cell + TOKEN] === token) return cell
      slot = (slot + 1) & mask
    }
  }
}
