import { z } from 'zod'

export const ClipId = z.int().positive().brand<'ClipId'>()
export type ClipId = z.infer<typeof ClipId>
export const RecordingId = z.int().positive().brand<'RecordingId'>()
export type RecordingId = z.infer<typeof RecordingId>
export const MediaId = z.int().positive().brand<'MediaId'>()
export type MediaId = z.infer<typeof MediaId>
export const ReferenceId = z.int().positive().brand<'ReferenceId'>()
export type ReferenceId = z.infer<typeof ReferenceId>
export const TierId = z.int().positive().brand<'TierId'>()
export type TierId = z.infer<typeof TierId>
export const AnnotationId = z.int().positive().brand<'AnnotationId'>()
export type AnnotationId = z.infer<typeof AnnotationId>
export const TierTypeId = z.int().positive().brand<'TierTypeId'>()
export type TierTypeId = z.infer<typeof TierTypeId>
export const VocabularyId = z.int().positive().brand<'VocabularyId'>()
export type VocabularyId = z.infer<typeof VocabularyId>
export const VocabularyEntryId = z.int().positive().brand<'VocabularyEntryId'>()
export type VocabularyEntryId = z.infer<typeof VocabularyEntryId>
export const AnnotationFileId = z.int().positive().brand<'AnnotationFileId'>()
export type AnnotationFileId = z.infer<typeof AnnotationFileId>
export const RunId = z.int().positive().brand<'RunId'>()
export type RunId = z.infer<typeof RunId>
export const HypothesisId = z.int().positive().brand<'HypothesisId'>()
export type HypothesisId = z.infer<typeof HypothesisId>
export const CampaignId = z.int().positive().brand<'CampaignId'>()
export type CampaignId = z.infer<typeof CampaignId>
export const CampaignItemId = z.int().positive().brand<'CampaignItemId'>()
export type CampaignItemId = z.infer<typeof CampaignItemId>
export const ConsentId = z.int().positive().brand<'ConsentId'>()
export type ConsentId = z.infer<typeof ConsentId>
export const LicenceId = z.int().positive().brand<'LicenceId'>()
export type LicenceId = z.infer<typeof LicenceId>
export const JobId = z.int().positive().brand<'JobId'>()
export type JobId = z.infer<typeof JobId>
export const SuggestionId = z.int().positive().brand<'SuggestionId'>()
export type SuggestionId = z.infer<typeof SuggestionId>
export const EditId = z.int().positive().brand<'EditId'>()
export type EditId = z.infer<typeof EditId>

/** A model bundle is named by its folder name: stable across restarts and readable on the command line. */
export const ModelId = z.string().min(1).brand<'ModelId'>()
export type ModelId = z.infer<typeof ModelId>

/** Whole milliseconds on a recording's time line. */
export const Milliseconds = z.int()
/** Milliseconds since 1970, UTC. */
export const Timestamp = z.int().nonnegative()
