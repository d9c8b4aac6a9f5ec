import { z } from 'zod'
import { base } from './base.ts'
import { RunId } from './ids.ts'

export const ReportRequest = z.strictObject({
  split: z.string().nullable().default(null),
  /** Absent: all. */
  runIds: z.array(RunId).min(1).optional(),
  /** The run that the others are tested against; absent: the one that was made first. */
  baselineRunId: RunId.optional(),
})
export type ReportRequest = z.infer<typeof ReportRequest>

export const Report = z.strictObject({
  /** A page that needs nothing else, made for A4 too. */
  html: z.string(),
  /** Tables for `\input`, with booktabs. */
  latex: z.string(),
})
export type Report = z.infer<typeof Report>

export const report = {
  /** Numbers about clips, never a clip itself: consent is not asked. */
  make: base.input(ReportRequest).output(Report),
  /** By the ending of the file: `.html` or `.tex`. */
  write: base
    .input(ReportRequest.extend({ file: z.string().min(1) }))
    .output(z.strictObject({ file: z.string() })),
}
