import type { AnnotationId, ClipId, RecordingId, TierId } from '../contract/ids.ts'

// Clips and annotations are counted apart; what stands for a clip on the sentence tier has its number behind this one.
// Columns of ids are 32 bits wide, which leaves two thousand million for either.
const VIEW = 2 ** 31

export function sentenceTierId(recordingId: RecordingId): TierId {
  return (VIEW + recordingId) as TierId
}

export function sentenceId(clipId: ClipId): AnnotationId {
  return (VIEW + clipId) as AnnotationId
}

/** The recording whose sentence tier this is; null for a tier with rows of its own. */
export function recordingOfSentenceTier(tierId: TierId): RecordingId | null {
  return tierId > VIEW ? ((tierId - VIEW) as RecordingId) : null
}

/** The clip that a sentence is; null for any other annotation. */
export function clipOfSentence(annotationId: AnnotationId): ClipId | null {
  return annotationId > VIEW ? ((annotationId - VIEW) as ClipId) : null
}
