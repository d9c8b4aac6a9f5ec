import { ERROR_CATEGORIES, type ErrorCategory } from '#shared/domain/rating-protocols.ts'

/** As Google's MQM data name them; what only signing has stands under `Sign`. */
const NAMES: Readonly<Record<ErrorCategory, string>> = {
  name: 'Sign/Name or fingerspelling',
  depiction: 'Sign/Classifier or depiction',
  'non-manual': 'Sign/Non-manual',
  space: 'Sign/Spatial reference',
  'role-shift': 'Sign/Role shift',
  number: 'Sign/Number',
  negation: 'Sign/Negation',
  question: 'Sign/Question',
  mistranslation: 'Accuracy/Mistranslation',
  omission: 'Accuracy/Omission',
  addition: 'Accuracy/Addition',
  grammar: 'Fluency/Grammar',
  punctuation: 'Fluency/Punctuation',
  style: 'Style/Awkward',
  'non-translation': 'Non-translation!',
  other: 'Other',
}

export function nameOfCategory(category: ErrorCategory): string {
  return NAMES[category]
}

const same = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '')

/** The category that a name of another tool means, by the last part of it; undefined where we have none. */
export function categoryNamed(name: string): ErrorCategory | undefined {
  const whole = same(name)
  const last = same(name.split('/').at(-1) ?? name)
  return (
    ERROR_CATEGORIES.find(each => same(NAMES[each]) === whole) ??
    ERROR_CATEGORIES.find(each => same(NAMES[each].split('/').at(-1)!) === last || same(each) === last) ??
    (whole.startsWith('style') ? 'style' : undefined)
  )
}
