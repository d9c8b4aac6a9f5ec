/**
 * A curve with one value a frame, as even steps from time 0 to the end: frames of phones and screen recordings
 * are not equally long, and the drawing library knows only even steps. Between the middles of two frames
 * the curve is a straight line; where there are more frames than steps, a step shows the largest of its frames.
 */
export function evenSteps(
  values: readonly number[],
  frameTimesUs: readonly number[],
  steps: number,
): number[] {
  const stepUs = (frameTimesUs.at(-1) ?? 0) / steps
  if (values.length === 0 || stepUs <= 0) return []
  const middleOf = (frame: number) => ((frameTimesUs[frame] ?? 0) + (frameTimesUs[frame + 1] ?? 0)) / 2
  const even: number[] = []
  let frame = 0
  for (let step = 0; step < steps; step += 1) {
    const untilUs = (step + 1) * stepUs
    let peak = between(values, middleOf, frame, untilUs - stepUs / 2)
    for (; frame + 1 < values.length && middleOf(frame + 1) < untilUs; frame += 1)
      peak = Math.max(peak, values[frame + 1] ?? 0)
    even.push(peak)
  }
  return even
}

/** The value at a time, on the line from the middle of this frame to the middle of the next. */
function between(
  values: readonly number[],
  middleOf: (frame: number) => number,
  frame: number,
  timeUs: number,
): number {
  const here = values[frame] ?? 0
  const next = values[frame + 1]
  if (next === undefined) return here
  const part = (timeUs - middleOf(frame)) / (middleOf(frame + 1) - middleOf(frame))
  return here + (next - here) * Math.min(1, Math.max(0, part))
}

/**
 * The part of a curve that a viewport shows, as one value a pixel: the largest where there are more values than
 * pixels, so that no peak disappears, and straight lines between them where there are fewer.
 */
export function windowOf(
  values: readonly number[],
  view: { startMs: number; msPerPx: number; widthPx: number; durationMs: number },
  points: number,
): number[] {
  if (values.length === 0 || view.durationMs <= 0) return Array.from({ length: points }, () => 0)
  const perMs = values.length / view.durationMs
  const step = ((view.widthPx * view.msPerPx) / points) * perMs
  const first = view.startMs * perMs
  return Array.from({ length: points }, (_, point) => {
    const from = first + point * step
    return step > 1 ? largest(values, from, from + step) : lineAt(values, from + step / 2)
  })
}

function largest(values: readonly number[], from: number, to: number): number {
  let peak = 0
  const last = Math.min(values.length, Math.ceil(to))
  for (let at = Math.max(0, Math.floor(from)); at < last; at += 1) peak = Math.max(peak, values[at] ?? 0)
  return peak
}

/** Value number n stands for the middle of its step. */
function lineAt(values: readonly number[], position: number): number {
  const left = Math.min(values.length - 1, Math.max(0, Math.floor(position - 0.5)))
  const part = Math.min(1, Math.max(0, position - 0.5 - left))
  return (values[left] ?? 0) * (1 - part) + (values[left + 1] ?? values[left] ?? 0) * part
}

const LARGEST_OF_MOTION = 0.98
const HEADROOM = 1.25

/**
 * A curve of motion, 0–1, raised so that most of it can be told apart: a cut changes the whole picture at once, and
 * beside it no hand would be seen to move. What is beyond the top is cut off there.
 */
export function raised(values: readonly number[]): number[] {
  const sorted = Float32Array.from(values).toSorted()
  const usual = (sorted[Math.floor((sorted.length - 1) * LARGEST_OF_MOTION)] ?? 0) * HEADROOM
  if (usual <= 0 || usual >= (sorted.at(-1) ?? 0)) return [...values]
  return values.map(value => Math.min(1, value / usual))
}
