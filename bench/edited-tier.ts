import type { Api } from './server-client.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'

interface Cell {
  id: AnnotationId
  startMs: number
  endMs: number
  value: string
}

type State = readonly Cell[]

/** An edit as it is sent, and what the tier has to be after it; ids of new annotations are only known from the answer. */
interface Edit {
  name: string
  send: (api: Api) => Promise<unknown>
  expected: State
  /** Where it goes on the stack of undo: a new state, or a step along the stack. */
  move: 'new' | 'undo' | 'redo'
}

const SLOT_MS = 1000
const SLOTS = 60
const UNKNOWN = 0 as AnnotationId

/** What a tier holds after each edit that somebody makes on it, with undo and redo. */
export class EditedTier {
  readonly #tierId: TierId
  readonly #random: () => number
  #state: State = []
  #past: State[] = []
  #future: State[] = []
  #edits = 0

  constructor(tierId: TierId, random: () => number) {
    this.#tierId = tierId
    this.#random = random
  }

  get state(): State {
    return this.#state
  }

  /** Steps of undo that lie behind this state. */
  get depth(): number {
    return this.#past.length
  }

  /** An edit that is possible now: half of them make or write, the others cut, join, move, remove, undo and redo. */
  next(): Edit {
    this.#edits += 1
    const kinds = [this.#create, this.#write, this.#write, this.#move, this.#split, this.#merge, this.#remove]
    const die = this.#random()
    if (die < 0.1 && this.#past.length > 0) return this.#step('undo')
    if (die < 0.2 && this.#future.length > 0) return this.#step('redo')
    for (;;) {
      const edit = kinds[Math.floor(this.#random() * kinds.length)]!.call(this)
      if (edit) return edit
    }
  }

  /** The edit has happened, and this is what the tier holds. */
  take({ move }: Edit, state: State): void {
    if (move === 'new') {
      this.#past.push(this.#state)
      this.#future = []
    } else if (move === 'undo') {
      this.#past.pop()
      this.#future.push(this.#state)
    } else {
      this.#future.pop()
      this.#past.push(this.#state)
    }
    this.#state = state
  }

  /** What the tier holds by its acknowledged edits, read again: now with the ids of all annotations. */
  see(state: State): void {
    this.#state = state
  }

  #step(move: 'undo' | 'redo'): Edit {
    const expected = (move === 'undo' ? this.#past : this.#future).at(-1)!
    return { name: move, move, expected, send: api => api.edit[move]() }
  }

  #some(): Cell | undefined {
    return this.#state[Math.floor(this.#random() * this.#state.length)]
  }

  #changed(without: readonly Cell[], added: readonly Cell[]): State {
    return [...this.#state.filter(cell => !without.includes(cell)), ...added].sort(
      (a, b) => a.startMs - b.startMs,
    )
  }

  #create(): Edit | null {
    const startMs = Math.floor(this.#random() * SLOTS) * SLOT_MS
    const endMs = startMs + SLOT_MS
    if (this.#state.some(cell => cell.startMs < endMs && cell.endMs > startMs)) return null
    const cell = { startMs, endMs, value: `new ${this.#edits}` }
    return {
      name: 'create',
      move: 'new',
      expected: this.#changed([], [{ ...cell, id: UNKNOWN }]),
      send: api => api.annotation.create({ tierId: this.#tierId, ...cell }),
    }
  }

  #write(): Edit | null {
    const cell = this.#some()
    if (!cell) return null
    const value = `GLOSS ${this.#edits}`
    return {
      name: 'write',
      move: 'new',
      expected: this.#changed([cell], [{ ...cell, value }]),
      send: api => api.annotation.update({ annotationId: cell.id, value }),
    }
  }

  #move(): Edit | null {
    const cell = this.#some()
    if (!cell || cell.endMs - cell.startMs < 120) return null
    const startMs = cell.startMs + 40
    return {
      name: 'drag an edge',
      move: 'new',
      expected: this.#changed([cell], [{ ...cell, startMs }]),
      send: api => api.annotation.update({ annotationId: cell.id, startMs }),
    }
  }

  #split(): Edit | null {
    const cell = this.#some()
    if (!cell || cell.endMs - cell.startMs < 120) return null
    const atMs = Math.floor((cell.startMs + cell.endMs) / 2)
    return {
      name: 'split',
      move: 'new',
      expected: this.#changed(
        [cell],
        [
          { ...cell, endMs: atMs },
          { ...cell, id: UNKNOWN, startMs: atMs },
        ],
      ),
      send: api => api.annotation.split({ annotationId: cell.id, atMs }),
    }
  }

  #merge(): Edit | null {
    const cell = this.#some()
    const next = cell && this.#state[this.#state.indexOf(cell) + 1]
    if (!cell || !next || cell.value.length > 200) return null
    const merged = { ...cell, endMs: next.endMs, value: `${cell.value} ${next.value}` }
    return {
      name: 'merge',
      move: 'new',
      expected: this.#changed([cell, next], [merged]),
      send: api => api.annotation.mergeNext({ annotationId: cell.id, separator: ' ' }),
    }
  }

  #remove(): Edit | null {
    const cell = this.#some()
    if (!cell || this.#state.length < SLOTS / 3) return null
    return {
      name: 'remove',
      move: 'new',
      expected: this.#changed([cell], []),
      send: api => api.annotation.remove({ annotationIds: [cell.id] }),
    }
  }
}

export type { Edit, State }

export function isSameState(a: State, b: State): boolean {
  const text = (state: State) =>
    JSON.stringify(state.map(({ startMs, endMs, value }) => [startMs, endMs, value]))
  return text(a) === text(b)
}
