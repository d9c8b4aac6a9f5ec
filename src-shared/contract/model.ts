import { z } from 'zod'
import { base } from './base.ts'
import { ModelId } from './ids.ts'

export const ModelInfo = z.strictObject({
  id: ModelId,
  dir: z.string(),
  name: z.string(),
  version: z.string(),
  kind: z.string(),
  signLanguage: z.string(),
  textLanguages: z.array(z.string()),
  description: z.string(),
  /** What the model knows, and the warning shown wherever it is used on other video. */
  domain: z.string(),
  warning: z.string().nullable(),
  precision: z.string(),
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
  add: base.input(z.strictObject({ dir: z.string() })).output(ModelInfo),
  remove: base.input(ById).output(z.void()),
}
