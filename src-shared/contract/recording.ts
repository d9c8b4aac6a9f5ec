import { z } from 'zod'
import { base } from './base.ts'
import { MediaId, RecordingId } from './ids.ts'

/** A recording as the list of the Annotate screen shows it. */
export const RecordingRow = z.strictObject({
  id: RecordingId,
  name: z.string(),
  /** The longest of its files. */
  durationMs: z.int(),
  /** Its videos and frame folders; the first is the one whose frames count. */
  media: z.array(z.strictObject({ id: MediaId, name: z.string() })),
  clips: z.int(),
  tiers: z.int(),
  annotations: z.int(),
})
export type RecordingRow = z.infer<typeof RecordingRow>

export const recording = {
  /** By name. Audio files are no media to annotate by, and are left out. */
  list: base.output(z.array(RecordingRow)),
}
