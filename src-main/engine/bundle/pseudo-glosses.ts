import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { readJson } from '../weights/open-weights.ts'
import { corrupt } from '../weights/tensor.ts'
import type { Sign2gptManifest } from './manifest.ts'
import type { Bundle } from './open-bundle.ts'

export const VOCABULARY_NAME = 'pseudo-glosses.json'

/** The pseudo-glosses that a model has prototypes for, in the order of their ids. */
export const PseudoGlosses = z.object({
  /** Different sentences of the corpus, which the counts are measured against. */
  sentences: z.int(),
  glosses: z.array(z.string()),
  counts: z.array(z.int()),
})
export type PseudoGlosses = z.infer<typeof PseudoGlosses>

/** @throws AppError model-unavailable for a model without prototypes, corrupt-file */
export function readPseudoGlosses({ dir, manifest }: Bundle<Sign2gptManifest>): PseudoGlosses {
  if (!manifest.prototypes)
    throw new AppError(
      'model-unavailable',
      `${manifest.name} translates and does not localise: it was converted without a checkpoint of Sign2GPT's first stage.`,
      { details: { file: dir } },
    )
  const path = join(dir, manifest.prototypes.vocabulary)
  const parsed = PseudoGlosses.safeParse(readJson(path))
  if (!parsed.success) throw corrupt(path, 'is no list of pseudo-glosses', parsed.error)
  return parsed.data
}
