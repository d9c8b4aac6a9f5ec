import { createHash } from 'node:crypto'

/** Uniform numbers in (0, 1). */
export type Random = () => number

/**
 * Chris Doty-Humphrey's sfc32 (PractRand), started from the SHA-256 of a text: the same text gives the
 * same numbers on every machine. Its first 15 outputs are dropped, as the author recommends.
 */
export function createRandom(seed: string): Random {
  const state = new Uint32Array(createHash('sha256').update(seed).digest().buffer.slice(0, 12))
  let [a = 0, b = 0, c = 0] = state
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let at = 0; at < 15; at += 1) next()
  return () => (next() + 0.5) / 2 ** 32
}

/**
 * `count` positions drawn one after the other without replacement, each with probability in proportion
 * to exp(score) (the `Gumbel top-k` trick, Kool et al. 2019). Positions with score −Infinity are never drawn.
 */
export function drawWithoutReplacement(scores: ArrayLike<number>, count: number, random: Random): number[] {
  const keys: { position: number; key: number }[] = []
  for (let position = 0; position < scores.length; position += 1) {
    const score = scores[position] ?? -Infinity
    if (score > -Infinity) keys.push({ position, key: score - Math.log(-Math.log(random())) })
  }
  return keys
    .toSorted((x, y) => y.key - x.key)
    .slice(0, count)
    .map(({ position }) => position)
}
