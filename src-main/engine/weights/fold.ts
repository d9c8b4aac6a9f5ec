/** Weights with the element-wise operations behind them folded in, so that a graph has one operation less. */
import { type LazyTensor, computed } from './tensor.ts'

const BATCH_NORM_EPSILON = 1e-5

/** Each row [out, …] times its factor [out]. */
export function scaledRows(weight: LazyTensor, factors: LazyTensor): LazyTensor {
  return computed(weight.shape, () => {
    const [values, factor] = [weight.read(), factors.read()]
    const perRow = values.length / factor.length
    return values.map((value, at) => value * (factor[Math.floor(at / perRow)] ?? 0))
  })
}

/** Rows `from` up to, not including, `to`. */
export function rowsOf(tensor: LazyTensor, from: number, to: number): LazyTensor {
  const [, ...rest] = tensor.shape
  const perRow = rest.reduce((product, size) => product * size, 1)
  return computed([to - from, ...rest], () => tensor.read().slice(from * perRow, to * perRow))
}

export interface BatchNorm {
  gamma: LazyTensor
  beta: LazyTensor
  mean: LazyTensor
  variance: LazyTensor
}

/** Of a linear layer or convolution [out, …] and the batch norm behind it: w·γ/√(σ²+ε) and (b−μ)·γ/√(σ²+ε)+β, in float64, rounded once. */
export function foldBatchNorm(
  kernel: LazyTensor,
  bias: LazyTensor,
  norm: BatchNorm,
): { kernel: LazyTensor; bias: LazyTensor } {
  const factors = () => {
    const variance = norm.variance.read()
    return Array.from(
      norm.gamma.read(),
      (gamma, channel) => gamma / Math.sqrt((variance[channel] ?? 0) + BATCH_NORM_EPSILON),
    )
  }
  return {
    kernel: computed(kernel.shape, () => {
      const [factor, values] = [factors(), kernel.read()]
      const perChannel = values.length / factor.length
      return values.map((value, at) => value * (factor[Math.floor(at / perChannel)] ?? 0))
    }),
    bias: computed(bias.shape, () => {
      const [factor, mean, beta] = [factors(), norm.mean.read(), norm.beta.read()]
      return bias
        .read()
        .map(
          (value, channel) => (value - (mean[channel] ?? 0)) * (factor[channel] ?? 0) + (beta[channel] ?? 0),
        )
    }),
  }
}
