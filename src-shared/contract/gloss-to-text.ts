import { z } from 'zod'
import { base } from './base.ts'
import { ClipSelection } from './clip.ts'
import { Job } from './job.ts'

/** A local server first: its text never leaves the machine. */
export const SUGGESTED_ENDPOINT = 'http://127.0.0.1:11434/v1'

export const GlossToTextInput = z.strictObject({
  selection: ClipSelection,
  /** Name of the model, as the server knows it. */
  model: z.string().trim().min(1).max(200),
  /** Language of the sentences, in words that the model reads: `German`. */
  language: z.string().trim().min(1).max(80),
  /** Said first; `{language}` is replaced. */
  system: z.string().max(8000),
  /** Said for each clip; `{glosses}` and `{language}` are replaced. */
  template: z.string().max(8000).includes('{glosses}'),
  /** Examples in each prompt, from the split `train` and no other. */
  examples: z.int().min(0).max(20).default(4),
  /** The tiers that hold the glosses; null: the glosses that came with the clips. */
  glossTier: z.string().min(1).nullable().default(null),
  /** Chooses the examples, and is sent along. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  temperature: z.number().min(0).max(2).default(0),
  maxTokens: z.int().min(1).max(4096).default(256),
  timeoutSeconds: z.int().min(1).max(600).default(60),
  /** Of one question, before the clip or the job is given up. */
  tries: z.int().min(1).max(10).default(5),
  name: z.string().trim().max(120).optional(),
  /** The host that the user agreed to send glosses and example sentences to; not needed for one on this machine. */
  agreedHost: z.string().optional(),
})
export type GlossToTextInput = z.infer<typeof GlossToTextInput>

export const PromptMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
})

export const GlossToTextPreview = z.strictObject({
  host: z.string(),
  /** The server is on this machine: no text leaves it. */
  isLocal: z.boolean(),
  /** Over plain HTTP to another machine: everybody between can read the text. */
  isReadable: z.boolean(),
  /** Clips with glosses, and chosen ones without. */
  clips: z.int(),
  withoutGlosses: z.int(),
  /** The whole prompt of the first clip. */
  prompt: z.array(PromptMessage),
})
export type GlossToTextPreview = z.infer<typeof GlossToTextPreview>

export const KeyState = z.strictObject({
  /** `environment`: there is no keychain, and the key comes from the variable. */
  place: z.enum(['keychain', 'environment']),
  variable: z.string(),
  hasKey: z.boolean(),
})

export const glossToText = {
  /** What would be sent where; sends nothing. */
  preview: base.input(GlossToTextInput).output(GlossToTextPreview),
  /** Makes a new run of the task G2T through the server that the settings name. */
  start: base.input(GlossToTextInput).output(Job),
  /** Of the server that the settings name. Keys go in and never come out. */
  key: base.output(KeyState),
  /** Null removes it. */
  saveKey: base
    .input(z.strictObject({ key: z.string().trim().min(1).max(4000).nullable() }))
    .output(KeyState),
}
