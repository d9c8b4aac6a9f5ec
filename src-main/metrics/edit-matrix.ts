/** Beside the diagonal, as in Tercom. */
const BEAM_WIDTH = 25

/** Above every distance, and still an integer after additions. */
const UNREACHED = 1 << 29

export const MATCH = 0
export const SUBSTITUTE = 1
/** The hypothesis has a word too many. */
export const DELETE = 2
/** The hypothesis lacks a word of the reference. */
export const INSERT = 3

/** Word edit distance within Tercom's beam, of a hypothesis and of variants of it with a block moved. */
export class EditMatrix {
  private costs = new Int32Array(1024)
  private operations = new Uint8Array(1024)
  private scratch = new Int32Array(128)
  private reference = new Int32Array(0)
  private height = 0
  private width = 0
  private beam = BEAM_WIDTH
  private ratio = 1

  /** Starts a pair of texts. */
  resize(hypothesisLength: number, reference: Int32Array<ArrayBuffer>, referenceLength: number): void {
    this.height = hypothesisLength
    this.width = referenceLength + 1
    this.reference = reference
    this.ratio = hypothesisLength > 0 ? referenceLength / hypothesisLength : 1
    // Lengths that differ wildly would leave no overlap between rows.
    this.beam = BEAM_WIDTH < this.ratio / 2 ? Math.ceil(this.ratio / 2 + BEAM_WIDTH) : BEAM_WIDTH
    const cells = (this.height + 1) * this.width
    if (cells > this.costs.length) {
      this.costs = new Int32Array(cells * 2)
      this.operations = new Uint8Array(cells * 2)
    }
    if (this.width * 2 > this.scratch.length) this.scratch = new Int32Array(this.width * 4)
    for (let column = 0; column < this.width; column++) {
      this.costs[column] = column
      this.operations[column] = INSERT
    }
  }

  /** Fills the matrix, keeping the rows of the first `shared` words. */
  distance(hypothesis: Int32Array, shared: number): number {
    for (let row = shared + 1; row <= this.height; row++) this.fillRow(row, hypothesis[row - 1]!)
    return this.costs[this.height * this.width + this.width - 1]!
  }

  /** The operation by which the best path reaches a cell. */
  operationAt(row: number, column: number): number {
    return this.operations[row * this.width + column]!
  }

  /**
   * The distance of a variant that has its first `shared` words in common with the matrix, or any larger
   * number than `limit` as soon as it is sure to be larger.
   */
  variantDistance(variant: Int32Array, shared: number, limit: number): number {
    const { costs, height, width } = this
    let above = 0
    let here = width
    const row0 = shared * width
    for (let column = 0; column < width; column++) this.scratch[column] = costs[row0 + column]!
    for (let row = shared + 1; row <= height; row++) {
      if (this.fillScratchRow(row, variant[row - 1]!, above, here) > limit) return limit + 1
      ;[above, here] = [here, above]
    }
    return this.scratch[above + width - 1]!
  }

  private firstColumn(row: number): number {
    return Math.max(0, Math.floor(row * this.ratio) - this.beam)
  }

  /** The last row always reaches the end of the reference. */
  private endColumn(row: number): number {
    return row === this.height ? this.width : Math.min(this.width, Math.floor(row * this.ratio) + this.beam)
  }

  /** Ties prefer match or substitution, then deletion, then insertion. */
  private fillRow(row: number, word: number): void {
    const { costs, operations, reference, width } = this
    const first = this.firstColumn(row)
    const end = this.endColumn(row)
    const above = (row - 1) * width
    const here = row * width
    if (first > 0) costs.fill(UNREACHED, here, here + first)
    if (end < width) costs.fill(UNREACHED, here + end, here + width)
    let left = UNREACHED
    for (let column = first; column < end; column++) {
      let cost = costs[above + column]! + 1
      let operation = DELETE
      if (column > 0) {
        const isMatch = word === reference[column - 1]
        const diagonal = costs[above + column - 1]! + (isMatch ? 0 : 1)
        if (diagonal <= cost) {
          cost = diagonal
          operation = isMatch ? MATCH : SUBSTITUTE
        }
        if (left + 1 < cost) {
          cost = left + 1
          operation = INSERT
        }
      }
      left = cost < UNREACHED ? cost : UNREACHED
      costs[here + column] = left
      operations[here + column] = operation
    }
  }

  /** Returns a lower bound of the distance: a path's cost so far and the words still to be made up for. */
  private fillScratchRow(row: number, word: number, above: number, here: number): number {
    const { scratch, reference, width } = this
    const first = this.firstColumn(row)
    const end = this.endColumn(row)
    const balanced = width - 1 - (this.height - row)
    if (first > 0) scratch.fill(UNREACHED, here, here + first)
    if (end < width) scratch.fill(UNREACHED, here + end, here + width)
    let left = UNREACHED
    let bound = UNREACHED
    for (let column = first; column < end; column++) {
      let cost = scratch[above + column]! + 1
      if (left + 1 < cost) cost = left + 1
      if (column > 0) {
        const diagonal = scratch[above + column - 1]! + (word === reference[column - 1] ? 0 : 1)
        if (diagonal < cost) cost = diagonal
      }
      if (cost > UNREACHED) cost = UNREACHED
      scratch[here + column] = cost
      left = cost
      const rest = column < balanced ? balanced - column : column - balanced
      if (cost + rest < bound) bound = cost + rest
    }
    return bound
  }
}
