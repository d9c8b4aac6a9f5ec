import { z } from 'zod'
import { base } from './base.ts'
import { ModelId, Timestamp } from './ids.ts'
import { Job } from './job.ts'

export const ModelInfo = z.strictObject({
  id: ModelId,
  dir: z.string(),
  name: z.string(),
  version: z.string(),
  kind: z.string(),
  /** What it can do: only a Sign2GPT model with prototypes localises, and one of the first stage does nothing else. */
  abilities: z.array(z.enum(['translate', 'localise'])),
  signLanguage: z.string(),
  textLanguages: z.array(z.string()),
  description: z.string(),
  /** What the model knows, and the warning shown wherever it is used on other video. */
  domain: z.string(),
  warning: z.string().nullable(),
  precision: z.string(),
  /** Beam width that it was published with; null for a model that does not translate. */
  beams: z.int().nullable(),
  bytes: z.int(),
  parameters: z.int().nullable(),
  licences: z.array(z.strictObject({ part: z.string(), licence: z.string(), source: z.string() })),
  scores: z.array(
    z.strictObject({ data: z.string(), metric: z.string(), value: z.number(), signature: z.string() }),
  ),
  objectives: z.array(z.string()),
  repeat: z.array(z.string()),
  isBuiltIn: z.boolean(),
  problem: z.string().nullable(),
})
export type ModelInfo = z.infer<typeof ModelInfo>

export const PRECISIONS = ['auto', 'fp32', 'fp16', 'int8', 'int4'] as const
export const Precision = z.enum(PRECISIONS)
export type Precision = z.infer<typeof Precision>

export const SourcePart = z.strictObject({
  id: z.enum([
    'clip',
    'videomae',
    't5',
    'checkpoint',
    'stage1',
    'stage2',
    'dinov2',
    'xglm',
    'vocabulary',
    'replacement',
  ]),
  name: z.string(),
  licence: z.string(),
  /** The page to take it from, and the names of its files there. */
  source: z.string(),
  files: z.array(z.string()),
  /** Null where it was not found. */
  path: z.string().nullable(),
  /** Whether the model cannot do without it, beside what else was found. */
  isNeeded: z.boolean(),
  bytes: z.int(),
  /** How its weights are stored; null where it has none. */
  format: z.string().nullable(),
  problem: z.string().nullable(),
})
export type SourcePart = z.infer<typeof SourcePart>

export const SourceInspection = z.strictObject({
  /** Of the model that the parts belong to. */
  kind: z.enum(['spamo', 'sign2gpt']),
  parts: z.array(SourcePart),
  settings: z.string().nullable(),
  /** Why this does not make a model yet; null where it does. */
  problem: z.string().nullable(),
  /** What has to be acknowledged before a conversion. */
  licences: z.array(z.string()),
  /** In bytes: the finished bundle, and the most that is used on the way. Empty while there is a problem. */
  space: z.array(z.strictObject({ precision: Precision, bundle: z.int(), disk: z.int() })),
  /** Where the bundle would go, and what is free there. */
  outDir: z.string(),
  freeBytes: z.int(),
  /** Of an interrupted conversion to this folder, which goes on. */
  unfinishedBytes: z.int(),
})
export type SourceInspection = z.infer<typeof SourceInspection>

const Sources = z.array(z.string().min(1)).min(1).max(50)

export const ConvertInput = z.strictObject({
  sources: Sources,
  outDir: z.string().min(1),
  /** auto: the fastest whose features stay within a cosine of 0.999 of those of 32-bit weights. */
  precision: Precision.default('auto'),
  name: z.string().min(1).max(120).optional(),
  /** JSON with what only a person knows about the model. */
  cardFile: z.string().optional(),
  /** Every licence that `inspectSources` names for these sources. */
  acknowledgedLicences: z.array(z.string()),
})
export type ConvertInput = z.infer<typeof ConvertInput>

/** How a device does with one model, beside the CPU. */
export const DeviceSpeed = z.strictObject({
  device: z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']),
  /** Its features are those of the CPU. */
  isSafe: z.boolean(),
  /** Frames whose features it computes in a second; decoding of the video not counted. */
  framesPerSecond: z.number().nullable(),
  /** The smaller cosine of spatial and motion features to those of the CPU. */
  cosine: z.number().nullable(),
  problem: z.string().nullable(),
  measuredAt: Timestamp,
})
export type DeviceSpeed = z.infer<typeof DeviceSpeed>

const ById = z.strictObject({ modelId: ModelId })

export const model = {
  list: base.output(z.array(ModelInfo)),
  get: base.input(ById).output(ModelInfo),
  /** Checks every file's sha256. */
  verify: base.input(ById).output(
    z.strictObject({
      isSound: z.boolean(),
      files: z.array(
        z.strictObject({ file: z.string(), isSound: z.boolean(), problem: z.string().nullable() }),
      ),
    }),
  ),
  /** What the sources are, what is missing, licences and space, before anything runs. */
  inspectSources: base
    .input(z.strictObject({ sources: Sources, outDir: z.string().min(1).optional() }))
    .output(SourceInspection),
  /** Makes a bundle of the published parts and adds it to the list. Goes on with one that was interrupted. */
  convert: base.input(ConvertInput).output(Job),

  /** What is remembered about this machine; nothing is measured. */
  speeds: base.input(ById).output(z.array(DeviceSpeed)),
  /** Runs a frame and a window of the model on every device that is there. */
  measure: base.input(ById).output(z.array(DeviceSpeed)),
  /**
   * What each head of each layer of the decoder lets through of the cross-attention to the cells, 0 … 1:
   * [layers][heads] (Sign2GPT, section 3.3). Null for a model without gates, and where its bundle does not tell.
   */
  gates: base.input(ById).output(z.array(z.array(z.number())).nullable()),
  add: base.input(z.strictObject({ dir: z.string() })).output(ModelInfo),
  remove: base.input(ById).output(z.void()),
}
