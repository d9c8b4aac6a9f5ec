import type { Storage } from '../graph/layers.ts'
import { writeModel, type WrittenFile } from '../graph/onnx-file.ts'
import { smallestCosine } from '../pipelines/cosine.ts'
import type { ConversionProgress } from './conversion-progress.ts'
import { decodeFeatures, encodeFeatures, measureTower, MIN_COSINE } from './fidelity.ts'
import type { PrecisionChoice } from './manifest.ts'
import type { TowerPlan } from './model-sources.ts'
import { REFERENCE, TOWER_CANDIDATES } from './precision.ts'
import { referenceFeatures } from './reference-features.ts'
import type { WorkFolder } from './work-folder.ts'

export interface ChosenTower {
  storage: Storage
  /** Smallest cosine to 32-bit weights, measured. */
  cosine: number
  /** Features of the check frames by 32-bit weights. */
  reference: string
  files: WrittenFile[]
}

export interface ChooseDeps {
  work: WorkFolder
  progress: ConversionProgress
  signal: AbortSignal | undefined
}

/** Writes each vision tower into the bundle, in the fastest form whose features are exact enough. */
export async function chooseTowers(
  towers: readonly TowerPlan[],
  precision: PrecisionChoice,
  deps: ChooseDeps,
): Promise<Record<string, ChosenTower>> {
  const chosen: Record<string, ChosenTower> = {}
  for (const tower of towers) chosen[tower.name] = await chooseTower(tower, precision, deps)
  return chosen
}

async function chooseTower(
  tower: TowerPlan,
  precision: PrecisionChoice,
  deps: ChooseDeps,
): Promise<ChosenTower> {
  const { journal, bundleDir } = deps.work
  const reference = (journal.reference[tower.name] ??= await referenceOf(tower, deps))
  deps.work.save()
  const known = journal.chosen[tower.name]
  if (known) return { ...known, reference, files: await write(tower, known.storage, deps) }
  for (const storage of TOWER_CANDIDATES[precision]) {
    const files = await write(tower, storage, deps)
    const { features, rows } = await measure(tower, bundleDir, files, deps)
    const cosine = smallestCosine(features, decodeFeatures(reference), rows)
    if (!(cosine >= MIN_COSINE) && storage !== REFERENCE) continue
    journal.chosen[tower.name] = { storage, cosine }
    deps.work.save()
    return { storage, cosine, reference, files }
  }
  throw new Error(`No form of the ${tower.name} tower is its own reference`)
}

async function referenceOf(tower: TowerPlan, { work, progress, signal }: ChooseDeps): Promise<string> {
  const onBytes = (bytes: number) => progress.add('checking', bytes)
  return encodeFeatures(await referenceFeatures(tower, { dir: work.dir, signal, onBytes }))
}

async function write(
  tower: TowerPlan,
  storage: Storage,
  { work, progress, signal }: ChooseDeps,
): Promise<WrittenFile[]> {
  return writeModel(tower.build(storage), work.bundleDir, {
    signal,
    log: work.parts,
    onBytes: bytes => progress.add('writing', bytes),
  })
}

async function measure(
  tower: TowerPlan,
  dir: string,
  files: readonly WrittenFile[],
  { progress, signal }: ChooseDeps,
) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const onRun = (share: number) => progress.add('checking', share * bytes)
  return measureTower(tower.name, dir, tower.inputs(), { signal, onRun })
}
