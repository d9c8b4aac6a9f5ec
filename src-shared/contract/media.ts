import { z } from 'zod'
import { base } from './base.ts'
import { MediaId, Milliseconds, RecordingId } from './ids.ts'

export const MediaFacts = z.strictObject({
  id: MediaId,
  recordingId: RecordingId,
  path: z.string(),
  kind: z.enum(['video', 'frames']),
  /** Add to a time of the recording to get this medium's own; EAF's TIME_ORIGIN. */
  offsetMs: Milliseconds,
  frames: z.int(),
  durationMs: z.int(),
  fps: z.number(),
  variableFrameRate: z.boolean(),
  firstPtsMs: z.number(),
  width: z.int(),
  height: z.int(),
  displayWidth: z.int(),
  displayHeight: z.int(),
  rotation: z.int(),
  videoCodec: z.string(),
  audioCodec: z.string().nullable(),
  bytes: z.int(),
  isThere: z.boolean(),
  /** There never was a file: the clip came with predictions or features alone. */
  isAbsent: z.boolean(),
  /** A sentence for the user where the file is damaged, moved or only partly decodable. */
  problem: z.string().nullable(),
  licence: z.string(),
  consent: z.string(),
  /** What a video element plays: the file itself, or the proxy where Chromium cannot play it. Null until the proxy is ready. */
  playUrl: z.string().nullable(),
  isProxy: z.boolean(),
  /** Where the pictures of a frame folder are: with the number of a frame put behind it. Null for a video. */
  pictureUrl: z.string().nullable(),
})
export type MediaFacts = z.infer<typeof MediaFacts>

/** Presentation times of every shown frame, in microseconds on the file's own time line: the first need not be 0. */
export const FrameTimes = z.strictObject({
  /** frameTimesUs[n] is when frame n appears; the last entry is when the last frame ends. Length: frames + 1. */
  frameTimesUs: z.array(z.int()),
  /** Add to get the video element's currentTime. */
  playerOffsetUs: z.int(),
})
export type FrameTimes = z.infer<typeof FrameTimes>

export const Curves = z.strictObject({
  /** Mean absolute grey difference to the previous frame, 0–1 (scaled to the file's maximum), one value a frame. */
  motion: z.array(z.number()),
  /** Peak amplitude 0–1 in even steps over the duration; null for silent media. */
  audio: z.array(z.number()).nullable(),
})
export type Curves = z.infer<typeof Curves>

const ById = z.strictObject({ mediaId: MediaId })

export const media = {
  get: base.input(ById).output(MediaFacts),
  /** The videos and frame folders of a recording, the one it began with first. */
  ofRecording: base.input(z.strictObject({ recordingId: RecordingId })).output(z.array(MediaFacts)),
  /** Clips stay on the frames that they were cut from: their times move with the medium. */
  setOffset: base.input(z.strictObject({ mediaId: MediaId, offsetMs: Milliseconds })).output(MediaFacts),
  /** Reads the file; one that is a recording of its own moves over with its clips. */
  add: base
    .input(
      z.strictObject({
        recordingId: RecordingId,
        path: z.string().min(1),
        offsetMs: Milliseconds.default(0),
      }),
    )
    .output(MediaFacts),
  /** Takes a medium that no clip is cut from out of its recording; the file stays. */
  remove: base.input(ById).output(z.void()),
  missing: base.output(z.array(MediaFacts)),
  frameTimes: base.input(ById).output(FrameTimes),
  /** Computed on first use and kept; takes about as long as decoding the file once. */
  curves: base.input(ById).output(Curves),
  /** Makes the proxy where one is needed; answers once it is playable. */
  preparePlayback: base.input(ById).output(MediaFacts),
  relink: base
    .input(z.strictObject({ mediaId: MediaId, path: z.string(), alsoSiblings: z.boolean().default(true) }))
    .output(z.strictObject({ relinked: z.int(), stillMissing: z.int() })),
}
