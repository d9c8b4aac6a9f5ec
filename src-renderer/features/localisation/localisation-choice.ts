import type { LocalisationMeasure } from '#shared/contract/localisation.ts'
import { LOCALISATION_THRESHOLD } from '#shared/domain/localised-segments.ts'
import type { Ref } from 'vue'
import { useKept } from '../../composables/use-kept.ts'

/** The pseudo-glosses of the clip's sentence, what the model finds likeliest, or words that somebody typed. */
export const LOCALISED_WORDS = ['sentence', 'likeliest', 'words'] as const

/** What is looked for, and how it is shown; kept between sessions, the same in Annotate and Review. */
export interface LocalisationChoice {
  isShown: boolean
  /** Empty: the first that can. */
  modelId: string
  measure: LocalisationMeasure
  threshold: number
  source: (typeof LOCALISED_WORDS)[number]
  words: readonly string[]
  /** Name of the tier that suggestions are for. */
  tier: string
}

const START: LocalisationChoice = {
  isShown: false,
  modelId: '',
  measure: 'E',
  threshold: LOCALISATION_THRESHOLD,
  source: 'sentence',
  words: [],
  tier: '',
}

export function useLocalisationChoice(): Ref<LocalisationChoice> {
  return useKept('localisation', START)
}
