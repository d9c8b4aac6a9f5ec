import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import type { DeviceName, EngineClient } from '../../engine/client.ts'
import { removeUnfinished } from '../../formats/atomic-file.ts'
import type { CorpusContext } from '../context.ts'
import type { ClipSource } from '../media/clip-source.ts'
import { type FeatureSpan, importedFeatureKey } from './imported-features.ts'
import {
  type FeatureRecord,
  findAbsentSpan,
  findFeature,
  forgetFeature,
  saveFeature,
} from './feature.queries.ts'

type Kind = FeatureRecord['kind']

export interface FeatureDeps {
  engine: EngineClient
  /** Where the frames of a clip are; throws 'media-missing' where they are gone. */
  sourceOf: (clipId: ClipId) => ClipSource
  /** Whether the file still is the one that was imported; checked by content where size or time differ. */
  verify: (clipId: ClipId) => Promise<void>
}

export interface FeatureOptions {
  device: DeviceName
  signal: AbortSignal
  /** Frames of this clip that are done, of how many. */
  onProgress: (frames: number, total: number, memoryBytes: number | null) => void
}

/** Absolute paths of a clip's `.npy` files. */
export type FeatureFiles = Record<Kind, string>

/** Features of clips, computed once: the key names the pixels (file content, frames) and the extractor (weights, preprocessing). */
export function createFeatureService(context: CorpusContext, { engine, sourceOf, verify }: FeatureDeps) {
  const { db, dir } = context

  /** Null where the row or its file is gone: both can be deleted to free space. */
  function stored(key: string): string | null {
    const record = findFeature(db, key)
    if (!record) return null
    const path = join(dir, record.file)
    if (existsSync(path)) return path
    forgetFeature(db, key)
    return null
  }

  /** A clip without pictures has the features that it came with, or none. */
  function imported(span: FeatureSpan): FeatureFiles {
    const [spatial, motion] = [
      stored(importedFeatureKey('spatial', span)),
      stored(importedFeatureKey('motion', span)),
    ]
    if (spatial !== null && motion !== null) return { spatial, motion }
    const lacking = spatial === null ? (motion === null ? '' : 'spatial ') : 'motion '
    throw new AppError(
      'media-missing',
      `This clip has no pictures and no ${lacking}features: import it again with its feature files, or with its video.`,
    )
  }

  /** The clip's feature files; what is missing is computed, both kinds from one pass over the video. */
  async function ensure(clipId: ClipId, bundle: Bundle, options: FeatureOptions): Promise<FeatureFiles> {
    const absent = findAbsentSpan(db, clipId)
    if (absent) return imported(absent)
    await verify(clipId)
    const source = sourceOf(clipId)
    const spatial = describe(source, bundle, 'spatial')
    const motion = describe(source, bundle, 'motion')
    const wants = { spatial: stored(spatial.key) === null, motion: stored(motion.key) === null }
    const files = { spatial: join(dir, spatial.file), motion: join(dir, motion.file) }
    if (!wants.spatial && !wants.motion) return files

    for (const file of Object.values(files)) {
      mkdirSync(dirname(file), { recursive: true })
      await removeUnfinished(file)
    }
    const result = await engine.extract(
      {
        bundleDir: bundle.dir,
        source: source.frames,
        wants,
        ...(wants.spatial ? { spatialOut: files.spatial } : {}),
        ...(wants.motion ? { motionOut: files.motion } : {}),
        partial: { file: `${files.spatial}.partial`, key: `${spatial.key} ${motion.key}` },
        device: options.device,
      },
      {
        signal: options.signal,
        onProgress: ({ done, total, memoryBytes }) => options.onProgress(done, total, memoryBytes),
      },
    )
    const made = { device: result.device, madeAt: context.now() }
    db.transaction(() => {
      if (result.spatialShape) saveFeature(db, recordOf(source, spatial, result.spatialShape, made))
      if (result.motionShape) saveFeature(db, recordOf(source, motion, result.motionShape, made))
    })()
    return files
  }

  return { ensure }
}

export type FeatureService = ReturnType<typeof createFeatureService>

interface Described {
  kind: Kind
  key: string
  fingerprint: string
  file: string
}

function describe(source: ClipSource, bundle: Bundle, kind: Kind): Described {
  const fingerprint = bundle.fingerprints[kind]
  const facts = [kind, source.contentHash, source.firstFrame, source.lastFrame, fingerprint]
  const key = createHash('sha256').update(JSON.stringify(facts)).digest('hex')
  return { kind, key, fingerprint, file: `features/${key.slice(0, 2)}/${key}.npy` }
}

function recordOf(
  { contentHash, firstFrame, lastFrame }: ClipSource,
  { kind, key, fingerprint, file }: Described,
  [rows, columns]: readonly [number, number],
  made: { device: string; madeAt: number },
): FeatureRecord {
  return {
    key,
    kind,
    contentHash,
    firstFrame,
    lastFrame,
    extractorFingerprint: fingerprint,
    file,
    rows,
    columns,
    ...made,
  }
}
