/** Long work in small pieces: yields the share that is done (0–1), so that whoever runs it can pause, tell or stop. */
export type Stepped<Result> = Generator<number, Result, void>

/** Does it at once. */
export function finish<Result>(work: Stepped<Result>): Result {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

const SLICE_MS = 40

/** Does it in slices of some 40 ms; `between` lets others have the thread and may throw to end it. */
export async function inSlices<Result>(
  work: Stepped<Result>,
  between: (share: number) => Promise<void>,
): Promise<Result> {
  for (let until = performance.now() + SLICE_MS; ;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() < until) continue
    await between(step.value)
    until = performance.now() + SLICE_MS
  }
}
