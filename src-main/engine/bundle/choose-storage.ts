import type { Storage } from '../graph/layers.ts'
import { writeModel, type WrittenFile } from '../graph/onnx-file.ts'
import { smallestCosine } from '../pipelines/cosine.ts'
import { type CheckFacts, checkInputs, type Tower } from './check-frames.ts'
import type { ConversionProgress } from './conversion-progress.ts'
import { decodeFeatures, encodeFeatures, measureTower, MIN_COSINE, type Reference } from './fidelity.ts'
import type { PrecisionChoice } from './manifest.ts'
import { REFERENCE, TOWER_CANDIDATES } from './precision.ts'
import { referenceFeatures } from './reference-features.ts'
import { buildTower, type Storages } from './spamo-graphs.ts'
import type { SpamoSources } from './spamo-sources.ts'
import type { WorkFolder } from './work-folder.ts'

export interface ChosenTowers {
  storages: Pick<Storages, 'spatial' | 'motion'>
  /** Smallest cosine to 32-bit weights, measured. */
  cosines: { spatial: number; motion: number }
  reference: Reference
  files: WrittenFile[]
}

export interface ChooseDeps {
  sources: SpamoSources
  work: WorkFolder
  progress: ConversionProgress
  signal: AbortSignal | undefined
}

/** Writes both vision towers into the bundle, each in the fastest form whose features are exact enough. */
export async function chooseTowers(precision: PrecisionChoice, deps: ChooseDeps): Promise<ChosenTowers> {
  const spatial = await chooseTower('spatial', precision, deps)
  const motion = await chooseTower('motion', precision, deps)
  return {
    storages: { spatial: spatial.storage, motion: motion.storage },
    cosines: { spatial: spatial.cosine, motion: motion.cosine },
    reference: { spatial: spatial.reference, motion: motion.reference },
    files: [...spatial.files, ...motion.files],
  }
}

async function chooseTower(tower: Tower, precision: PrecisionChoice, deps: ChooseDeps) {
  const { journal, bundleDir } = deps.work
  const reference = (journal.reference[tower] ??= await referenceOf(tower, deps))
  deps.work.save()
  const known = journal.chosen[tower]
  if (known) return { ...known, reference, files: await write(tower, known.storage, deps) }
  for (const storage of TOWER_CANDIDATES[precision]) {
    const files = await write(tower, storage, deps)
    const { features, rows } = await measure(tower, bundleDir, files, deps)
    const cosine = smallestCosine(features, decodeFeatures(reference), rows)
    if (!(cosine >= MIN_COSINE) && storage !== REFERENCE) continue
    journal.chosen[tower] = { storage, cosine }
    deps.work.save()
    return { storage, cosine, reference, files }
  }
  throw new Error(`No form of the ${tower} tower is its own reference`)
}

async function referenceOf(tower: Tower, { sources, work, progress, signal }: ChooseDeps): Promise<string> {
  const features = await referenceFeatures(tower, sources, {
    dir: work.dir,
    inputs: checkInputs(tower, checkFacts(sources)),
    signal,
    onBytes: bytes => progress.add('checking', bytes),
  })
  return encodeFeatures(features)
}

async function write(
  tower: Tower,
  storage: Storage,
  { sources, work, progress, signal }: ChooseDeps,
): Promise<WrittenFile[]> {
  return writeModel(buildTower(tower, sources, storage), work.bundleDir, {
    signal,
    log: work.parts,
    onBytes: bytes => progress.add('writing', bytes),
  })
}

async function measure(
  tower: Tower,
  dir: string,
  files: readonly WrittenFile[],
  { sources, progress, signal }: ChooseDeps,
) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const onRun = (share: number) => progress.add('checking', share * bytes)
  return measureTower(tower, dir, checkFacts(sources), { signal, onRun })
}

export function checkFacts({ clip, videomae }: SpamoSources): CheckFacts {
  return {
    spatial: { preprocessing: clip.preprocessing },
    motion: { preprocessing: videomae.preprocessing, window: videomae.config.num_frames },
  }
}
