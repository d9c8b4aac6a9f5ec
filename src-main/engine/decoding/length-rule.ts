/**
 * What a hypothesis' log-probability is divided by. pinned: its ids without the closing `</s>`, as transformers 4.3x
 * (the versions that SpaMo and Sign2GPT pin) count. current: the ids that were generated, the closing `</s>` included,
 * as transformers 4.5x count. They differ in unfinished hypotheses and after prompts.
 */
export const LENGTH_RULES = ['pinned', 'current'] as const
export type LengthRule = (typeof LENGTH_RULES)[number]
