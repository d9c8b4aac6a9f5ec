import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import type { DeviceName, EngineClient } from '../../engine/client.ts'
import { FEATURE_KINDS } from '../../engine/feature-kind.ts'
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
import { sha256OfFacts } from '../../formats/sha256.ts'

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

/** Absolute paths of a clip's `.npy` files, of the kinds that a model needs. */
export type FeatureFiles = Readonly<Partial<Record<Kind, string>>>

/** Feature files that the corpus has. */
function createStore({ db, dir }: CorpusContext) {
  /** Null where the row or its file is gone: both can be deleted to free space. */
  function find(key: string): string | null {
    const record = findFeature(db, key)
    if (!record) return null
    const path = join(dir, record.file)
    if (existsSync(path)) return path
    forgetFeature(db, key)
    return null
  }

  /** A clip without pictures has the features that it came with, or none. */
  function imported(span: FeatureSpan, kinds: readonly Kind[]): FeatureFiles {
    const found = kinds.map(kind => [kind, find(importedFeatureKey(kind, span))] as const)
    const lacking = found.filter(([, path]) => path === null).map(([kind]) => kind)
    if (lacking.length === 0) return Object.fromEntries(found) as FeatureFiles
    const what = lacking.length === kinds.length && kinds.length > 1 ? '' : `${lacking.join(' and ')} `
    throw new AppError(
      'media-missing',
      `This clip has no pictures and no ${what}features: import it again with its feature files, or with its video.`,
    )
  }

  return { find, imported }
}

/** Features of clips, computed once: the key names the pixels (file content, frames) and the extractor (weights, preprocessing). */
export function createFeatureService(context: CorpusContext, { engine, sourceOf, verify }: FeatureDeps) {
  const { db, dir } = context
  const store = createStore(context)

  /** The clip's feature files where all that the model needs is there; null where something has to be computed. */
  function known(clipId: ClipId, bundle: Bundle): FeatureFiles | null {
    const absent = findAbsentSpan(db, clipId)
    if (absent) return store.imported(absent, kindsOf(bundle))
    const source = sourceOf(clipId)
    const found = kindsOf(bundle).map(kind => [kind, store.find(describe(source, bundle, kind).key)] as const)
    return found.every(([, path]) => path !== null) ? (Object.fromEntries(found) as FeatureFiles) : null
  }

  /** The file of one kind of features, or null; the model's other kinds may be missing. */
  function knownOf(clipId: ClipId, bundle: Bundle, kind: Kind): string | null {
    const absent = findAbsentSpan(db, clipId)
    return store.find(
      absent ? importedFeatureKey(kind, absent) : describe(sourceOf(clipId), bundle, kind).key,
    )
  }

  /** The clip's feature files; what is missing is computed, all kinds from one pass over the video. */
  async function ensure(clipId: ClipId, bundle: Bundle, options: FeatureOptions): Promise<FeatureFiles> {
    const absent = findAbsentSpan(db, clipId)
    if (absent) return store.imported(absent, kindsOf(bundle))
    await verify(clipId)
    const source = sourceOf(clipId)
    const all = kindsOf(bundle).map(kind => describe(source, bundle, kind))
    const files: FeatureFiles = Object.fromEntries(all.map(({ kind, file }) => [kind, join(dir, file)]))
    const missing = all.filter(({ key }) => store.find(key) === null)
    const [first] = all
    if (missing.length === 0 || !first) return files

    for (const { file } of missing) {
      const path = join(dir, file)
      mkdirSync(dirname(path), { recursive: true })
      await removeUnfinished(path)
    }
    const result = await engine.extract(
      {
        bundleDir: bundle.dir,
        source: source.frames,
        out: Object.fromEntries(missing.map(({ kind, file }) => [kind, join(dir, file)])),
        partial: { file: `${join(dir, first.file)}.partial`, key: all.map(({ key }) => key).join(' ') },
        device: options.device,
      },
      {
        signal: options.signal,
        onProgress: ({ done, total, memoryBytes }) => options.onProgress(done, total, memoryBytes),
      },
    )
    const made = { device: result.device, madeAt: context.now() }
    db.transaction(() => {
      for (const described of missing) {
        const shape = result.shapes[described.kind]
        if (shape) saveFeature(db, recordOf(source, described, shape, made))
      }
    })()
    return files
  }

  return { ensure, known, knownOf }
}

export type FeatureService = ReturnType<typeof createFeatureService>

interface Described {
  kind: Kind
  key: string
  fingerprint: string
  file: string
}

function kindsOf({ fingerprints }: Bundle): Kind[] {
  return FEATURE_KINDS.filter(kind => fingerprints[kind] !== undefined)
}

function describe(source: ClipSource, bundle: Bundle, kind: Kind): Described {
  const fingerprint = bundle.fingerprints[kind] ?? ''
  const facts = [kind, source.contentHash, source.firstFrame, source.lastFrame, fingerprint]
  const key = sha256OfFacts(facts)
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
