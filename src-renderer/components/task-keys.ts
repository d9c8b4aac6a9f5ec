import type { TaskType } from '#shared/domain/task-type.ts'

/** Keys of texts have no parentheses. */
export const TASK_KEYS = {
  S2T: 's2t',
  S2G2T: 's2g2t',
  'S2(G+T)': 's2gt',
  G2T: 'g2t',
  CSLR: 'cslr',
  ISLR: 'islr',
} as const satisfies Record<TaskType, string>
