import { readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { kindOfPickle } from '../../formats/processed-words.ts'
import { openWeights } from '../weights/open-weights.ts'
import type { PartId } from './published-parts.ts'

/** Which part of a model a weight file or pickle is, by its content; undefined for a name that says nothing. */
export function partOfFile(path: string): PartId | undefined {
  if (/(_pkl|\.pkl)$/.test(path)) return kindOfPickle(readFileSync(path), path) ?? undefined
  if (!['.pt', '.pth'].includes(extname(path))) return undefined
  using store = openWeights(path)
  const names = [...store.tensors.keys()]
  if (names.length > 0 && names.every(name => name.startsWith('module.')))
    throw new AppError(
      'invalid-input',
      `${path} was saved from inside DistributedDataParallel: all its names begin with "module.". Save the state of the model itself (model.module.state_dict()).`,
      { details: { file: resolve(path) } },
    )
  if (names.some(name => name.startsWith('lang_model.'))) return 'stage2'
  if (store.tensors.has('post_model.vocab_embedding')) return 'stage1'
  if (store.tensors.has('cls_token') && store.tensors.has('patch_embed.proj.weight')) return 'dinov2'
  return store.tensors.has('spatio_proj.weight') ? 'checkpoint' : undefined
}

/**
 * Of the checkpoints in one folder those to take: the best by the score in its name, else the newest, else all that
 * follow no such rule (ignite writes `best_result_checkpoint_EPOCH_SCORE.pt` and `latest_epoch_checkpoint_ITERATION.pt`).
 */
export function chosenCheckpoints(names: readonly string[]): ReadonlySet<string> {
  const files = names.filter(name => extname(name) === '.pt')
  const best = highest(files, /_result_checkpoint_\d+_(-?\d+(?:\.\d+)?)\.pt$/)
  const chosen = best ?? highest(files, /latest_epoch_checkpoint_(\d+)\.pt$/)
  return new Set(chosen === undefined ? files : [chosen])
}

function highest(names: readonly string[], pattern: RegExp): string | undefined {
  let [found, most]: [string | undefined, number] = [undefined, -Infinity]
  for (const name of names) {
    const score = Number(pattern.exec(name)?.[1] ?? Number.NaN)
    if (score > most) [found, most] = [name, score]
  }
  return found
}
