/** `signwright-model.json`: what a bundle is, what is in it, and where it came from. */
import { z } from 'zod'
import { LENGTH_RULES } from '../decoding/length-rule.ts'
import { STORAGES } from '../graph/layers.ts'
import { ROTARY_FORMS } from '../graph/rotary.ts'

export const MANIFEST_NAME = 'signwright-model.json'
/** 2: the decoder step keeps its cache in rows and shows its attention. */
export const MANIFEST_FORMAT = 2

/** How the weights of a bundle are stored; every vision tower is checked against 32 bits when converting. */
export const PRECISIONS = ['fp32', 'fp16', 'int8', 'int4'] as const
export type Precision = (typeof PRECISIONS)[number]

/** What a user chooses between size, speed and exactness; auto: the fastest that is exact enough. */
export const PRECISION_CHOICES = ['auto', ...PRECISIONS] as const
export type PrecisionChoice = (typeof PRECISION_CHOICES)[number]

export const FRAME_FITS = ['resize', 'crop'] as const

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

/** What every manifest says. */
const Common = {
  $schema: z.string().optional(),
  format: z.literal(MANIFEST_FORMAT),
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
  /** Reference features, with which the comparison is repeated where the bundle is installed. */
  fidelity: z.strictObject({ file: FileName, minCosine: z.number() }).optional(),
  card: z.strictObject({
    scores: z.array(Score),
    objectives: z.array(z.string()),
    repeat: z.array(z.string()),
  }),
}

const Provenance = {
  converter: z.string(),
  sources: z.array(
    z.strictObject({ part: z.string(), file: z.string(), sha256: Sha256, bytes: z.int().nonnegative() }),
  ),
}

const Search = { beams: Size, maxLength: Size, lengthPenalty: z.number() }

export const SpamoManifest = z.strictObject({
  ...Common,
  kind: z.literal('spamo'),
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
    ...Search,
    /** `{}` stands for the language. */
    prompt: z.string(),
    language: z.string(),
  }),
  provenance: z.strictObject({
    ...Provenance,
    checkpoint: z.strictObject({ epoch: z.int().optional(), globalStep: z.int().optional() }),
    loraScale: z.number(),
  }),
})
export type SpamoManifest = z.infer<typeof SpamoManifest>

/** Frames as Sign2GPT's release prepares them: squeezed to a square, as it stores them, then fitted to the tower. */
const StoredFrames = z.strictObject({
  /** Side of a stored frame, px. */
  stored: Size,
  /** Side of the picture that the tower sees, px. */
  image: Size,
  /** resize: as the released evaluation; crop: the middle, as the paper says. */
  fit: z.enum(FRAME_FITS),
  mean: Rgb,
  std: Rgb,
})

export const Sign2gptManifest = z.strictObject({
  ...Common,
  kind: z.literal('sign2gpt'),
  spatial: z.strictObject({
    ...TowerStorage,
    dim: Size,
    layers: Size,
    width: Size,
    /** Every which frame is used. */
    stride: Size,
    preprocessing: StoredFrames,
  }),
  encoder: z.strictObject({ heads: Size, window: Size, maxLength: Size, rotary: z.enum(ROTARY_FORMS) }),
  /** Of a model that can localise: it was converted from a checkpoint of the first stage. */
  prototypes: z
    .strictObject({
      count: Size,
      width: Size,
      /** The pseudo-glosses in the order of their ids, with their counts. */
      vocabulary: FileName,
    })
    .optional(),
  /** Of a model that can translate: it was converted from a checkpoint of the second stage. */
  language: z
    .strictObject({
      model: Size,
      heads: Size,
      layers: Size,
      vocabulary: Size,
      startId: z.int().nonnegative(),
      endId: z.int().nonnegative(),
      maxPromptTokens: Size,
      /** Tokens that were added in training, and the character that each stands for. */
      replacements: z.array(z.strictObject({ token: z.string(), original: z.string() })),
      /** What each head of each layer lets through of the cross-attention; absent in bundles of earlier versions. */
      gates: FileName.optional(),
      storage: z.enum(STORAGES),
    })
    .optional(),
  generation: z.strictObject({
    ...Search,
    lengthRule: z.enum(LENGTH_RULES),
    /** What every sentence begins with; not part of what is shown. */
    prompt: z.string(),
  }),
  provenance: z.strictObject({
    ...Provenance,
    loraAlpha: z.strictObject({ vision: z.number(), language: z.number() }),
  }),
})
export type Sign2gptManifest = z.infer<typeof Sign2gptManifest>

export const BundleManifest = z.discriminatedUnion('kind', [SpamoManifest, Sign2gptManifest])
export type BundleManifest = z.infer<typeof BundleManifest>

/** How each vision tower is stored, by its graph. */
export function towerFacts(
  manifest: BundleManifest,
): Readonly<Record<string, { storage: string; storageCosine: number | null }>> {
  return manifest.kind === 'spamo'
    ? { spatial: manifest.spatial, motion: manifest.motion }
    : { spatial: manifest.spatial }
}

/** How the language model is stored; null for a model without one. */
export function languageStorage(manifest: BundleManifest): string | null {
  return manifest.kind === 'spamo' ? manifest.t5.storage : (manifest.language?.storage ?? null)
}
