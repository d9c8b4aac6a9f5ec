export interface ConversionState {
  stage: 'reading' | 'checking' | 'writing'
  /** Bytes of all stages together: sources read, towers compared, weights written. */
  done: number
  total: number
}

/** One count over all stages, so that rate and time left make sense. */
export class ConversionProgress {
  readonly #tell: ((state: ConversionState) => void) | undefined
  #total: number
  #done = 0

  constructor(total: number, tell: ((state: ConversionState) => void) | undefined) {
    this.#total = total
    this.#tell = tell
  }

  add(stage: ConversionState['stage'], bytes: number): void {
    this.#done += bytes
    // A tower that is not exact enough is written and compared once more than planned.
    this.#total = Math.max(this.#total, this.#done)
    this.#tell?.({ stage, done: Math.round(this.#done), total: Math.round(this.#total) })
  }
}
