import type { ProposeInput, ProposeOutcome } from '#shared/contract/localisation.ts'
import type { SuggestionService } from '../suggestion/suggestion.service.ts'
import type { Tally } from './locate-all.ts'

/** Puts what was found on a tier as suggestions. */
export function propose(
  suggestions: Pick<SuggestionService, 'put'>,
  input: ProposeInput,
  { bundle, clips, withoutFeatures, unknown }: Tally,
): ProposeOutcome {
  const { proposed, known } = suggestions.put({
    bundle,
    modelId: input.modelId,
    tier: input.tier,
    measure: input.measure,
    threshold: input.threshold,
    words: input.words,
    clips,
  })
  return { kind: 'done', proposed, known, clips: clips.length, withoutFeatures, unknown }
}
