import { DELETE, EditMatrix, INSERT, MATCH } from './edit-matrix.ts'
import { emptyTokens, type Tokens } from './interner.ts'

/** Tercom's limits, and sacreBLEU's on candidates per sentence. */
const MAX_SHIFT_LENGTH = 10
const MAX_SHIFT_DISTANCE = 50
const MAX_CANDIDATES = 1000

/** Where each reference word lies in the hypothesis, and which words of both are wrong. */
interface Alignment {
  hypothesisOf: Int32Array
  /** Running counts of wrong words: a span has none where the counts at its ends are equal. */
  wrongHypothesis: Int32Array
  wrongReference: Int32Array
}

/** A block move: words from `start`, so many, to before position `target` (−1: none found). */
interface Shift {
  gain: number
  length: number
  start: number
  target: number
}

/**
 * Tercom's greedy search: the block shift that saves most edits is done until none saves any. Ties go to
 * the longer block, then the earlier one, then the earlier target (sacrebleu/metrics/lib_ter.py).
 */
export class ShiftSearch {
  private readonly matrix = new EditMatrix()
  private words = new Int32Array(64)
  private shifted = new Int32Array(64)
  private alignment = emptyAlignment(64)
  private length = 0
  private reference = emptyTokens()
  private candidates = 0

  /** Shifts and word edits that turn a hypothesis into a reference: TER's edit count. */
  countEdits(hypothesis: Tokens, reference: Tokens): number {
    if (reference.length === 0) return hypothesis.length
    this.load(hypothesis, reference)
    let shifts = 0
    let shared = 0
    for (;;) {
      const distance = this.matrix.distance(this.words, shared)
      const best = distance > 1 ? this.bestShift(distance) : NO_SHIFT
      if (this.candidates >= MAX_CANDIDATES || best.gain <= 0) return shifts + distance
      shifts += 1
      moveBlock(this.words, this.shifted, this.length, best)
      ;[this.words, this.shifted] = [this.shifted, this.words]
      shared = Math.min(best.start, best.target)
    }
  }

  private load(hypothesis: Tokens, reference: Tokens): void {
    const { length } = hypothesis
    this.length = length
    this.reference = reference
    this.candidates = 0
    if (this.words.length < length) {
      this.words = new Int32Array(length * 2)
      this.shifted = new Int32Array(length * 2)
    }
    this.words.set(hypothesis.buffer.subarray(0, length))
    const longest = Math.max(length, reference.length) + 1
    if (this.alignment.hypothesisOf.length < longest) this.alignment = emptyAlignment(longest * 2)
    this.matrix.resize(length, reference.buffer, reference.length)
  }

  private bestShift(distance: number): Shift {
    const { words, length, reference } = this
    const best: Shift = { ...NO_SHIFT }
    this.trace()
    for (let start = 0; start < length; start++) {
      const first = Math.max(0, start - MAX_SHIFT_DISTANCE)
      const last = Math.min(reference.length - 1, start + MAX_SHIFT_DISTANCE)
      for (let at = first; at <= last; at++) {
        const longest = Math.min(MAX_SHIFT_LENGTH, length - start, reference.length - at)
        for (let size = 1; size <= longest; size++) {
          if (words[start + size - 1] !== reference.buffer[at + size - 1]) break
          if (!this.mayShift(start, at, size)) continue
          this.tryTargets(start, at, size, distance, best)
          if (this.candidates >= MAX_CANDIDATES) return best
        }
      }
    }
    return best
  }

  /** Both ends must hold an error, and the block must not move within itself. */
  private mayShift(start: number, at: number, size: number): boolean {
    const { hypothesisOf, wrongHypothesis, wrongReference } = this.alignment
    if (wrongHypothesis[start] === wrongHypothesis[start + size]) return false
    if (wrongReference[at] === wrongReference[at + size]) return false
    const aligned = hypothesisOf[at]!
    return aligned < start || aligned >= start + size
  }

  private tryTargets(start: number, at: number, size: number, distance: number, best: Shift): void {
    let previous = -1
    for (let offset = -1; offset < size; offset++) {
      const target = at + offset < 0 ? 0 : this.alignment.hypothesisOf[at + offset]! + 1
      if (target === previous) continue
      previous = target
      this.candidates += 1
      const shift: Shift = { gain: 0, length: size, start, target }
      moveBlock(this.words, this.shifted, this.length, shift)
      // A shift that saves nothing is never done, and one that saves less than the best is not taken.
      const limit = distance - Math.max(1, best.gain)
      const changed = this.matrix.variantDistance(this.shifted, Math.min(start, target), limit)
      if (changed > limit) continue
      shift.gain = distance - changed
      if (isBetter(shift, best)) Object.assign(best, shift)
    }
  }

  /** Reads the alignment off the matrix, from its last cell to the first. */
  private trace(): void {
    const { hypothesisOf, wrongHypothesis, wrongReference } = this.alignment
    let row = this.length
    let column = this.reference.length
    while (row > 0 || column > 0) {
      const operation = this.matrix.operationAt(row, column)
      const isWrong = operation === MATCH ? 0 : 1
      if (operation !== INSERT) wrongHypothesis[row] = isWrong
      if (operation !== DELETE) wrongReference[column] = isWrong
      if (operation !== DELETE) hypothesisOf[column - 1] = row - 1
      if (operation !== INSERT) row -= 1
      if (operation !== DELETE) column -= 1
    }
    accumulate(wrongHypothesis, this.length)
    accumulate(wrongReference, this.reference.length)
  }
}

const NO_SHIFT: Shift = { gain: 0, length: 0, start: 0, target: -1 }

function emptyAlignment(size: number): Alignment {
  return {
    hypothesisOf: new Int32Array(size),
    wrongHypothesis: new Int32Array(size),
    wrongReference: new Int32Array(size),
  }
}

/** Turns flags at 1..length into running counts; position 0 counts nothing. */
function accumulate(flags: Int32Array, length: number): void {
  flags[0] = 0
  for (let i = 1; i <= length; i++) flags[i] = flags[i - 1]! + flags[i]!
}

function isBetter(shift: Shift, best: Shift): boolean {
  if (shift.gain !== best.gain) return shift.gain > best.gain
  if (shift.length !== best.length) return shift.length > best.length
  if (shift.start !== best.start) return shift.start < best.start
  return shift.target < best.target
}

/** Copies words with one block moved; a target inside the block moves it by that much to the right. */
function moveBlock(words: Int32Array, into: Int32Array, length: number, shift: Shift): void {
  const { start, length: size, target } = shift
  const end = start + size
  const gap = target < start || target > end ? target : size + target
  const [from, to] = target < start ? [target, start] : [end, Math.min(gap, length)]
  let at = 0
  for (let i = 0; i < Math.min(start, from); i++) into[at++] = words[i]!
  if (target < start) for (let i = start; i < end; i++) into[at++] = words[i]!
  for (let i = from; i < to; i++) into[at++] = words[i]!
  if (target >= start) for (let i = start; i < end; i++) into[at++] = words[i]!
  for (let i = Math.max(end, to); i < length; i++) into[at++] = words[i]!
}
