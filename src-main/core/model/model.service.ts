import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { ModelId } from '#shared/contract/ids.ts'
import type { ModelInfo } from '#shared/contract/model.ts'
import { type Gates, readGates } from '../../engine/bundle/gates.ts'
import { assertSound, type Bundle, openBundle } from '../../engine/bundle/open-bundle.ts'
import { type BundleManifest, MANIFEST_NAME } from '../../engine/bundle/manifest.ts'
import type { EngineClient } from '../../engine/client.ts'
import type { Log } from '../context.ts'
import { readText, writeJson } from '../json-file.ts'
import { createFaithful } from './faithful.ts'

export interface ModelDeps {
  /** Bundles that come with the program. */
  builtInDir: string
  /** `models/` in here holds installed bundles, `models.json` names bundles that stay where they are. */
  dataDir: string
  version: string
  engine: Pick<EngineClient, 'checkBundle'>
  log: Log
}

interface Place {
  dir: string
  isBuiltIn: boolean
}

/** Where bundles lie on this machine. */
function createPlaces({ builtInDir, dataDir, log }: ModelDeps) {
  const installed = join(dataDir, 'models')
  const listFile = join(dataDir, 'models.json')

  function added(): string[] {
    try {
      return (JSON.parse(readText(listFile) ?? '[]') as unknown[]).filter(dir => typeof dir === 'string')
    } catch (error) {
      log.warn({ err: error, file: listFile }, 'the list of added models cannot be read')
      return []
    }
  }

  function all(): Place[] {
    return [
      ...bundlesIn(builtInDir).map(dir => ({ dir, isBuiltIn: true })),
      ...bundlesIn(installed).map(dir => ({ dir, isBuiltIn: false })),
      ...added().map(dir => ({ dir, isBuiltIn: false })),
    ]
  }

  function named(id: ModelId): Place {
    const place = all().find(({ dir }) => basename(dir) === id)
    if (place) return place
    const known = all().map(({ dir }) => basename(dir))
    throw new AppError('not-found', `There is no model "${id}". Installed: ${known.join(', ') || 'none'}`)
  }

  return { all, named, added, saveAdded: (dirs: readonly string[]) => writeJson(listFile, dirs) }
}

/** The model bundles of this machine: built in, installed, or added by folder. */
export function createModelService(deps: ModelDeps) {
  const places = createPlaces(deps)
  const faithful = createFaithful(deps)
  const checkOnce = createChecks(faithful)

  /** The bundle, its files checked against their sha256 once a session, its features once on this machine. */
  async function open(id: ModelId, signal?: AbortSignal): Promise<Bundle> {
    const bundle = asUnavailable(() => openBundle(places.named(id).dir))
    await checkOnce(bundle, signal)
    return bundle
  }

  /** Refuses a bundle that is damaged, or whose features are not exact enough on this machine. */
  async function add(dir: string, signal?: AbortSignal): Promise<ModelInfo> {
    const bundle = openBundle(resolve(dir))
    await assertSound(bundle, signal)
    await faithful.ensure(bundle, signal)
    return put(dir)
  }

  function put(dir: string): ModelInfo {
    const path = resolve(dir)
    const clash = assertFreeName(places.all(), path)
    if (!clash) places.saveAdded([...places.added(), path])
    return infoOf({ dir: path, isBuiltIn: clash?.isBuiltIn ?? false })
  }

  /** Takes an added bundle off the list; its files stay. */
  function remove(id: ModelId): void {
    const { dir, isBuiltIn } = places.named(id)
    if (isBuiltIn) throw new AppError('conflict', 'This model comes with Signwright and stays.')
    if (!places.added().includes(dir))
      throw new AppError(
        'conflict',
        `This model lies in Signwright's own folder. Delete ${dir} to remove it.`,
      )
    places.saveAdded(places.added().filter(other => other !== dir))
  }

  return {
    list: (): ModelInfo[] => places.all().map(infoOf),
    get: (id: ModelId): ModelInfo => infoOf(places.named(id)),
    verify: (id: ModelId, signal?: AbortSignal) => verifyFolder(places.named(id).dir, signal),
    verifyFolder,
    /** The bundle as it lies there, its files not checked. */
    bundle: (id: ModelId): Bundle => asUnavailable(() => openBundle(places.named(id).dir)),
    open,
    /** As `open`, for a model that somebody names: one that is not installed is told as that. */
    openKnown: async (id: ModelId, signal?: AbortSignal) => (places.named(id), open(id, signal)),
    gates: (id: ModelId): Gates | null => asUnavailable(() => readGates(openBundle(places.named(id).dir))),
    add,
    /** For a bundle that this machine has just made and measured. */
    rememberMeasured: (dir: string) => faithful.measured(openBundle(resolve(dir))),
    assertFreeName: (dir: string) => void assertFreeName(places.all(), resolve(dir)),
    remove,
  }
}

