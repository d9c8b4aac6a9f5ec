/**
 * `numpy.random.default_rng(seed)`: SeedSequence, PCG64 (XSL-RR) and the two ways of drawing that sacreBLEU's
 * significance tests use (NumPy 2.4; bit_generator.pyx, pcg64.h, distributions.c).
 */
export class NumpyRandom {
  private state: bigint
  private readonly increment: bigint
  /** PCG64 gives 64 bits; draws of 32 take the lower half first and keep the upper one. */
  private upperHalf = 0
  private hasUpperHalf = false
  /** Booleans that were drawn and are not used yet, the next one lowest. */
  private bits = 0
  private bitsLeft = 0

  constructor(seed: bigint | number) {
    const [s0, s1, s2, s3] = seedSequence(BigInt(seed)) as [bigint, bigint, bigint, bigint]
    this.increment = truncate(((s2 << 64n) | s3) * 2n + 1n)
    this.state = truncate(this.increment + ((s0 << 64n) | s1))
    this.step()
  }

  /** The next 64 bits. */
  next64(): bigint {
    this.step()
    const mixed = BigInt.asUintN(64, (this.state >> 64n) ^ this.state)
    const rotation = this.state >> 122n
    return BigInt.asUintN(64, (mixed >> rotation) | (mixed << (64n - rotation)))
  }

  next32(): number {
    if (this.hasUpperHalf) {
      this.hasUpperHalf = false
      return this.upperHalf
    }
    const next = this.next64()
    this.upperHalf = Number(next >> 32n)
    this.hasUpperHalf = true
    return Number(next & 0xffff_ffffn)
  }

  /** An integer below `limit` (up to 2^21, so that products stay exact): Lemire's method, as in `choice`. */
  below(limit: number): number {
    if (limit === 1) return 0
    const threshold = (0x1_0000_0000 - limit) % limit
    for (;;) {
      const product = this.next32() * limit
      const high = Math.floor(product / 0x1_0000_0000)
      if (product - high * 0x1_0000_0000 >= threshold) return high
    }
  }

  /** Starts an array of booleans; bits left over from another one are not used again. */
  startBooleans(): void {
    this.bitsLeft = 0
  }

  /** The next boolean of an array, `integers(2, dtype=bool)`. */
  nextBoolean(): boolean {
    return this.nextBits(1) === 1
  }

  /** The next booleans of an array, the first one lowest in the first byte; bits behind the last one are 0. */
  fillBooleans(into: Uint8Array, count: number): void {
    for (let byte = 0; byte < into.length; byte++) into[byte] = this.nextBits(Math.min(8, count - 8 * byte))
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

  private step(): void {
    this.state = truncate(this.state * MULTIPLIER + this.increment)
  }
}

const MULTIPLIER = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645n

const truncate = (value: bigint) => BigInt.asUintN(128, value)

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
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffff_ffffn))
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
