import { Tensor } from 'onnxruntime-node'

export function int64(shape: readonly number[], values: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}

export function float32(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('A graph gave no float32 output')
  return tensor.data
}
