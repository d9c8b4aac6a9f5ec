import { z } from 'zod'
import type { LazyTensor } from '../weights/tensor.ts'

/** What we need of transformers' T5 config.json. */
export const T5Config = z.object({
  d_model: z.int().positive(),
  d_kv: z.int().positive(),
  d_ff: z.int().positive(),
  num_layers: z.int().positive(),
  num_decoder_layers: z.int().positive(),
  num_heads: z.int().positive(),
  vocab_size: z.int().positive(),
  relative_attention_num_buckets: z.int().positive().default(32),
  relative_attention_max_distance: z.int().positive().default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.literal('gated-gelu'),
  tie_word_embeddings: z.boolean().default(true),
  decoder_start_token_id: z.int().nonnegative().default(0),
  eos_token_id: z.int().nonnegative().default(1),
  pad_token_id: z.int().nonnegative().default(0),
})
export type T5Config = z.infer<typeof T5Config>

/** T5's weights by transformers' names without `.weight`; linear layers [out, in]. */
export interface T5Weights {
  take: (name: string, shape: readonly number[]) => LazyTensor
}
