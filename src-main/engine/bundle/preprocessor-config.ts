import { z } from 'zod'
import type { Preprocessing } from '../pipelines/preprocess.ts'
import { corrupt } from '../weights/tensor.ts'

/** Pillow's numbers for its filters. */
const RESAMPLE = { 2: 'bilinear', 3: 'bicubic' } as const

const Edge = z.union([
  z.int().positive(),
  z.object({ shortest_edge: z.int().positive() }).transform(size => size.shortest_edge),
])
const Square = z
  .object({ height: z.int().positive(), width: z.int().positive() })
  .refine(size => size.height === size.width, 'only square crops are supported')
  .transform(size => size.height)

const PreprocessorConfig = z.object({
  size: Edge,
  crop_size: z.union([z.int().positive(), Square]),
  resample: z.union([z.literal(2), z.literal(3)]),
  image_mean: z.tuple([z.number(), z.number(), z.number()]),
  image_std: z.tuple([z.number(), z.number(), z.number()]),
  do_resize: z.literal(true).default(true),
  do_center_crop: z.literal(true).default(true),
  do_normalize: z.literal(true).default(true),
  rescale_factor: z
    .number()
    .refine(factor => Math.abs(factor * 255 - 1) < 1e-9, 'only 1/255 is supported')
    .optional(),
})

/** Reads transformers' preprocessor_config.json; refuses what our graph does not compute. */
export function readPreprocessing(path: string, json: unknown, imageSize: number): Preprocessing {
  const parsed = PreprocessorConfig.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw corrupt(
      path,
      `describes a preprocessing that is not supported (${issue?.path.join('.')}: ${issue?.message})`,
      parsed.error,
    )
  }
  const { size: edge, crop_size: crop, resample, image_mean: mean, image_std: std } = parsed.data
  if (crop > edge || crop !== imageSize)
    throw corrupt(path, `crops to ${crop} px where the model sees ${imageSize} px of ${edge}`)
  return { edge, crop, resample: RESAMPLE[resample], mean, std }
}
