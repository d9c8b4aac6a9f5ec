import { constants } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { asDiskError, writeAtomically } from '../../formats/atomic-file.ts'
import { upstreamFeatureName, upstreamFolder } from '../../formats/spamo-features.ts'
import { FEATURE_KINDS, type FeatureKind } from '../../engine/feature-kind.ts'
import { findClip } from '../clip/clip.queries.ts'
import type { CorpusContext } from '../context.ts'
import { findMedia } from '../media/media.queries.ts'

/** `Wetter-Demo.signwright` → `Wetter-Demo`: upstream takes the data set's name from its folder. */
export function datasetName({ dir }: CorpusContext): string {
  return basename(dir).replace(/\.signwright$/, '')
}

/** Copies a clip's features, SpaMo's to where its loader looks for them, one step a file. */
export async function exportFeatures(
  context: CorpusContext,
  clipId: ClipId,
  files: Readonly<Partial<Record<FeatureKind, string>>>,
  outDir: string,
): Promise<void> {
  const clip = findClip(context.db, clipId)
  const media = clip && findMedia(context.db, clip.mediaId)
  if (!clip || !media) return
  for (const kind of FEATURE_KINDS) {
    const source = files[kind]
    if (source === undefined) continue
    const folder = join(outDir, folderOf(kind, datasetName(context)), clip.split || 'all')
    const target = join(folder, fileNameOf(kind, safeName(clip.name), spanStart(clip, media)))
    try {
      await mkdir(folder, { recursive: true })
      await writeAtomically(target, temporary => copyFile(source, temporary, constants.COPYFILE_FICLONE))
    } catch (error) {
      throw error instanceof AppError ? error : asDiskError(error, target)
    }
  }
}

/** Sign2GPT's release keeps no features; ours go into a folder of their own. */
function folderOf(kind: FeatureKind, dataset: string): string {
  return kind === 'zstar' ? join('zstar', dataset) : upstreamFolder(kind, dataset)
}

function fileNameOf(kind: FeatureKind, clip: string, startSeconds: number | null): string {
  return kind === 'zstar' ? `${clip}.npy` : upstreamFeatureName(kind, clip, startSeconds)
}

/** Seconds at which a clip begins that is part of a longer video; null for a whole file, and for frames. */
export function spanStart(
  clip: { firstFrame: number; lastFrame: number; startMs: number },
  { role, frames }: { role: string; frames: number },
): number | null {
  const isWhole = clip.firstFrame === 0 && clip.lastFrame === frames - 1
  return role !== 'video' || isWhole ? null : clip.startMs / 1000
}

/** Names of clips may hold folders; upstream's ids are file names. */
export function safeName(name: string): string {
  return name.replaceAll(/[\\/:]/g, '_')
}
