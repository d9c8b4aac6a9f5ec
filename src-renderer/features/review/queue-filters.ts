import type { ClipFilter } from '#shared/contract/clip.ts'

export const QUEUE_VIEWS = ['all', 'toReview', 'flagged', 'weak'] as const
export type QueueView = (typeof QUEUE_VIEWS)[number]

export const QUEUE_SORTS = ['worth', 'name', 'duration', 'bleu', 'state'] as const
export type QueueSort = (typeof QUEUE_SORTS)[number]

/** What the queue shows; kept for the session. */
export interface QueueChoice {
  view: QueueView
  split: string
  sort: QueueSort
}

/** Below this sentence BLEU an output is worth a look. */
export const WEAK_BLEU = 10

export function filterOf({ view, split }: Pick<QueueChoice, 'view' | 'split'>): ClipFilter {
  return {
    ...(split !== '' && { split }),
    ...(view === 'toReview' && { state: 'new' as const }),
    ...(view === 'flagged' && { state: 'flagged' as const }),
    ...(view === 'weak' && { belowBleu: WEAK_BLEU }),
  }
}

/** The end of a name, where names of one corpus differ: `…tagesschau-17`. */
export function shortName(name: string, most = 16): string {
  const signs = [...name]
  if (signs.length <= most) return name
  const tail = signs.slice(-most).join('')
  const cut = tail.search(/[-_ ./]/)
  const isUseful = cut >= 0 && cut <= most - 6
  return `…${isUseful ? tail.slice(cut + 1) : tail}`
}
