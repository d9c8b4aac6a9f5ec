import type { Curves } from '#shared/contract/media.ts'

/** Motion as 32-bit floats; peaks as bytes, which is finer than any screen draws them. */
export function packCurves(
  motion: Float32Array,
  audio: Float32Array | null,
): { motion: Uint8Array; audio: Uint8Array | null } {
  return {
    motion: new Uint8Array(motion.buffer.slice(motion.byteOffset, motion.byteOffset + motion.byteLength)),
    audio: audio && Uint8Array.from(audio, peak => Math.round(Math.min(1, peak) * 255)),
  }
}

export function unpackCurves(motion: Uint8Array, audio: Uint8Array | null): Curves {
  // Copied: SQLite's buffers start anywhere, floats must not.
  const values = new Float32Array(Uint8Array.from(motion).buffer)
  return {
    motion: Array.from(values, rounded),
    audio: audio && Array.from(audio, peak => rounded(peak / 255)),
  }
}

/** Four digits: a third of the text on the wire. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
