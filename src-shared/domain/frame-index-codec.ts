import type { FrameIndex } from './frame-index.ts'

/**
 * A frame index as bytes, for the database. Layout: "FIX1", then variable-length integers: flags, time base (num, den),
 * zero, first stamp, length of the last frame, number of runs, and per run the step between stamps and how often it repeats.
 * An even file takes some 20 bytes, whatever its length.
 */
const MAGIC = [0x46, 0x49, 0x58, 0x31] as const

export function encodeFrameIndex(index: FrameIndex): Uint8Array {
  const { pts, timeBase, zero, end } = index
  const first = pts[0] ?? 0
  const runs = stepsOf(pts)
  const out: number[] = [...MAGIC]
  const header = [index.isRepaired ? 1 : 0, timeBase.num, timeBase.den, zero, first, end - (pts.at(-1) ?? 0)]
  for (const value of [...header, pts.length, runs.length]) pushInteger(out, value)
  for (const run of runs) {
    pushInteger(out, run.step)
    pushInteger(out, run.times)
  }
  return Uint8Array.from(out)
}

export function decodeFrameIndex(bytes: Uint8Array): FrameIndex {
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) throw new Error('These bytes are no frame index')
  const read = integerReader(bytes, MAGIC.length)
  const isRepaired = read() === 1
  const timeBase = { num: read(), den: read() }
  const zero = read()
  const first = read()
  const lastLength = read()
  const pts = new Float64Array(read())
  const runCount = read()
  pts[0] = first
  for (let run = 0, at = 1; run < runCount; run++) {
    const step = read()
    for (let times = read(); times > 0; times--, at++) pts[at] = (pts[at - 1] ?? 0) + step
  }
  return { timeBase, zero, pts, end: (pts.at(-1) ?? 0) + lastLength, isRepaired }
}

function stepsOf(pts: Float64Array): { step: number; times: number }[] {
  const runs: { step: number; times: number }[] = []
  for (let at = 1; at < pts.length; at++) {
    const step = (pts[at] ?? 0) - (pts[at - 1] ?? 0)
    const run = runs.at(-1)
    if (run?.step === step) run.times += 1
    else runs.push({ step, times: 1 })
  }
  return runs
}

/** Zigzag, then seven bits a byte; by division, as stamps may exceed 32 bits. */
function pushInteger(out: number[], value: number): void {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  while (rest >= 128) {
    out.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

function integerReader(bytes: Uint8Array, start: number): () => number {
  let at = start
  return () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('This frame index is cut off')
      value += (byte % 128) * scale
      if (byte < 128) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
    }
  }
}
