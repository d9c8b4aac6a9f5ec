/** Cosine of two vectors; NaN where either is not a number, so that comparisons with it fail. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [product, lengthA, lengthB] = [0, 0, 0]
  for (let at = 0; at < b.length; at += 1) {
    const [x, y] = [a[at] ?? NaN, b[at] ?? NaN]
    product += x * y
    lengthA += x * x
    lengthB += y * y
  }
  return product / Math.sqrt(lengthA * lengthB)
}

/** The smallest cosine over the rows of two matrices. */
export function smallestCosine(a: Float32Array, b: Float32Array, rows: number): number {
  const width = b.length / rows
  const all = Array.from({ length: rows }, (_, row) => {
    const [from, to] = [row * width, (row + 1) * width]
    return cosine(a.subarray(from, to), b.subarray(from, to))
  })
  return Math.min(...all)
}
