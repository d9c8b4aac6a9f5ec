import type { Bucket, BucketKind } from '#shared/contract/analysis.ts'
import type { TranslateText } from '../../../composables/use-text.ts'

/** `<10`, `10–19`, `3`, `≥60`: whole numbers; of others both ends are told. */
function rangeText(
  { from, to }: Pick<Bucket, 'from' | 'to'>,
  isWhole: boolean,
  number: (value: number) => string,
): string {
  if (to === null) return `≥${number(from ?? 0)}`
  if (from === null || from === 0) return isWhole && to === 1 ? number(0) : `<${number(to)}`
  if (!isWhole) return `${number(from)}–${number(to)}`
  return to - from === 1 ? number(from) : `${number(from)}–${number(to - 1)}`
}

/** What a bucket is called on screen. */
export function bucketText(
  bucket: Pick<Bucket, 'from' | 'to' | 'label'>,
  kind: BucketKind,
  { t, number }: { t: TranslateText; number: (value: number) => string },
): string {
  if (bucket.from !== null) {
    const range = rangeText(bucket, kind !== 'duration', number)
    return kind === 'duration' ? t('analysis.seconds', { range }) : range
  }
  if (bucket.label === '') return t('analysis.none')
  return kind === 'state' ? stateText(bucket.label, t) : bucket.label
}

const STATES = ['new', 'seen', 'accepted', 'corrected', 'flagged'] as const

function stateText(label: string, t: TranslateText): string {
  const state = STATES.find(each => each === label)
  return state ? t(`common.state.${state}`) : label
}

/** The bucket that a key in a filter names. */
export function bucketOfKey(key: string): Pick<Bucket, 'from' | 'to' | 'label'> {
  const range = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)?$/.exec(key)
  if (!range) return { from: null, to: null, label: key }
  return { from: Number(range[1]), to: range[2] === undefined ? null : Number(range[2]), label: '' }
}
