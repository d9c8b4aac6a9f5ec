/**
 * A curve with one value a frame, as even steps of time: frames of phones and screen recordings
 * are not equally long, and the drawing library knows only even steps.
 */
export function evenSteps(values: readonly number[], frameTimesUs: readonly number[], steps: number): number[] {
  const first = frameTimesUs[0] ?? 0
  const length = (frameTimesUs.at(-1) ?? 0) - first
  if (values.length === 0 || length <= 0) return []
  const even: number[] = []
  const startOf = (at: number) => frameTimesUs[at] ?? Number.POSITIVE_INFINITY
  let frame = 0
  for (let step = 0; step < steps; step += 1) {
    const fromUs = first + (step / steps) * length
    const untilUs = first + ((step + 1) / steps) * length
    while (frame + 1 < values.length && startOf(frame + 1) <= fromUs) frame += 1
    let peak = values[frame] ?? 0
    for (; frame + 1 < values.length && startOf(frame + 1) < untilUs; frame += 1)
      peak = Math.max(peak, values[frame + 1] ?? 0)
    even.push(peak)
  }
  return even
}
