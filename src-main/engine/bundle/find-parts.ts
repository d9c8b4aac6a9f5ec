import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { readJson, WEIGHT_FILES } from '../weights/open-weights.ts'
import { chosenCheckpoints, partOfFile } from './part-of-file.ts'
import { kindOfPart, MODEL_NAMES, type ModelKind, type PartId, publishedPart } from './published-parts.ts'

export interface FoundParts {
  kind: ModelKind
  parts: Partial<Record<PartId, string>>
  /** Settings that are named or lie beside a checkpoint, where there are any. */
  settings: string | null
}

/** Folders below a source in which parts are looked for: `weights/clip`, or the cache of Hugging Face's own tool. */
const MAX_DEPTH = 4
const MAX_ENTRIES = 5000
const SETTINGS_END = '.config.json'

/**
 * What the given folders and files are, by their own descriptions, in any order; a folder may also hold the parts.
 *
 * @throws AppError not-found, invalid-input for a source that is nothing of the model, conflict for a part named twice
 */
export function findParts(sources: readonly string[]): FoundParts {
  const found: FoundParts = { kind: 'spamo', parts: {}, settings: null }
  for (const source of sources) {
    const before = JSON.stringify(found)
    collect(resolve(source), found)
    if (JSON.stringify(found) === before) throw nothingIn(resolve(source), found)
  }
  const { checkpoint, stage1, stage2 } = found.parts
  found.settings ??= checkpoint ? settingsBeside(checkpoint) : null
  found.settings ??= [stage2, stage1].map(configBeside).find(path => path !== null) ?? null
  return found
}

function collect(source: string, found: FoundParts): void {
  const facts = statSync(source, { throwIfNoEntry: false })
  if (!facts)
    throw new AppError('not-found', `${source} does not exist. Check the path.`, {
      details: { file: source },
    })
  if (facts.isDirectory()) {
    if (!keepFolder(source, found)) search(source, found, MAX_DEPTH, { left: MAX_ENTRIES })
  } else if (source.endsWith('.json') && !WEIGHT_FILES.includes(basename(source))) found.settings = source
  // The weights of a folder, chosen instead of the folder.
  else if (WEIGHT_FILES.includes(basename(source)) && existsSync(join(dirname(source), 'config.json')))
    keepFolder(dirname(source), found)
  else keep(partOfFile(source) ?? 'checkpoint', source, found)
}

/** True for a folder of Hugging Face. */
function keepFolder(dir: string, found: FoundParts): boolean {
  const config = join(dir, 'config.json')
  if (!existsSync(config)) return false
  const type = modelType(config)
  // The settings of a checkpoint say nothing of a type.
  if (type === undefined) return false
  const part = partOfType(type)
  if (!part)
    throw new AppError(
      'invalid-input',
      `${config} describes a model of type "${type}"; SpaMo is made of CLIP, VideoMAE and T5, Sign2GPT of DINOv2 and XGLM.`,
      { details: { file: config } },
    )
  keep(part, dir, found)
  return true
}

export function modelType(configFile: string): string | undefined {
  const type = (readJson(configFile) as { model_type?: unknown } | null)?.model_type
  return type === undefined ? undefined : String(type)
}

function partOfType(type: string | undefined): PartId | undefined {
  if (type?.startsWith('clip')) return 'clip'
  if (type === 'videomae' || type === 'xglm') return type
  return type === 't5' || type === 'mt5' ? 't5' : undefined
}

/** Takes the parts below a folder and passes over whatever else is there. */
function search(dir: string, found: FoundParts, depth: number, budget: { left: number }): void {
  const entries = readdirSync(dir, { withFileTypes: true })
  const checkpoints = chosenCheckpoints(entries.map(({ name }) => name))
  for (const entry of entries) {
    budget.left -= 1
    if (budget.left < 0 || entry.name.startsWith('.')) continue
    const path = join(dir, entry.name)
    const facts = statSync(path, { throwIfNoEntry: false })
    if (facts?.isFile()) takeFile(path, found, checkpoints)
    else if (facts?.isDirectory()) {
      const config = join(path, 'config.json')
      const part = existsSync(config) ? partOfType(modelType(config)) : undefined
      if (part) keep(part, path, found)
      else if (depth > 1) search(path, found, depth - 1, budget)
    }
  }
}

function takeFile(path: string, found: FoundParts, checkpoints: ReadonlySet<string>): void {
  if (extname(path) === '.ckpt') return keep('checkpoint', path, found)
  if (path.endsWith(SETTINGS_END)) {
    found.settings = path
    return
  }
  if (extname(path) === '.pt' && !checkpoints.has(basename(path))) return
  const part = partOfFile(path)
  if (part) keep(part, path, found)
}

function keep(part: PartId, path: string, found: FoundParts): void {
  const { parts } = found
  const kind = kindOfPart(part)
  const [other] = Object.keys(parts) as PartId[]
  if (other && kindOfPart(other) !== kind)
    throw new AppError(
      'conflict',
      `${parts[other]} is a part of ${MODEL_NAMES[kindOfPart(other)]} and ${path} one of ${MODEL_NAMES[kind]}. Name the parts of one model.`,
      { details: { file: path } },
    )
  found.kind = kind
  const known = parts[part]
  if (known !== undefined && known !== path)
    throw new AppError(
      'conflict',
      `${known} and ${path} are the same part of the model (${publishedPart(part).name}). Name one.`,
      { details: { file: path } },
    )
  parts[part] = path
}

/** `name.config.json` for `name.ckpt`. */
function settingsBeside(checkpoint: string): string | null {
  const path = join(dirname(checkpoint), `${basename(checkpoint, extname(checkpoint))}${SETTINGS_END}`)
  return existsSync(path) ? path : null
}

/** `config.json` beside a checkpoint, where it is no language model's. */
function configBeside(checkpoint: string | undefined): string | null {
  const path = checkpoint === undefined ? '' : join(dirname(checkpoint), 'config.json')
  return existsSync(path) && modelType(path) === undefined ? path : null
}

function nothingIn(source: string, { parts }: FoundParts): AppError {
  if (Object.values(parts).includes(source))
    return new AppError('invalid-input', `${source} is named twice.`, { details: { file: source } })
  return new AppError(
    'invalid-input',
    `${source} holds no part of a model: of SpaMo a Hugging Face folder (with config.json) of CLIP, VideoMAE or T5 or a checkpoint (.ckpt); of Sign2GPT a checkpoint (.pt), DINOv2's weights (.pth), the folder of XGLM, or pseudo-glosses (processed_words.*_pkl).`,
    { details: { file: source } },
  )
}
