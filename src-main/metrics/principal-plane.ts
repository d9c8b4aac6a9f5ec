/** Where vectors lie in the plane of their two largest principal components. */
export interface PrincipalPlane {
  /** [rows, 2]; the mean of the rows lies at 0. */
  points: Float64Array
  /** Of the variance of all columns, what each of the two axes explains; 0 for vectors that do not differ. */
  shares: [number, number]
}

/** More directions than are wanted make the two converge sooner. */
const DIRECTIONS = 8
const MOST_ROUNDS = 300
/** How far a direction may be from what the covariance makes of it, as a share of the largest variance. */
const ENOUGH = 1e-9

/**
 * Principal component analysis by subspace iteration with Rayleigh–Ritz (Golub and Van Loan, “Matrix Computations”,
 * section 8.2.4), without forming the covariance: a pass over the rows a round. The start is fixed and the largest
 * loading of an axis is positive, so that the same rows always give the same picture.
 *
 * @param data [rows, columns], row-major
 */
export function principalPlane(data: Float32Array, rows: number, columns: number): PrincipalPlane {
  const centred = { data, rows, columns, mean: meanRow(data, rows, columns) }
  const total = varianceOf(centred)
  const points = new Float64Array(2 * rows)
  if (total === 0) return { points, shares: [0, 0] }
  const { axes, values } = leadingAxes(centred)
  for (const [at, axis] of axes.slice(0, 2).entries()) {
    const sign = Math.sign(largest(axis)) || 1
    for (let row = 0; row < rows; row += 1) points[2 * row + at] = sign * along(centred, row, axis)
  }
  return { points, shares: [(values[0] ?? 0) / total, (values[1] ?? 0) / total] }
}

interface Centred {
  data: Float32Array
  rows: number
  columns: number
  mean: Float64Array
}

function leadingAxes(centred: Centred): { axes: Float64Array[]; values: number[] } {
  const count = Math.min(DIRECTIONS, centred.columns)
  let axes = orthonormal(Array.from({ length: count }, (_, at) => startAxis(centred.columns, at)))
  let values: number[] = []
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const images = imagesOf(centred, axes)
    const { vectors, values: found } = symmetricEigen(axes.map(a => images.map(b => dot(a, b))))
    values = found
    axes = vectors.map(weights => combined(axes, weights))
    const turned = vectors.map(weights => combined(images, weights))
    if (residual(axes, turned, values) <= ENOUGH * (values[0] ?? 0)) break
    axes = orthonormal(turned)
  }
  return { axes, values }
}

/** Of the two that are wanted. */
function residual(axes: Float64Array[], images: Float64Array[], values: number[]): number {
  return Math.max(
    ...axes.slice(0, 2).map((axis, at) => {
      const image = images[at] ?? axis
      return Math.hypot(...image.map((value, column) => value - (values[at] ?? 0) * (axis[column] ?? 0)))
    }),
  )
}

/** What the covariance (without its divisor) makes of each direction: Xᵀ X v of the centred rows. */
function imagesOf({ data, rows, columns, mean }: Centred, axes: readonly Float64Array[]): Float64Array[] {
  const images = axes.map(() => new Float64Array(columns))
  const row = new Float64Array(columns)
  for (let at = 0; at < rows; at += 1) {
    for (let column = 0; column < columns; column += 1)
      row[column] = (data[at * columns + column] as number) - (mean[column] as number)
    for (const [which, axis] of axes.entries()) {
      const length = dot(row, axis)
      const image = images[which] as Float64Array
      for (let column = 0; column < columns; column += 1)
        image[column] = (image[column] as number) + length * (row[column] as number)
    }
  }
  return images
}

/** A direction that no symmetry of features makes orthogonal to the axes. */
function startAxis(columns: number, at: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, column) => Math.sin((at + 1) * (column + 1) * 1.618 + at))
}

