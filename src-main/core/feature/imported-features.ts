import { constants } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { readNpy, writeNpy } from '../../formats/npy.ts'
import { expectedRows, type FeatureKind } from '../../formats/spamo-features.ts'
import type { FeatureKind as StoredKind } from '../../engine/feature-kind.ts'
import type { CorpusContext } from '../context.ts'
import { saveFeature } from './feature.queries.ts'
import { sha256OfFacts } from '../../formats/sha256.ts'

/** Stands where a fingerprint of weights and preprocessing would: nobody knows what made these. */
export const IMPORTED_EXTRACTOR = 'imported, unverified'

/** The pixels that features are about. */
export interface FeatureSpan {
  contentHash: string
  firstFrame: number
  lastFrame: number
}

export function importedFeatureKey(
  kind: StoredKind,
  { contentHash, firstFrame, lastFrame }: FeatureSpan,
): string {
  const facts = [kind, contentHash, firstFrame, lastFrame, IMPORTED_EXTRACTOR]
  return sha256OfFacts(facts)
}

/** Copies a feature file into the corpus. Returns what is wrong with it in a sentence, or null. */
export async function importFeature(
  { db, dir, now }: CorpusContext,
  kind: FeatureKind,
  span: FeatureSpan,
  path: string,
): Promise<string | null> {
  const key = importedFeatureKey(kind, span)
  const file = `features/${key.slice(0, 2)}/${key}.npy`
  const target = join(dir, file)
  try {
    const { shape, dtype, data } = await readNpy(path)
    const [rows = 0, columns = 0] = shape
    if (rows === 0 || data.length === 0)
      return `${basename(path)} holds no rows: the extraction failed on this clip. Extract it again.`
    if (shape.length !== 2)
      return `${basename(path)} holds an array of ${shape.length} dimensions; features have 2.`
    await mkdir(dirname(target), { recursive: true })
    if (dtype === 'float32')
      await writeAtomically(target, temporary => copyFile(path, temporary, constants.COPYFILE_FICLONE))
    else await writeNpy(target, Float32Array.from(data as ArrayLike<number>, Number), [rows, columns])
    saveFeature(db, {
      key,
      kind,
      ...span,
      extractorFingerprint: IMPORTED_EXTRACTOR,
      file,
      rows,
      columns,
      device: '',
      madeAt: now(),
    })
    const expected = expectedRows(kind, span.lastFrame - span.firstFrame + 1)
    return rows === expected
      ? null
      : `${basename(path)} has ${rows} rows where ${span.lastFrame - span.firstFrame + 1} frames give ${expected}. It is imported as it is; features and frames of this clip may not belong together.`
  } catch (error) {
    if (error instanceof AppError && error.code !== 'disk-full') return error.message
    throw error
  }
}
