import type { AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { ModelId, RunId } from '#shared/contract/ids.ts'
import type { TranslateInput } from '#shared/contract/job.ts'
import type { GlossImport } from '#shared/contract/pseudo-gloss.ts'
import type { PredictionSource } from '#shared/contract/predictions.ts'
import type { ImportSource } from '#shared/contract/transfer.ts'
import type { z } from 'zod'
import type { Examples } from '../run/in-context.ts'

/** A wish whose beam width is settled: the model's own, where none was given. */
export type Translate = z.infer<typeof TranslateInput> & { beams: number }
export type Device = Translate['device']

export interface ExtractParameters {
  modelId: ModelId
  device: Device
  /** Where SpaMo's names are wanted. */
  outDir?: string
}

export interface TranslateParameters extends ExtractParameters {
  runId: RunId
  beams: number
  maxLength: number
  lengthPenalty: number
  nBest: number
  /** Absent in jobs of versions that could only search beams. */
  sampling?: { seed: number; temperature: number; topK: number; topP: number } | null
  examples?: Examples
}

/** Clips from videos and tables, or outputs of other systems. */
export type ImportParameters =
  | ImportSource
  | { predictions: PredictionSource }
  | { annotations: AnnotationImport }
  | { tags: GlossImport }
