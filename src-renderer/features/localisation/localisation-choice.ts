import type { LocalisationMeasure } from '#shared/contract/localisation.ts'
import { LOCALISATION_THRESHOLD } from '#shared/domain/localised-segments.ts'
import type { Ref } from 'vue'
import { useKept } from '../../composables/use-kept.ts'

/** What is looked for, and how it is shown; kept between sessions, the same in Annotate and Review. */
export interface LocalisationChoice {
  isShown: boolean
  /** Empty: the first that can. */
  modelId: string
  measure: LocalisationMeasure
  threshold: number
  source: 'likeliest' | 'words'
  words: readonly string[]
  /** Name of the tier that suggestions are for. */
  tier: string
}

const START: LocalisationChoice = {
  isShown: false,
  modelId: '',
  measure: 'E',
  threshold: LOCALISATION_THRESHOLD,
  source: 'likeliest',
  words: [],
  tier: '',
}

export function useLocalisationChoice(): Ref<LocalisationChoice> {
  return useKept('localisation', START)
}
