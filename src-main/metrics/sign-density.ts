/** Vectors of instances, those of one group after those of another. */
export interface GroupedVectors {
  /** [instances, columns], row-major. */
  data: Float32Array
  columns: number
  /** How many of the rows belong to each group; at least 2. */
  sizes: readonly number[]
}

export interface GroupDensity {
  /** Mean distance of two different instances of the group. */
  intra: number
  /** Mean distance to another group, averaged over the other groups, whatever their sizes. */
  inter: number
  /** intra / inter; null where all instances of all groups are one point. */
  ratio: number | null
  /** The group that is nearest by mean distance, and how far it is. */
  nearest: number
  nearestDistance: number
}

/**
 * Sign Density Ratio of each group (Ye et al., “Improving Gloss-free Sign Language Translation by Reducing
 * Representation Density”, NeurIPS 2024, arXiv:2405.14312v2, section 3.1, equations 1 to 3), with Euclidean distance d:
 *
 *   D(Gi, Gj) = Σ d(x, y) / (|Gi| |Gj|)         over x in Gi and y in Gj
 *   D(Gi)     = Σ d(x, y) / (|Gi| (|Gi| − 1))   over x ≠ y in Gi
 *   SDR(Gi)   = D(Gi) / mean of D(Gi, Gj) over j ≠ i
 *
 * The paper's figure for a set of features is the mean of SDR(Gi) over glosses, in percent. Its repository
 * (JinhuiYE/SignCL) holds the training loss alone, no code of this measure.
 *
 * Yields how many distances are done, now and then, and returns the groups in their order.
 *
 * @throws RangeError for fewer than two groups, or a group of fewer than two instances: neither has a ratio
 */
export function* signDensity(vectors: GroupedVectors): Generator<number, GroupDensity[], void> {
  const { sizes } = vectors
  if (sizes.length < 2 || sizes.some(size => size < 2))
    throw new RangeError('A density needs two groups of at least two instances')
  const starts = startsOf(sizes)
  const groups = sizes.map(() => ({ intra: 0, sum: 0, nearest: -1, nearestDistance: Infinity }))
  let done = 0
  for (const [i, group] of groups.entries()) {
    const [from, size] = [starts[i] ?? 0, sizes[i] ?? 0]
    group.intra = sumWithin(vectors, from, size) / ((size * (size - 1)) / 2)
    done += (size * (size - 1)) / 2
    yield done
    for (let j = i + 1; j < groups.length; j += 1) {
      const other = groups[j]
      const [otherFrom, otherSize] = [starts[j] ?? 0, sizes[j] ?? 0]
      if (!other) continue
      const mean = sumBetween(vectors, [from, size], [otherFrom, otherSize]) / (size * otherSize)
      note(group, j, mean)
      note(other, i, mean)
      done += size * otherSize
      yield done
    }
  }
  return groups.map(({ intra, sum, nearest, nearestDistance }) => {
    const inter = sum / (groups.length - 1)
    return { intra, inter, ratio: inter > 0 ? intra / inter : null, nearest, nearestDistance }
  })
}

/** How many distances `signDensity` computes. */
export function distanceCount(sizes: readonly number[]): number {
  const all = sizes.reduce((sum, size) => sum + size, 0)
  return (all * (all - 1)) / 2
}

/** Where each group begins. */
export function startsOf(sizes: readonly number[]): number[] {
  let next = 0
  return sizes.map(size => (next += size) - size)
}

function note(
  group: { sum: number; nearest: number; nearestDistance: number },
  other: number,
  distance: number,
): void {
  group.sum += distance
  if (distance >= group.nearestDistance) return
  group.nearest = other
  group.nearestDistance = distance
}

function sumWithin({ data, columns }: GroupedVectors, from: number, size: number): number {
  let sum = 0
  for (let x = from; x < from + size; x += 1)
    for (let y = x + 1; y < from + size; y += 1) sum += distance(data, columns, x, y)
  return sum
}

function sumBetween(
  { data, columns }: GroupedVectors,
  [from, size]: readonly [number, number],
  [otherFrom, otherSize]: readonly [number, number],
): number {
  let sum = 0
  for (let x = from; x < from + size; x += 1)
    for (let y = otherFrom; y < otherFrom + otherSize; y += 1) sum += distance(data, columns, x, y)
  return sum
}

/** Of differences, not of products: features with a large mean in common would cancel. */
function distance(data: Float32Array, columns: number, x: number, y: number): number {
  let sum = 0
  const [a, b] = [x * columns, y * columns]
  for (let at = 0; at < columns; at += 1) {
    const difference = (data[a + at] as number) - (data[b + at] as number)
    sum += difference * difference
  }
  return Math.sqrt(sum)
}
