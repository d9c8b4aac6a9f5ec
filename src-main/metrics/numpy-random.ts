/** PCG64's multiplier, the lowest 32 bits first (pcg64.h). */
const [M0, M1, M2, M3] = [0x9fcc_f645, 0x4385_df64, 0x1fc6_5da4, 0x2360_ed05] as const
const WORD = 0x1_0000_0000
const MASK = 0xffff_ffffn

/** Where a generator is in its sequence. */
export interface RandomState {
  words: Uint32Array
  upperHalf: number
  hasUpperHalf: boolean
}

/**
 * `numpy.random.default_rng(seed)`: SeedSequence, PCG64 (XSL-RR) and the two ways of drawing that sacreBLEU's
 * significance tests use (NumPy 2.4; bit_generator.pyx, pcg64.h, distributions.c). The 128 bits of its state are four
 * words of 32, which costs a tenth of what BigInt does.
 */
export class NumpyRandom {
  /** The lowest word first. */
  private readonly words = new Uint32Array(4)
  private readonly increment: Uint32Array
  private readonly pair = new Uint32Array(2)
  /** PCG64 gives 64 bits; draws of 32 take the lower half first and keep the upper one. */
  private upperHalf = 0
  private hasUpperHalf = false
  /** Booleans that were drawn and are not used yet, the next one lowest. */
  private bits = 0
  private bitsLeft = 0

  constructor(seed: bigint | number) {
    const [s0, s1, s2, s3] = seedSequence(BigInt(seed)) as [bigint, bigint, bigint, bigint]
    const increment = ((s2 << 64n) | s3) * 2n + 1n
    this.increment = words128(increment)
    this.words.set(words128(increment + ((s0 << 64n) | s1)))
    this.step(this.pair, 0)
  }

  /** The next 64 bits; a half that is kept stays for the next draw of 32. */
  next64(): bigint {
    this.step(this.pair, 0)
    return (BigInt(this.pair[1]!) << 32n) | BigInt(this.pair[0]!)
  }

  next32(): number {
    if (this.hasUpperHalf) {
      this.hasUpperHalf = false
      return this.upperHalf
    }
    this.step(this.pair, 0)
    this.upperHalf = this.pair[1]!
    this.hasUpperHalf = true
    return this.pair[0]!
  }

  /** The next draws of 32 bits. */
  fill32(into: Uint32Array, from = 0): void {
    let at = from
    if (this.hasUpperHalf && at < into.length) into[at++] = this.next32()
    for (; at + 1 < into.length; at += 2) this.step(into, at)
    if (at < into.length) into[at] = this.next32()
  }

  /** An integer below `limit` (up to 2^21, so that products stay exact): Lemire's method, as in `choice`. */
  below(limit: number): number {
    if (limit === 1) return 0
    const threshold = (WORD - limit) % limit
    for (;;) {
      const word = this.next32()
      const rest = Math.imul(word, limit) >>> 0
      if (rest >= threshold) return (word * limit - rest) / WORD
    }
  }

  /** As many integers below `limit` as there is room for. */
  fillBelow(into: Uint32Array, limit: number): void {
    if (limit === 1) {
      into.fill(0)
      return
    }
    const threshold = (WORD - limit) % limit
    for (let filled = 0; filled < into.length;) {
      // A refused word is replaced by the next one, so what is short at the end is drawn in another round.
      this.fill32(into, filled)
      for (let i = filled; i < into.length; i++) {
        const word = into[i]!
        const rest = Math.imul(word, limit) >>> 0
        if (rest >= threshold) into[filled++] = (word * limit - rest) / WORD
      }
    }
  }

  /** Starts an array of booleans; bits left over from another one are not used again. */
  startBooleans(): void {
    this.bits = 0
    this.bitsLeft = 0
  }

  /** The next boolean of an array, `integers(2, dtype=bool)`. */
  nextBoolean(): boolean {
    return this.nextBits(1) === 1
  }

  /** The next booleans of an array, the first one lowest in the first byte; bits behind the last one are 0. */
  fillBooleans(into: Uint8Array, count: number): void {
    let byte = 0
    for (; count - 8 * byte >= 32; byte += 4) {
      const word = this.next32()
      const bits = this.bits | (word << this.bitsLeft)
      this.bits = this.bitsLeft === 0 ? 0 : word >>> (32 - this.bitsLeft)
      into[byte] = bits
      into[byte + 1] = bits >>> 8
      into[byte + 2] = bits >>> 16
      into[byte + 3] = bits >>> 24
    }
    for (; byte < into.length; byte++) into[byte] = this.nextBits(Math.min(8, count - 8 * byte))
  }

  /** To draw the same integers again: see `restore`. Booleans are not remembered. */
  state(): RandomState {
    return { words: this.words.slice(), upperHalf: this.upperHalf, hasUpperHalf: this.hasUpperHalf }
  }

