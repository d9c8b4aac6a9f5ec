import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelId, RunId } from '#shared/contract/ids.ts'
import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import { createT5Tokenizer } from '#main/engine/decoding/t5-tokenizer.ts'
import type { RoundTrip } from '#main/metrics/recipes/prepare-text.ts'
import { normalised } from '#main/metrics/recipes/procedure.ts'
import { procedureOf } from '#main/metrics/recipes/registry.ts'
import type { ReadDb } from '../../db/types.ts'
import { sha256 } from '../../formats/sha256.ts'
import type { ModelService } from '../model/model.service.ts'
import { weightsOf } from '../work/plan-translation.ts'
import { modelOfRun } from './dataset.queries.ts'

/** A model whose tokenizer sentences can be put through. */
export interface TokenizerPlace {
  /** The name of the model. */
  name: string
  dir: string
}

export type FindTokenizer = (db: ReadDb, runIds: readonly RunId[], asked?: ModelId) => TokenizerPlace | null

/**
 * The tokenizer that somebody asks for, else that of the first of these runs whose model is installed here, with the very
 * weights that made the run.
 *
 * @throws AppError 'not-found' where the model that is asked for is not installed
 */
export function tokenizersOf(models: Pick<ModelService, 'list' | 'get' | 'bundle'>): FindTokenizer {
  return (db, runIds, asked) => {
    if (asked !== undefined) return models.get(asked)
    const installed = models
      .list()
      .filter(({ abilities, problem }) => problem === null && abilities.includes('translate'))
    for (const runId of runIds) {
      const made = modelOfRun(db, runId)
      const model = installed.find(({ id }) => id === made?.bundle)
      if (model && weightsOf(models.bundle(model.id)) === made?.fingerprint) return model
    }
    return null
  }
}

const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'] as const

/** Whether a way of scoring puts references through a tokenizer, in whatever language they are. */
export function asksForTokenizer({ recipe, normalisers }: EvaluationChoice): boolean {
  return normalised(procedureOf(recipe, ''), normalisers).refsrc === 'round-trip'
}

/** Through ids and back, as SpaMo's scoring does with its references. */
export function roundTripOf({ dir }: TokenizerPlace): RoundTrip {
  const read = (file: string) => JSON.parse(readFileSync(join(dir, file), 'utf8')) as object
  const [tokenizer, config] = TOKENIZER_FILES
  const { encode, decode } = createT5Tokenizer(read(tokenizer), read(config), Infinity)
  return text => decode(encode(text))
}

/** A tokenizer under the digest of what it is made of: what was computed with it holds as long as that is the same. */
export interface KeyedTokenizer {
  key: string
  roundTrip: RoundTrip
}

export function keyedTokenizer(place: TokenizerPlace): KeyedTokenizer {
  const made = TOKENIZER_FILES.map(file => sha256(readFileSync(join(place.dir, file))))
  return { key: sha256(made.join(' ')), roundTrip: roundTripOf(place) }
}
