import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ConvertInput, SourceInspection } from '#shared/contract/model.ts'
import { inspectSources } from '../../engine/bundle/inspect-sources.ts'
import { discardConversion, unfinishedBytes } from '../../engine/bundle/work-folder.ts'
import type { CallOptions, ConvertOutcome, EngineClient } from '../../engine/client.ts'
import type { ModelService } from './model.service.ts'

export interface ConversionDeps {
  engine: EngineClient
  models: ModelService
  dataDir: string
}

/** Makes bundles of published weights. */
export function createConversionService({ engine, models, dataDir }: ConversionDeps) {
  function inspect({ sources, outDir }: { sources: string[]; outDir?: string }): SourceInspection {
    const { kind, parts, settings, problem, space } = inspectSources(sources)
    const target = resolve(outDir ?? freeFolder(join(dataDir, 'models'), kind))
    const found = parts.filter(part => part.path !== null)
    return {
      kind,
      parts: parts.map(part => ({ ...part, problem: part.problem?.message ?? null })),
      settings,
      problem: problem?.message ?? null,
      licences: [...new Set(found.map(part => part.licence))],
      space: Object.entries(space ?? {}).map(([precision, { bundle, disk }]) => ({
        precision: precision as ConvertInput['precision'],
        bundle,
        disk,
      })),
      outDir: target,
      freeBytes: freeBytes(target),
      unfinishedBytes: unfinishedBytes(target),
    }
  }

  /** Converts in the engine's process; the bundle is not yet on the list. */
  async function run(input: ConvertInput, call: CallOptions): Promise<ConvertOutcome> {
    assertConvertible(input)
    const { sources, precision, name, cardFile } = input
    const outDir = resolve(input.outDir)
    mkdirSync(dirname(outDir), { recursive: true })
    const outcome = await engine.convert(
      { sources: sources.map(source => resolve(source)), outDir, precision, name, cardFile },
      call,
    )
    models.rememberMeasured(outDir)
    return outcome
  }

  return {
    inspect,
    check: assertConvertible,
    run,
    discard: (outDir: string) => discardConversion(outDir),
    assertFreeName: (outDir: string) => models.assertFreeName(outDir),
  }
}

export type ConversionService = ReturnType<typeof createConversionService>

/** Refuses at once what a job would only find out later. */
function assertConvertible({ sources, outDir, acknowledgedLicences, precision }: ConvertInput): void {
  const { parts, problem, space } = inspectSources(sources)
  if (problem) throw problem
  const found = parts.filter(({ path }) => path !== null)
  const open = found.filter(({ licence }) => !acknowledgedLicences.includes(licence))
  if (open.length > 0)
    throw new AppError(
      'invalid-input',
      `These licences have to be acknowledged first: ${open.map(({ name, licence }) => `${licence} (${name})`).join(', ')}.`,
      { details: { licences: open.map(({ licence }) => licence) } },
    )
  const target = resolve(outDir)
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new AppError(
      'conflict',
      `${target} already exists and is not empty. Choose another folder, or remove it.`,
      { details: { file: target } },
    )
  const needed = (space?.[precision].disk ?? 0) - unfinishedBytes(target)
  if (freeBytes(target) < needed)
    throw new AppError(
      'disk-full',
      `The model needs ${gigabytes(needed)} GB and ${dirname(target)} has ${gigabytes(freeBytes(target))} GB free. Make room, choose another disk, or a smaller precision.`,
      { details: { file: target, neededBytes: needed, freeBytes: freeBytes(target) } },
    )
}

/** The name of the kind, or the first `spamo-2` … that is free. */
function freeFolder(dir: string, kind: string): string {
  for (let number = 1; ; number += 1) {
    const path = join(dir, number === 1 ? kind : `${kind}-${number}`)
    if (!existsSync(path)) return path
  }
}

/** Of the disk that will hold this path, whose upper folders need not exist yet. */
function freeBytes(path: string): number {
  if (!existsSync(path) && dirname(path) !== path) return freeBytes(dirname(path))
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)
}
