import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { readJson } from '../weights/open-weights.ts'
import type { FeatureKind } from '../feature-kind.ts'
import {
  type BundleFile,
  BundleManifest,
  MANIFEST_FORMAT,
  MANIFEST_NAME,
  type Sign2gptManifest,
  type SpamoManifest,
} from './manifest.ts'
import { sha256OfFacts, sha256OfFile } from '../../formats/sha256.ts'

export interface FileCheck {
  file: string
  isSound: boolean
  problem: string | null
}

export interface Bundle<Manifest extends BundleManifest = BundleManifest> {
  dir: string
  manifest: Manifest
  /** Hashes of weights and preprocessing; equal fingerprints mean interchangeable features. */
  fingerprints: Fingerprints
  /** Reads every file and compares it with its sha256. */
  verify: (options?: { signal?: AbortSignal; onBytes?: (bytes: number) => void }) => Promise<FileCheck[]>
}

/** Of each kind of features that a model computes. */
export type Fingerprints = Readonly<Partial<Record<FeatureKind, string>>>

/** Graphs with fused attention have a second form for devices whose fused attention is not trusted. */
const withPlain = (...graphs: string[]) => graphs.flatMap(graph => [`${graph}.onnx`, `${graph}.plain.onnx`])
const TOKENIZER = ['tokenizer.json', 'tokenizer_config.json']

function requiredFiles(manifest: BundleManifest): string[] {
  if (manifest.kind === 'spamo')
    return [...withPlain('spatial', 'motion', 'encoder', 'step'), 'adapter.onnx', 'embed.onnx', ...TOKENIZER]
  const { prototypes, language } = manifest
  return [
    ...withPlain('spatial', 'encoder'),
    ...(prototypes ? ['head.onnx', prototypes.vocabulary] : []),
    ...(language ? ['sight.onnx', ...withPlain('step'), ...TOKENIZER] : []),
  ]
}

/** Opens a bundle after checking its structure: manifest, all files there and of the right length. */
export function openBundle(dir: string): Bundle {
  const path = join(dir, MANIFEST_NAME)
  if (!existsSync(path))
    throw new AppError('not-found', `${dir} is no model: it has no ${MANIFEST_NAME}.`, {
      details: { file: resolve(path) },
    })
  const content = readJson(path)
  refuseEarlierVersion(path, content)
  const parsed = BundleManifest.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const what = issue ? `${issue.path.join('.')}: ${issue.message}` : 'unknown fields'
    throw new AppError(
      'corrupt-file',
      `${path} is no manifest of this program's version (${what}). Convert the model again.`,
      { cause: parsed.error, details: { file: resolve(path) } },
    )
  }
  const manifest = parsed.data
  const listed = new Set(manifest.files.map(file => file.path))
  for (const name of requiredFiles(manifest))
    if (!listed.has(name)) throw damaged(dir, name, 'is not listed in the manifest')
  for (const file of manifest.files) {
    const problem = structuralProblem(dir, file)
    if (problem) throw damaged(dir, file.path, problem)
  }
  return {
    dir,
    manifest,
    fingerprints: fingerprints(manifest),
    verify: async (options = {}) => {
      const checks: FileCheck[] = []
      for (const file of manifest.files) checks.push(await checkFile(dir, file, options))
      return checks
    },
  }
}

/** Whole and sound, but its graphs do not have the inputs and outputs that this version uses. */
function refuseEarlierVersion(manifestFile: string, content: unknown): void {
  const format = (content as { format?: unknown } | null)?.format
  if (typeof format !== 'number' || format >= MANIFEST_FORMAT) return
  throw new AppError(
    'model-unavailable',
    `The model in ${dirname(manifestFile)} was made by an earlier version of Signwright (format ${format}, this version reads ${MANIFEST_FORMAT}). Its weights are sound, but its graphs lack what this version needs: convert it again from its sources.`,
    { details: { file: resolve(manifestFile) } },
  )
}

/** Throws for the first file whose content is not what the manifest promises. */
export async function assertSound(bundle: Bundle, signal?: AbortSignal): Promise<void> {
  const bad = (await bundle.verify(signal ? { signal } : {})).find(check => !check.isSound)
  if (bad) throw damaged(bundle.dir, bad.file, bad.problem ?? 'is damaged')
}

/**
 * Identifies features: the weights as stored (precision included) and every fact of the
 * computation around them.
 */
export function fingerprints(manifest: BundleManifest): Fingerprints {
  const weights = (name: string) => manifest.files.find(file => file.path === name)?.sha256 ?? ''
  const { spatial } = manifest
  if (manifest.kind === 'sign2gpt') {
    const { stored, image, fit, mean, std } = manifest.spatial.preprocessing
    const frames = [stored, image, fit, mean, std]
    const { dim, stride, storage } = manifest.spatial
    return {
      zstar: sha256OfFacts(['sign2gpt-z*/1', weights('spatial.onnx.data'), storage, dim, stride, frames]),
    }
  }
  const { motion } = manifest
  return {
    spatial: sha256OfFacts([
      'clip-s2/1',
      weights('spatial.onnx.data'),
      spatial.storage,
      spatial.dim,
      manifest.spatial.scales,
      preprocessingFacts(manifest.spatial.preprocessing),
    ]),
    motion: sha256OfFacts([
      'videomae-token0/1',
      weights('motion.onnx.data'),
      motion.storage,
      motion.dim,
      motion.window,
      motion.stride,
      preprocessingFacts(motion.preprocessing),
    ]),
  }
}

function preprocessingFacts(facts: SpamoManifest['spatial']['preprocessing']) {
  return [facts.edge, facts.crop, facts.resample, facts.mean, facts.std]
}

function structuralProblem(dir: string, file: BundleFile): string | undefined {
  const stats = statSync(join(dir, file.path), { throwIfNoEntry: false })
  if (!stats?.isFile()) return 'is missing'
  return stats.size === file.bytes ? undefined : `has ${stats.size} bytes instead of ${file.bytes}`
}

async function checkFile(
  dir: string,
  file: BundleFile,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void },
): Promise<FileCheck> {
  const problem = structuralProblem(dir, file)
  if (problem) return { file: file.path, isSound: false, problem }
  const { sha256 } = await sha256OfFile(join(dir, file.path), options)
  const isSound = sha256 === file.sha256
  return {
    file: file.path,
    isSound,
    problem: isSound ? null : 'has other content than when the model was made',
  }
}

function damaged(dir: string, file: string, problem: string): AppError {
  return new AppError(
    'corrupt-file',
    `The model in ${dir} is damaged: ${file} ${problem}. Copy it again from its source, or convert it again.`,
    {
      details: { file: resolve(dir, file) },
    },
  )
}

export function isSign2gpt(bundle: Bundle): bundle is Bundle<Sign2gptManifest> {
  return bundle.manifest.kind === 'sign2gpt'
}

/** Refuses a bundle of another kind. */
export function assertKind<Kind extends BundleManifest['kind']>(
  bundle: Bundle,
  kind: Kind,
): asserts bundle is Bundle<Extract<BundleManifest, { kind: Kind }>> {
  if (bundle.manifest.kind === kind) return
  throw new AppError(
    'model-unavailable',
    `${bundle.dir} holds a model of the kind ${bundle.manifest.kind}; ${kind} is needed here.`,
    { details: { file: resolve(bundle.dir) } },
  )
}
