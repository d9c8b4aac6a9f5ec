import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Tensor } from 'onnxruntime-node'
import { writeModel } from '../graph/onnx-file.ts'
import { Sessions } from '../pipelines/sessions.ts'
import { float32 } from '../pipelines/t5-runtime.ts'
import type { TowerPlan } from './model-sources.ts'
import { REFERENCE } from './precision.ts'

export interface ReferenceOptions {
  /** The parts lie in it, one at a time, only while they are run. */
  dir: string
  signal?: AbortSignal | undefined
  /** Bytes written, and as many run. */
  onBytes?: ((bytes: number) => void) | undefined
}

/**
 * Features of the check frames by 32-bit weights, on the CPU, rows one after the other. The tower is run a few blocks at a
 * time, so that it needs less memory than any bundle that is made from it.
 */
export async function referenceFeatures(
  tower: TowerPlan,
  { dir, signal, onBytes }: ReferenceOptions,
): Promise<Float32Array> {
  let values: readonly Tensor[] = tower.inputs()
  let input = 'pixels'
  const { name, parts } = tower
  for (const [index, range] of parts.entries()) {
    const output = index === parts.length - 1 ? 'features' : 'hidden'
    using part = partFolder(dir, name)
    const files = await writeModel(tower.build(REFERENCE, range), part.dir, { signal, onBytes })
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    await using sessions = openSessions(part.dir)
    const results: Tensor[] = []
    for (const value of values) {
      signal?.throwIfAborted()
      const { [output]: result } = await sessions.run(name, { [input]: value }, [output])
      if (result) results.push(result)
      onBytes?.(bytes / values.length)
    }
    values = results
    input = 'tokens'
  }
  return stacked(values)
}

function partFolder(dir: string, tower: string) {
  const path = join(dir, `reference-${tower}`)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path)
  return { dir: path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

function openSessions(dir: string) {
  const sessions = new Sessions(dir, { device: 'cpu', threads: 0 })
  return {
    run: sessions.run.bind(sessions),
    [Symbol.asyncDispose]: () => sessions.releaseAllBut([]),
  }
}

/** Row after row. */
function stacked(rows: readonly Tensor[]): Float32Array {
  const values = rows.map(float32)
  const all = new Float32Array(values.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of values) {
    all.set(row, at)
    at += row.length
  }
  return all
}
