import type { GraphBuilder, Initializer } from '../graph/builder.ts'
import { elementCount } from '../graph/dtype.ts'
import type { Storage } from '../graph/layers.ts'
import { FIDELITY_NAME, MIN_COSINE } from './fidelity.ts'
import { type BundleManifest, MANIFEST_FORMAT } from './manifest.ts'
import type { ManifestFacts } from './model-sources.ts'

/** What a manifest says of any kind of model. */
export function describedBy(
  { card, precision, files, parameters }: ManifestFacts,
  published: BundleManifest['licences'],
) {
  return {
    format: MANIFEST_FORMAT as typeof MANIFEST_FORMAT,
    name: card.name,
    version: card.version,
    description: card.description,
    languages: { sign: card.signLanguage, text: card.textLanguages },
    domain: card.domain,
    warning: card.warning,
    precision,
    parameters,
    licences: card.licences.length > 0 ? card.licences : published,
    files,
    fidelity: { file: FIDELITY_NAME, minCosine: MIN_COSINE },
    card: { scores: card.scores, objectives: card.objectives, repeat: card.repeat },
  }
}

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
