/** `signwright-model.json`: what a bundle is, what is in it, and where it came from. */
import { z } from 'zod'
import { STORAGES } from '../graph/layers.ts'

export const MANIFEST_NAME = 'signwright-model.json'
/** 2: the decoder step keeps its cache in rows and shows its attention. */
export const MANIFEST_FORMAT = 2

/** How the weights of a bundle are stored; every vision tower is checked against 32 bits when converting. */
export const PRECISIONS = ['fp32', 'fp16', 'int8', 'int4'] as const
export type Precision = (typeof PRECISIONS)[number]

/** What a user chooses between size, speed and exactness; auto: the fastest that is exact enough. */
export const PRECISION_CHOICES = ['auto', ...PRECISIONS] as const
export type PrecisionChoice = (typeof PRECISION_CHOICES)[number]

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Size = z.int().positive()
const Rgb = z.tuple([z.number(), z.number(), z.number()])

/** A plain name: a manifest cannot point outside its folder. */
const FileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)

export const BundleFile = z.strictObject({ path: FileName, sha256: Sha256, bytes: z.int().nonnegative() })
export type BundleFile = z.infer<typeof BundleFile>

const Preprocessing = z.strictObject({
  edge: Size,
  crop: Size,
  resample: z.enum(['bicubic', 'bilinear']),
  mean: Rgb,
  std: Rgb,
})

const TowerStorage = {
  storage: z.enum(STORAGES),
  /** Smallest cosine of its features to those of 32-bit weights, measured when converted; null where it was not. */
  storageCosine: z.number().nullable(),
}

const Licence = z.strictObject({ part: z.string(), licence: z.string(), source: z.string() })

const Score = z.strictObject({
  data: z.string(),
  metric: z.string(),
  value: z.number(),
  signature: z.string(),
})

/** What only a person knows about a model; the input of a conversion. */
export const BundleCard = z.object({
  name: z.string().min(1).max(120),
  version: z.string().min(1).max(40).default('1.0.0'),
  description: z.string().default(''),
  signLanguage: z.string().default(''),
  textLanguages: z.array(z.string()).default([]),
  /** What the model knows. */
  domain: z.string().default(''),
  /** Shown wherever the model is used on other video. */
  warning: z.string().nullable().default(null),
  licences: z.array(Licence).default([]),
  scores: z.array(Score).default([]),
  objectives: z.array(z.string()).default([]),
  /** How to make it again. */
  repeat: z.array(z.string()).default([]),
})
export type BundleCard = z.infer<typeof BundleCard>

export const BundleManifest = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(MANIFEST_FORMAT),
  kind: z.literal('spamo'),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  languages: z.strictObject({ sign: z.string(), text: z.array(z.string()) }),
  domain: z.string(),
  warning: z.string().nullable(),
  precision: z.enum(PRECISIONS),
  parameters: z.int().nonnegative(),
  licences: z.array(Licence),
  files: z.array(BundleFile),
  spatial: z.strictObject({
    ...TowerStorage,
    dim: Size,
    scales: z.array(Size),
    layers: Size,
    preprocessing: Preprocessing,
  }),
  motion: z.strictObject({
    ...TowerStorage,
    dim: Size,
    window: Size,
    stride: Size,
    layers: Size,
    preprocessing: Preprocessing,
  }),
  /** Reference features, with which the comparison is repeated where the bundle is installed. */
  fidelity: z.strictObject({ file: FileName, minCosine: z.number() }).optional(),
  adapter: z.strictObject({ inner: Size }),
  t5: z.strictObject({
    model: Size,
    heads: Size,
    headWidth: Size,
    encoderLayers: Size,
    decoderLayers: Size,
    vocabulary: Size,
    startId: z.int().nonnegative(),
    endId: z.int().nonnegative(),
    maxPromptTokens: Size,
    storage: z.enum(STORAGES),
  }),
  generation: z.strictObject({
    beams: Size,
    maxLength: Size,
    lengthPenalty: z.number(),
    /** `{}` stands for the language. */
    prompt: z.string(),
    language: z.string(),
  }),
  provenance: z.strictObject({
    converter: z.string(),
    sources: z.array(
      z.strictObject({ part: z.string(), file: z.string(), sha256: Sha256, bytes: z.int().nonnegative() }),
    ),
    checkpoint: z.strictObject({ epoch: z.int().optional(), globalStep: z.int().optional() }),
    loraScale: z.number(),
  }),
  card: z.strictObject({
    scores: z.array(Score),
    objectives: z.array(z.string()),
    repeat: z.array(z.string()),
  }),
})
export type BundleManifest = z.infer<typeof BundleManifest>
