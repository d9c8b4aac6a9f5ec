/**
 * What a system turns into what, by the field's abbreviations: sign (S), gloss (G) and text (T); continuous (CSLR) and
 * isolated (ISLR) sign language recognition.
 */
export const TASK_TYPES = ['S2T', 'S2G2T', 'S2(G+T)', 'G2T', 'CSLR', 'ISLR'] as const
export type TaskType = (typeof TASK_TYPES)[number]

/** Recognition writes glosses, which are scored by WER against glosses; all else writes sentences of a spoken language. */
export function writesGlosses(task: TaskType): boolean {
  return task === 'CSLR' || task === 'ISLR'
}
