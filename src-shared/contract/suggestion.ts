import { z } from 'zod'
import { LinkedAnnotation } from './annotation.ts'
import { base } from './base.ts'
import { AnnotationId, ClipId, Milliseconds, RecordingId, SuggestionId, TierId, Timestamp } from './ids.ts'
import { LocalisationMeasure } from './localisation.ts'

/** What a model proposes for a tier. It is no annotation: no export, search or count knows of it. */
export const Suggestion = z.strictObject({
  id: SuggestionId,
  tierId: TierId,
  clipId: ClipId,
  startMs: Milliseconds,
  endMs: Milliseconds,
  value: z.string(),
  /** The strongest cell, and the sum over its cells. */
  score: z.number(),
  mass: z.number(),
})
export type Suggestion = z.infer<typeof Suggestion>

/** Where an annotation that began as a suggestion comes from. */
export const Origin = z.strictObject({
  annotationId: AnnotationId,
  model: z.string(),
  version: z.string(),
  measure: LocalisationMeasure,
  threshold: z.number(),
  proposedAt: Timestamp,
  proposedBy: z.string(),
  /** As it was proposed; the annotation may have been changed since. */
  startMs: Milliseconds,
  endMs: Milliseconds,
  value: z.string(),
  score: z.number(),
  mass: z.number(),
})
export type Origin = z.infer<typeof Origin>

export const suggestion = {
  /** The open ones, in the order of time. */
  list: base.input(z.strictObject({ recordingId: RecordingId })).output(z.array(Suggestion)),
  /** They become annotations of their tier, as one step of undo; refused where one would overlap another annotation. */
  accept: base
    .input(z.strictObject({ suggestionIds: z.array(SuggestionId).min(1) }))
    .output(z.array(LinkedAnnotation)),
  /** Remembered: the same word is not proposed there again. */
  reject: base.input(z.strictObject({ suggestionIds: z.array(SuggestionId).min(1) })).output(z.void()),
  /** Of those annotations of the recording that began as suggestions. */
  origins: base.input(z.strictObject({ recordingId: RecordingId })).output(z.array(Origin)),
}