/** Hashing a large bundle takes a while; once a session and manifest is enough, a changed file is found by size. */
function createChecks(faithful: ReturnType<typeof createFaithful>) {
  const sound = new Set<string>()
  return async (bundle: Bundle, signal?: AbortSignal): Promise<void> => {
    const key = JSON.stringify([bundle.dir, bundle.fingerprints, bundle.manifest.version])
    if (sound.has(key)) return
    try {
      await assertSound(bundle, signal)
      await faithful.ensure(bundle, signal)
    } catch (error) {
      throw unavailable(error)
    }
    sound.add(key)
  }
}

/** Compares every file of a bundle, on the list or not, with its sha256. */
async function verifyFolder(dir: string, signal?: AbortSignal) {
  const files = await openBundle(dir).verify(signal ? { signal } : {})
  return { isSound: files.every(file => file.isSound), files }
}

/** Two models cannot share a name; the place that is this very folder, where it is known already. */
function assertFreeName(places: readonly Place[], path: string): Place | undefined {
  const id = ModelId.parse(basename(path))
  const clash = places.find(place => basename(place.dir) === id)
  if (clash && resolve(clash.dir) !== path)
    throw new AppError(
      'conflict',
      `A model named "${id}" is installed from ${clash.dir}. Rename the folder of the new one.`,
      { details: { file: path } },
    )
  return clash
}

export type ModelService = ReturnType<typeof createModelService>

function bundlesIn(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .map(name => join(dir, name))
    .filter(path => existsSync(join(path, MANIFEST_NAME)))
    .sort()
}

/** A damaged bundle stops the job, not only the clip: the next clip would meet it as well. */
function unavailable(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code === 'cancelled') return error
  return new AppError('model-unavailable', error.message, { cause: error, details: error.details })
}

function asUnavailable<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unavailable(error)
  }
}

/** A bundle that cannot be opened is listed too, with the reason. */
function infoOf({ dir, isBuiltIn }: Place): ModelInfo {
  try {
    const { manifest } = openBundle(dir)
    return {
      id: ModelId.parse(basename(dir)),
      dir,
      name: manifest.name,
      version: manifest.version,
      kind: manifest.kind,
      abilities: abilitiesOf(manifest),
      signLanguage: manifest.languages.sign,
      textLanguages: manifest.languages.text,
      description: manifest.description,
      domain: manifest.domain,
      warning: manifest.warning,
      precision: manifest.precision,
      beams: abilitiesOf(manifest).includes('translate') ? manifest.generation.beams : null,
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      parameters: manifest.parameters,
      licences: manifest.licences,
      ...manifest.card,
      isBuiltIn,
      problem: null,
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return brokenInfo(dir, isBuiltIn, error.message)
  }
}

function abilitiesOf(manifest: BundleManifest): ModelInfo['abilities'] {
  if (manifest.kind === 'spamo') return ['translate']
  return [
    ...(manifest.language ? (['translate'] as const) : []),
    ...(manifest.prototypes ? (['localise'] as const) : []),
  ]
}

function brokenInfo(dir: string, isBuiltIn: boolean, problem: string): ModelInfo {
  const unknown = { version: '', kind: '', signLanguage: '', description: '', domain: '', precision: '' }
  const none = {
    abilities: [],
    textLanguages: [],
    licences: [],
    scores: [],
    objectives: [],
    repeat: [],
    warning: null,
    parameters: null,
    beams: null,
  }
  return {
    id: ModelId.parse(basename(dir)),
    dir,
    name: basename(dir),
    ...unknown,
    ...none,
    bytes: 0,
    isBuiltIn,
    problem,
  }
}
