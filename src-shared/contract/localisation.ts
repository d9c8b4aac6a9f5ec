import { z } from 'zod'
import { base } from './base.ts'
import { ClipId, Milliseconds, ModelId } from './ids.ts'

/** A value for each cell and gloss, cell by cell: [cells][glosses]. */
const Matrix = z.array(z.array(z.number()))

/** Where a model with prototypes (Sign2GPT, stage 1) finds pseudo-glosses in a clip. */
export const Localisation = z.strictObject({
  /** On the recording's time line; each lasts from the end of the one before. */
  cells: z.array(z.strictObject({ startMs: Milliseconds, endMs: Milliseconds })),
  glosses: z.array(z.string()),
  /** Wanted words that the model has no prototype for. */
  unknown: z.array(z.string()),
  /** A times the share of each gloss that falls on a cell: at most 1 in sum over the cells, so that a gloss that is signed twice is split. */
  E: Matrix,
  /** Probability of each gloss among all pseudo-glosses and the background, cell by cell. */
  A: Matrix,
  /** Cosine to the prototype of the gloss. */
  cosine: Matrix,
  /** E summed over the cells: how likely the gloss is in the clip at all. */
  presence: z.array(z.number()),
})
export type Localisation = z.infer<typeof Localisation>

export const localisation = {
  /**
   * Needs the features of the clip: extract them first ('not-found' says so). Without `words` the 20 pseudo-glosses that
   * are likeliest in the clip.
   */
  ofClip: base
    .input(
      z.strictObject({
        clipId: ClipId,
        modelId: ModelId,
        words: z.array(z.string().min(1)).max(500).optional(),
      }),
    )
    .output(Localisation),
}
