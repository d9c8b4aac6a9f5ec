import { constants } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { asDiskError, writeAtomically } from '../../formats/atomic-file.ts'
import { type FeatureKind, upstreamFeatureName, upstreamFolder } from '../../formats/spamo-features.ts'
import { findClip } from '../clip/clip.queries.ts'
import type { CorpusContext } from '../context.ts'

const KINDS: readonly FeatureKind[] = ['spatial', 'motion']

/** `Wetter-Demo.signwright` → `Wetter-Demo`: upstream takes the data set's name from its folder. */
export function datasetName({ dir }: CorpusContext): string {
  return basename(dir).replace(/\.signwright$/, '')
}

/** Copies a clip's features to where SpaMo's loader looks for them, one step a file. */
export async function exportFeatures(
  context: CorpusContext,
  clipId: ClipId,
  files: Readonly<Record<FeatureKind, string>>,
  outDir: string,
): Promise<void> {
  const clip = findClip(context.db, clipId)
  if (!clip) return
  for (const kind of KINDS) {
    const folder = join(outDir, upstreamFolder(kind, datasetName(context)), clip.split || 'all')
    const target = join(folder, upstreamFeatureName(kind, safeName(clip.name)))
    try {
      await mkdir(folder, { recursive: true })
      await writeAtomically(target, temporary => copyFile(files[kind], temporary, constants.COPYFILE_FICLONE))
    } catch (error) {
      throw error instanceof AppError ? error : asDiskError(error, target)
    }
  }
}

/** Names of clips may hold folders; upstream's ids are file names. */
export function safeName(name: string): string {
  return name.replaceAll(/[\\/:]/g, '_')
}
