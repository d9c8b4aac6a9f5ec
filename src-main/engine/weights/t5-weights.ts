/** Where T5's weights come from: a model folder, or SpaMo's checkpoint with LoRA beside them. */
import type { T5Weights } from '../graph/t5-config.ts'
import { mergedLora } from './lora.ts'
import type { StrictWeights } from './strict.ts'

/** Below this prefix peft keeps the language model. */
const PEFT_PREFIX = 't5_model.base_model.model.'

/** transformers' own layout. */
export function plainT5Weights(weights: StrictWeights): T5Weights {
  return { take: (name, shape) => weights.take(`${name}.weight`, shape) }
}

/** Tied copies of the embedding; the first name is the one that counts. */
export function ignoreTiedEmbeddings(weights: StrictWeights, isTied: boolean): void {
  weights.ignore(/(^|\.)(encoder|decoder)\.embed_tokens\.weight$/, 'a tied copy of shared.weight')
  if (isTied) weights.ignore(/(^|\.)lm_head\.weight$/, 'a tied copy of shared.weight')
}

export function holdsT5(checkpoint: StrictWeights): boolean {
  return checkpoint.has(`${PEFT_PREFIX}shared.weight`)
}

/**
 * SpaMo's checkpoint; LoRA is merged where the checkpoint has it. A checkpoint that holds only
 * adapter and LoRA (not the frozen language model) takes the rest from `base`.
 */
export function spamoT5Weights(
  checkpoint: StrictWeights,
  loraScale: number,
  base?: StrictWeights,
): T5Weights {
  const frozen = (name: string, shape: readonly number[]) => {
    const wrapped = `${PEFT_PREFIX}${name}.base_layer.weight`
    if (checkpoint.has(wrapped)) return checkpoint.take(wrapped, shape)
    return base ? base.take(`${name}.weight`, shape) : checkpoint.take(`${PEFT_PREFIX}${name}.weight`, shape)
  }
  return {
    take(name, shape) {
      const lora = `${PEFT_PREFIX}${name}.lora_`
      if (!checkpoint.has(`${lora}A.default.weight`)) return frozen(name, shape)
      const [out = -1, into = -1] = shape
      const a = checkpoint.take(`${lora}A.default.weight`, [-1, into])
      const b = checkpoint.take(`${lora}B.default.weight`, [out, a.shape[0] ?? -1])
      return mergedLora(frozen(name, shape), a, b, loraScale)
    },
  }
}