  restore({ words, upperHalf, hasUpperHalf }: RandomState): void {
    this.words.set(words)
    this.upperHalf = upperHalf
    this.hasUpperHalf = hasUpperHalf
  }

  /** Up to eight booleans. */
  private nextBits(count: number): number {
    const have = this.bitsLeft
    if (have >= count) {
      const taken = this.bits & ((1 << count) - 1)
      this.bits >>>= count
      this.bitsLeft = have - count
      return taken
    }
    const fresh = this.next32()
    const taken = (this.bits | (fresh << have)) & ((1 << count) - 1)
    this.bits = fresh >>> (count - have)
    this.bitsLeft = 32 - (count - have)
    return taken
  }

  /** The next 64 bits, the lower half first. A loop around it is faster than one within it, which V8 gives up. */
  private step(into: Uint32Array, at: number): void {
    const { words, increment } = this
    const w0 = words[0]!
    const w1 = words[1]!
    const w2 = words[2]!
    const w3 = words[3]!
    // Long multiplication, a word a column; `upper` is what goes into the next one.
    const p00 = Math.imul(w0, M0) >>> 0
    const n0 = p00 + increment[0]!
    let upper = upperHalf(w0, M0, p00)

    const p01 = Math.imul(w0, M1) >>> 0
    const p10 = Math.imul(w1, M0) >>> 0
    const n1 = upper + p01 + p10 + increment[1]! + (n0 >= WORD ? 1 : 0)
    upper = upperHalf(w0, M1, p01) + upperHalf(w1, M0, p10)

    const p02 = Math.imul(w0, M2) >>> 0
    const p11 = Math.imul(w1, M1) >>> 0
    const p20 = Math.imul(w2, M0) >>> 0
    const n2 = upper + p02 + p11 + p20 + increment[2]! + ((n1 / WORD) >>> 0)
    upper = upperHalf(w0, M2, p02) + upperHalf(w1, M1, p11) + upperHalf(w2, M0, p20)

    const p3 = Math.imul(w0, M3) + Math.imul(w1, M2) + Math.imul(w2, M1) + Math.imul(w3, M0)
    const s3 = (upper + p3 + increment[3]! + ((n2 / WORD) >>> 0)) >>> 0
    words[0] = n0
    words[1] = n1
    words[2] = n2
    words[3] = s3

    const rotation = s3 >>> 26
    const even = words[0]! ^ words[2]!
    const odd = words[1]! ^ s3
    const low = rotation < 32 ? even : odd
    const high = rotation < 32 ? odd : even
    const left = 32 - (rotation & 31)
    into[at] = left === 32 ? low : (low >>> rotation) | (high << left)
    into[at + 1] = left === 32 ? high : (high >>> rotation) | (low << left)
  }
}

/**
 * The upper word of a product of two words, from its lower one. Doubles round the product by up to 2^10 and the
 * difference again; divided by 2^32 that is far from a half.
 */
const upperHalf = (a: number, b: number, lower: number) => ((a * b - lower) / WORD + 0.5) >>> 0

const words128 = (value: bigint) =>
  Uint32Array.from({ length: 4 }, (_, i) => Number((value >> BigInt(32 * i)) & MASK))

const POOL_SIZE = 4

/** Four 64-bit words from a seed (numpy.random.SeedSequence). */
function seedSequence(seed: bigint): bigint[] {
  const pool = mixEntropy(words32(seed))
  let hash = 0x8b51_f9dd
  const state = Array.from({ length: 8 }, (_, i) => {
    const value = pool[i % POOL_SIZE]! ^ hash
    hash = Math.imul(hash, 0x58f3_8ded)
    return foldHigh(Math.imul(value, hash))
  })
  return Array.from({ length: 4 }, (_, i) => (BigInt(state[2 * i + 1]!) << 32n) | BigInt(state[2 * i]!))
}

function words32(seed: bigint): number[] {
  const words: number[] = []
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & MASK))
  return words.length > 0 ? words : [0]
}

function mixEntropy(entropy: readonly number[]): number[] {
  let hash = 0x43b0_d7e5
  const hashMix = (input: number) => {
    const value = input ^ hash
    hash = Math.imul(hash, 0x931e_8875)
    return foldHigh(Math.imul(value, hash))
  }
  const mix = (x: number, y: number) => foldHigh(Math.imul(0xca01_f9dd, x) - Math.imul(0x4973_f715, y))
  const pool = Array.from({ length: POOL_SIZE }, (_, i) => hashMix(entropy[i] ?? 0))
  for (let source = 0; source < POOL_SIZE; source++)
    for (let target = 0; target < POOL_SIZE; target++)
      if (source !== target) pool[target] = mix(pool[target]!, hashMix(pool[source]!))
  for (const word of entropy.slice(POOL_SIZE))
    for (let target = 0; target < POOL_SIZE; target++) pool[target] = mix(pool[target]!, hashMix(word))
  return pool
}

const foldHigh = (value: number) => (value ^ (value >>> 16)) >>> 0
