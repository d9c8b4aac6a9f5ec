import type { Bucket, BucketKind } from '#shared/contract/analysis.ts'
import type { TranslateText } from '../../../composables/use-text.ts'

/** `<10`, `10–19`, `3`, `≥60`: whole numbers; of others both ends are told. */
export function rangeText({ from, to }: Pick<Bucket, 'from' | 'to'>, isWhole: boolean): string {
  if (to === null) return `≥${from ?? 0}`
  if (from === null || from === 0) return isWhole && to === 1 ? '0' : `<${to}`
  if (!isWhole) return `${from}–${to}`
  return to - from === 1 ? `${from}` : `${from}–${to - 1}`
}

/** What a bucket is called on screen. */
export function bucketText(
  bucket: Pick<Bucket, 'from' | 'to' | 'label'>,
  kind: BucketKind,
  t: TranslateText,
): string {
  if (bucket.from !== null) {
    const range = rangeText(bucket, kind !== 'duration')
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
