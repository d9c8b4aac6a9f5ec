import type { ReviewState } from '#shared/contract/clip.ts'

/** The colour of a review state wherever it is shown as a mark or a bar. */
export const STATE_COLORS: Record<ReviewState, string> = {
  new: 'var(--line-strong)',
  seen: 'var(--accent)',
  accepted: 'var(--good-fill)',
  corrected: 'var(--violet-fill)',
  flagged: 'var(--warn-fill)',
}

/** Paths in a box of 10 × 10: nobody has to tell the states by their colours. */
export const STATE_SHAPES: Record<ReviewState, string> = {
  new: 'M5 1.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7z',
  seen: 'M5 2a3 3 0 1 1 0 6a3 3 0 1 1 0-6z',
  accepted: 'M1 5.5l3 3l5-7',
  corrected: 'M5 1l4 4l-4 4l-4-4z',
  flagged: 'M5 1.2l4 7.3h-8z',
}

export const REVIEWED_STATES: readonly string[] = ['accepted', 'corrected']
