/** What ONNX Runtime makes of this machine: one large float32 product. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { GraphBuilder } from '#main/engine/graph/builder.ts'
import { writeModel } from '#main/engine/graph/onnx-file.ts'
import { Sessions } from '#main/engine/pipelines/sessions.ts'

const SIZE = 2048
const ROUNDS = 4

/** GFLOP/s of the best of four products of 2048 × 2048 matrices. */
export async function gemmPeak(dir: string, threads: number): Promise<number> {
  const place = join(dir, 'gemm')
  mkdirSync(place, { recursive: true })
  const g = new GraphBuilder('gemm')
  const [a, b] = [g.input('a', 'float32', [SIZE, SIZE]), g.input('b', 'float32', [SIZE, SIZE])]
  g.output(g.op('MatMul', [a, b]), 'c', 'float32', [SIZE, SIZE])
  await writeModel(g, place)
  const sessions = new Sessions(place, { device: 'cpu', threads })
  const values = Float32Array.from({ length: SIZE ** 2 }, (_, at) => Math.sin(at))
  const matrix = new Tensor('float32', values, [SIZE, SIZE])
  try {
    let best = Infinity
    for (let round = 0; round <= ROUNDS; round += 1) {
      const before = sessions.modelMs
      await sessions.run('gemm', { a: matrix, b: matrix }, ['c'])
      if (round > 0) best = Math.min(best, sessions.modelMs - before)
    }
    return (2 * SIZE ** 3) / best / 1e6
  } finally {
    await sessions.releaseAllBut([])
  }
}
