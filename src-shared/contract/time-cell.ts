import { z } from 'zod'
import { Milliseconds } from './ids.ts'

/** A stretch that a model gives one answer for: on the recording's time line, and as frames of the file, the last one included. */
export const TimeCell = z.strictObject({
  startMs: Milliseconds,
  endMs: Milliseconds,
  firstFrame: z.int().nonnegative(),
  lastFrame: z.int().nonnegative(),
})
export type TimeCell = z.infer<typeof TimeCell>
