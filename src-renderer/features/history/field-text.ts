import { timeCode } from '../../composables/use-format.ts'
import { useText } from '../../composables/use-text.ts'

const FIELDS = [
  'value',
  'text',
  'start_ms',
  'end_ms',
  'name',
  'state',
  'note',
  'gloss',
  'split',
  'tag',
  'tier_id',
  'parent_id',
  'entry_id',
  'language',
  'participant',
  'annotator',
  'ordinal',
  'signer_id',
] as const
const KINDS = [
  'annotation',
  'reference',
  'clip',
  'clip_tag',
  'tier',
  'tier_type',
  'vocabulary',
  'vocabulary_entry',
  'vocabulary_value',
  'rating',
  'recording',
  'media',
  'signer',
  'run',
  'consent',
  'licence',
] as const

/** Columns and tables of the log in the words of the screens; one that nobody has named keeps its own. */
export function useFieldText() {
  const { t } = useText()

  function fieldName(field: string): string {
    const known = FIELDS.find(each => each === field)
    return known ? t(`history.fields.${known}`) : field
  }

  function fieldValue(field: string, value: string): string {
    if (field.endsWith('_ms')) return timeCode(Number(value))
    return value === '' ? t('history.noText') : value
  }

  function kindName(table: string): string {
    const known = KINDS.find(each => each === table)
    return known ? t(`history.kinds.${known}`) : table
  }

  return { fieldName, fieldValue, kindName }
}
