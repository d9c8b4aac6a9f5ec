import type { GraphBuilder, Initializer } from '../graph/builder.ts'
import { elementCount } from '../graph/dtype.ts'
import type { Storage } from '../graph/layers.ts'
import type { ManifestFacts } from './model-sources.ts'

/** How a tower is stored, for the manifest. */
export function storedAs(
  { chosen }: ManifestFacts,
  tower: string,
): { storage: Storage; storageCosine: number } {
  const found = chosen[tower]
  if (!found) throw new Error(`The ${tower} tower was not written`)
  return { storage: found.storage, storageCosine: found.cosine }
}

/** Weights of the bundle; a table that two graphs share counts once. */
export function countParameters(graphs: readonly GraphBuilder[]): number {
  const own = graphs.flatMap(graph => graph.initializers.filter(isParameter))
  return own.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0)
}

function isParameter(tensor: Initializer): boolean {
  return typeof tensor.place === 'string' && !/^(const_|fixed\.)/.test(tensor.name)
}
