import { z } from 'zod'

/** Something that a source or a release should be known to have: where, and what to do. */
export const ImportIssue = z.strictObject({
  severity: z.enum(['error', 'warning', 'info']),
  file: z.string(),
  line: z.int().nullable(),
  message: z.string(),
})
export type ImportIssue = z.infer<typeof ImportIssue>
