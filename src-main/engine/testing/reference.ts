/** The layers of the models in plain float64 loops, to compare the graphs with; for tests. */

/** Rows of numbers. */
export type Matrix = number[][]

export function matrixOf(data: ArrayLike<number>, rows: number): Matrix {
  const width = data.length / rows
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (__, column) => data[row * width + column] ?? 0),
  )
}

/** x · Wᵀ + b, W [out, in]. */
export function linear(x: Matrix, weight: ArrayLike<number>, bias?: ArrayLike<number>): Matrix {
  const into = x[0]?.length ?? 0
  const rows = matrixOf(weight, weight.length / into)
  return x.map(values => rows.map((row, out) => dot(values, row) + (bias?.[out] ?? 0)))
}

export function layerNorm(
  x: Matrix,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  epsilon: number,
): Matrix {
  return x.map(values => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return values.map(
      (value, at) => ((value - mean) / Math.sqrt(variance + epsilon)) * (weight[at] ?? 0) + (bias[at] ?? 0),
    )
  })
}

export function rmsNorm(x: Matrix, weight: ArrayLike<number>, epsilon: number): Matrix {
  return x.map(values => {
    const scale = Math.sqrt(dot(values, values) / values.length + epsilon)
    return values.map((value, at) => (value / scale) * (weight[at] ?? 0))
  })
}

/** Softmax(q · kᵀ · scale + bias) · v, head by head. */
export function attention(
  query: Matrix,
  key: Matrix,
  value: Matrix,
  heads: number,
  scale: number,
  bias: (head: number, query: number, key: number) => number = () => 0,
): Matrix {
  const width = (query[0]?.length ?? 0) / heads
  const part = (row: number[], head: number) => row.slice(head * width, (head + 1) * width)
  return query.map((queryRow, at) =>
    Array.from({ length: heads }, (_, head) => {
      const scores = key.map(
        (keyRow, other) => dot(part(queryRow, head), part(keyRow, head)) * scale + bias(head, at, other),
      )
      const weights = softmax(scores)
      return Array.from({ length: width }, (__, column) =>
        dot(
          weights,
          value.map(row => row[head * width + column] ?? 0),
        ),
      )
    }).flat(),
  )
}

export function add(a: Matrix, b: Matrix): Matrix {
  return a.map((row, at) => row.map((value, column) => value + (b[at]?.[column] ?? 0)))
}

export function map(a: Matrix, change: (value: number) => number): Matrix {
  return a.map(row => row.map(change))
}

export function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values)
  const powers = values.map(value => Math.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map(power => power / sum)
}

export const quickGelu = (x: number): number => x / (1 + Math.exp(-1.702 * x))
export const tanhGelu = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
export const erfGelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2))

/** Series for small, continued fraction for large arguments; good to 1e-12. */
function erf(x: number): number {
  const size = Math.abs(x)
  if (size > 5) return Math.sign(x)
  let [sum, term] = [0, size]
  for (let n = 0; n < 120; n += 1) {
    sum += term / (2 * n + 1)
    term *= -(size * size) / (n + 1)
  }
  return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}
