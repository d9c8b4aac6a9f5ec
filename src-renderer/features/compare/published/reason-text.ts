import type { Reason } from '#shared/domain/incomparable.ts'
import type { TranslateText } from '../../../composables/use-text.ts'

/** A sentence for what keeps a published number and one's own apart. */
export function reasonText(reason: Reason, t: TranslateText): string {
  if (reason.code === 'edited-references')
    return t('published.reasons.edited-references', { n: reason.references }, reason.references)
  const values =
    reason.code === 'other-split' ? { ...reason, own: reason.own ?? t('published.everySplit') } : reason
  return t(`published.reasons.${reason.code}`, values)
}
