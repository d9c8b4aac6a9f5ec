import type { ExplainedStep, Recipe } from '#shared/contract/evaluation.ts'
import { PROCEDURE_KEYS } from '#shared/contract/evaluation.ts'
import { UNTOUCHED } from '#shared/domain/untouched-text.ts'
import type { TextKey, TranslateText } from '../../../composables/use-text.ts'

const WORDS = [
  'keep',
  'no',
  'yes',
  'none',
  'all',
  'first',
  'raw',
  'round-trip',
  'decode',
  'invisible',
  'half',
  'reference-marks',
  'detokenize',
  'strip',
  'append-reference',
  'lower',
  'lower-references',
  'split',
  'split-keep-spaces',
] as const

/** The value of a setting in words; names that the field knows (13a, exp, floor[0.10]) stay as they are. */
export function settingText(key: ExplainedStep['key'], value: string, t: TranslateText): string {
  const word = WORDS.find(each => each === value)
  // `none` is the name of a tokenizer and of a smoothing.
  if (word === undefined || (word === 'none' && (key === 'tokenize' || key === 'smooth'))) return value
  return t(`scores.values.${word}` satisfies TextKey)
}

/** Only what differs from these is worth telling; a tokenizer and a smoothing always are. */
const USUAL: Record<string, string> = UNTOUCHED

/** The settings of a recipe that people should know before they compare its numbers. */
export function unusualSettings(
  { procedure, metrics }: Recipe,
  t: TranslateText,
): { key: string; name: string; value: string }[] {
  return PROCEDURE_KEYS.filter(key => {
    if (key === 'rouge') return metrics.includes('rouge')
    if (key === 'asian') return metrics.includes('ter') && procedure[key] !== USUAL[key]
    return procedure[key] !== USUAL[key]
  }).map(key => ({
    key,
    name: t(`scores.keys.${key}`),
    value: settingText(key, procedure[key] ?? '', t),
  }))
}