/** Gram–Schmidt, twice for the rounding; a direction that depends on those before becomes another unit vector. */
function orthonormal(axes: readonly Float64Array[]): Float64Array[] {
  const found: Float64Array[] = []
  for (const [at, axis] of axes.entries()) {
    let unit = normalised(without(without(axis, found), found))
    for (let column = at; !unit; column += 1) {
      const basis = new Float64Array(axis.length)
      basis[column % axis.length] = 1
      unit = normalised(without(without(basis, found), found))
    }
    found.push(unit)
  }
  return found
}

function without(axis: Float64Array, others: readonly Float64Array[]): Float64Array {
  const rest = axis.slice()
  for (const other of others) {
    const share = dot(rest, other)
    for (let column = 0; column < rest.length; column += 1)
      rest[column] = (rest[column] as number) - share * (other[column] as number)
  }
  return rest
}

function normalised(axis: Float64Array): Float64Array | null {
  const length = Math.sqrt(dot(axis, axis))
  return length > 1e-12 ? axis.map(value => value / length) : null
}

/** Jacobi's rotations: eigenvalues in falling order and their eigenvectors, each with its weights. */
function symmetricEigen(matrix: number[][]): { values: number[]; vectors: number[][] } {
  const size = matrix.length
  const a = matrix.map(row => [...row])
  const v = a.map((_, row) => a.map((__, column) => (row === column ? 1 : 0)))
  const at = (m: number[][], row: number, column: number) => m[row]?.[column] ?? 0
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let off = 0
    for (let p = 0; p < size; p += 1) for (let q = p + 1; q < size; q += 1) off += at(a, p, q) ** 2
    if (off === 0) break
    for (let p = 0; p < size; p += 1) for (let q = p + 1; q < size; q += 1) rotate(a, v, p, q)
  }
  const order = a.map((_, which) => which).sort((x, y) => at(a, y, y) - at(a, x, x))
  return {
    values: order.map(which => at(a, which, which)),
    vectors: order.map(which => v.map(row => row[which] ?? 0)),
  }
}

/** One rotation that makes a[p][q] zero; `v` turns with it. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const [rowP, rowQ] = [a[p], a[q]]
  if (!rowP || !rowQ) return
  const [app, aqq, apq] = [rowP[p] ?? 0, rowQ[q] ?? 0, rowP[q] ?? 0]
  if (Math.abs(apq) <= Number.EPSILON * Math.sqrt(Math.abs(app * aqq))) {
    rowP[q] = rowQ[p] = 0
    return
  }
  const theta = (aqq - app) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const [c, s] = [1 / Math.sqrt(t * t + 1), t / Math.sqrt(t * t + 1)]
  const turn = (row: number[]) => {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0]
    row[p] = c * x - s * y
    row[q] = s * x + c * y
  }
  for (const row of a) turn(row)
  for (let column = 0; column < a.length; column += 1) {
    const [x, y] = [rowP[column] ?? 0, rowQ[column] ?? 0]
    rowP[column] = c * x - s * y
    rowQ[column] = s * x + c * y
  }
  for (const row of v) turn(row)
}

function combined(axes: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(axes[0]?.length ?? 0)
  for (const [at, axis] of axes.entries())
    for (let column = 0; column < sum.length; column += 1)
      sum[column] = (sum[column] as number) + (weights[at] ?? 0) * (axis[column] as number)
  return sum
}

function along({ data, columns, mean }: Centred, row: number, axis: Float64Array): number {
  let sum = 0
  for (let column = 0; column < columns; column += 1)
    sum += ((data[row * columns + column] as number) - (mean[column] as number)) * (axis[column] as number)
  return sum
}

function meanRow(data: Float32Array, rows: number, columns: number): Float64Array {
  const mean = new Float64Array(columns)
  for (let at = 0; at < rows * columns; at += 1)
    mean[at % columns] = (mean[at % columns] as number) + (data[at] as number) / rows
  return mean
}

function varianceOf({ data, rows, columns, mean }: Centred): number {
  let sum = 0
  for (let at = 0; at < rows * columns; at += 1)
    sum += ((data[at] as number) - (mean[at % columns] as number)) ** 2
  return sum
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number)
  return sum
}

function largest(axis: Float64Array): number {
  let most = 0
  for (const value of axis) if (Math.abs(value) > Math.abs(most)) most = value
  return most
}
