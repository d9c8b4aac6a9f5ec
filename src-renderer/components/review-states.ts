import type { ReviewState } from '#shared/contract/clip.ts'

/** The colour of a review state wherever it is shown as a dot or a bar; its name always stands beside it. */
export const STATE_COLORS: Record<ReviewState, string> = {
  new: 'var(--line-strong)',
  seen: 'var(--accent)',
  accepted: 'var(--good-fill)',
  corrected: 'var(--violet-fill)',
  flagged: 'var(--warn-fill)',
}

export const REVIEWED_STATES: readonly string[] = ['accepted', 'corrected']
