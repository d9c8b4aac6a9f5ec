import type { FrameIndex } from '#shared/domain/frame-index.ts'
import { formatClock } from '#shared/domain/time.ts'
import { REPAIR_FILTER, SHOWN_STAMP } from './filters.ts'
import { corrupt, type VideoStream } from './streams.ts'
import { runFfmpeg, runFfprobe } from './tool.ts'

export interface BuiltIndex {
  index: FrameIndex
  /** A sentence for the user where the file is damaged but usable. */
  problem: string | null
  /** Whether every frame was decoded to make the index; else its packets were read, which is some 50 times faster. */
  isDecoded: boolean
}

interface Stamp {
  /** Ticks; NaN where the file has none. */
  pts: number
  /** Ticks; 0 where unknown. */
  length: number
}

interface Packets {
  stamps: Stamp[]
  isClean: boolean
}

/**
 * Containers and codecs whose packets are one shown frame each. AVI has no presentation stamps, VP8 hides reference
 * frames in packets of their own, GIF and the rest are short or rare: those are decoded.
 */
const PACKET_CODECS = new Set(['h264', 'hevc', 'av1', 'vp9', 'mjpeg', 'prores', 'dnxhd'])
const PACKET_CONTAINERS = /^(mov|matroska)/
/** These play in Chromium with the stamps they have; everything else gets media time 0 at its first frame. */
const OWN_CLOCK_CONTAINERS = /^(mov|matroska)/

/**
 * The presentation stamp of every shown frame. Packets are enough where nothing about them is odd; discarded
 * frames (edit lists), missing or equal stamps, messages of the demuxer or an early end make us decode the file.
 */
export async function buildIndex(
  path: string,
  video: VideoStream,
  signal?: AbortSignal,
): Promise<BuiltIndex> {
  const canTrustPackets = PACKET_CODECS.has(video.codec) && PACKET_CONTAINERS.test(video.container)
  const packets = canTrustPackets ? await readPackets(path, video, signal) : null
  if (packets?.isClean) return { index: indexOf(video, packets.stamps), problem: null, isDecoded: false }
  return decodeIndex(path, video, signal)
}

/** The index by decoding every frame: slow, and true for any file. */
export async function decodeIndex(
  path: string,
  video: VideoStream,
  signal?: AbortSignal,
): Promise<BuiltIndex> {
  const { stamps, messages } = await readDecoded(path, video, signal)
  if (stamps.length === 0) {
    const reason = messages.find(line => line.trim() !== '') ?? 'no frame came out'
    throw corrupt(path, `has no frame that decodes (${reason}). Re-encode it or copy it again.`)
  }
  const made = indexOf(video, stamps)
  const index = made.isRepaired ? await repairedIndex(path, video, made, signal) : made
  return { index, problem: problemOf(video, index, messages), isDecoded: true }
}

async function readPackets(path: string, video: VideoStream, signal?: AbortSignal): Promise<Packets> {
  const stamps: Stamp[] = []
  let hasOddFlag = false
  const { exitCode, messages } = await runFfprobe(
    [
      '-v',
      'error',
      '-select_streams',
      String(video.stream),
      '-show_entries',
      'packet=pts,duration,flags',
      '-of',
      'compact=p=0',
      '-i',
      `file:${path}`,
    ],
    {
      signal,
      onOutput: eachLine(line => {
        const flags = field(line, 'flags') ?? ''
        const isFirstWithoutKey = stamps.length === 0 && !flags.startsWith('K')
        if (isFirstWithoutKey || /[DC]/.test(flags)) hasOddFlag = true
        stamps.push({ pts: ticks(field(line, 'pts')), length: ticks(field(line, 'duration')) || 0 })
      }),
    },
  )
  stamps.sort((a, b) => a.pts - b.pts)
  const isOrdered = stamps.every(
    ({ pts }, at) => !Number.isNaN(pts) && pts > (stamps[at - 1]?.pts ?? -Infinity),
  )
  const isWhole = exitCode === 0 && messages.length === 0 && !isShort(video, stamps)
  return { stamps, isClean: isWhole && isOrdered && !hasOddFlag && stamps.length > 0 }
}

async function readDecoded(path: string, video: VideoStream, signal?: AbortSignal) {
  const stamps: Stamp[] = []
  const messages: string[] = []
  await runFfprobe(
    [
      '-v',
      'error',
      '-threads',
      '0',
      '-select_streams',
      String(video.stream),
      '-show_entries',
      'frame=best_effort_timestamp,pkt_duration,duration',
      '-of',
      'compact=p=0',
      '-i',
      `file:${path}`,
    ],
    {
      signal,
      onMessage: line => messages.length < 1000 && messages.push(line),
      onOutput: eachLine(line => {
        const pts = field(line, 'best_effort_timestamp')
        if (pts === undefined) return
        stamps.push({
          pts: ticks(pts),
          length: ticks(field(line, 'duration') ?? field(line, 'pkt_duration')) || 0,
        })
      }),
    },
  )
  return { stamps, messages }
}

/** Calls back with each line of a program's output; the last line needs its line end. */
function eachLine(onLine: (line: string) => void): (chunk: Buffer) => void {
  let partial = ''
  return chunk => {
    const lines = (partial + chunk.toString('latin1')).split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) if (line !== '') onLine(line)
  }
}

/** The value of `name` in "pts=512|duration=512|flags=K_"; frames carry side data after it. */
function field(line: string, name: string): string | undefined {
  for (const part of line.trimEnd().split('|'))
    if (part.startsWith(`${name}=`)) return part.slice(name.length + 1)
  return undefined
}

function ticks(text: string | undefined): number {
  return text === undefined || text === 'N/A' ? Number.NaN : Number(text)
}

/**
 * Equal or falling stamps (live recordings have them) move to one tick after the frame before, missing ones a frame's
 * length. A missing stamp at the very end (AVI) is certain, and no repair.
 */
function indexOf(video: VideoStream, stamps: Stamp[]): FrameIndex {
  const frameTicks = usualLength(video, stamps)
  const pts = new Float64Array(stamps.length)
  let isRepaired = false
  for (const [at, stamp] of stamps.entries()) {
    const previous = pts[at - 1]
    const isMissing = Number.isNaN(stamp.pts)
    if (previous === undefined) pts[at] = isMissing ? 0 : stamp.pts
    else pts[at] = isMissing ? previous + frameTicks : Math.max(stamp.pts, previous + 1)
    const isCertain = isMissing && at > 0 && at === stamps.length - 1
    if (pts[at] !== stamp.pts && !isCertain) isRepaired = true
  }
  return withClock(video, pts, stamps.at(-1)?.length || frameTicks, isRepaired)
}

function withClock(
  video: VideoStream,
  pts: Float64Array,
  lastLength: number,
  isRepaired: boolean,
): FrameIndex {
  const zero = OWN_CLOCK_CONTAINERS.test(video.container) ? Math.min(0, pts[0] ?? 0) : (pts[0] ?? 0)
  return { timeBase: video.timeBase, zero, pts, end: (pts.at(-1) ?? 0) + lastLength, isRepaired }
}

/** Where stamps are made up, ffmpeg's own are the truth: the proxy is made with the same filter. */
async function repairedIndex(
  path: string,
  video: VideoStream,
  guess: FrameIndex,
  signal?: AbortSignal,
): Promise<FrameIndex> {
  const pts: number[] = []
  await runFfmpeg(
    tools =>
      ['-loglevel', 'info', '-nostats', '-copyts', '-i', `file:${path}`, '-map', `0:${video.stream}`].concat([
        '-vf',
        `${REPAIR_FILTER},${tools.showinfo}`,
        ...tools.passthrough,
        '-f',
        'null',
        '-',
      ]),
    {
      signal,
      onMessage: line => {
        const stamp = SHOWN_STAMP.exec(line)?.[1]
        if (stamp !== undefined) pts.push(Number(stamp))
      },
    },
  )
  if (pts.length !== guess.pts.length) return guess
  return withClock(
    video,
    Float64Array.from(pts),
    usualLength(
      video,
      pts.map(stamp => ({ pts: stamp, length: 0 })),
    ),
    true,
  )
}

/** Ticks of one frame: the median step, or what the container claims. */
function usualLength(video: VideoStream, stamps: Stamp[]): number {
  const steps = stamps.flatMap(({ pts }, at) => {
    const step = pts - (stamps[at - 1]?.pts ?? Number.NaN)
    return step > 0 ? [step] : []
  })
  const median = steps.sort((a, b) => a - b)[steps.length >> 1]
  const claimed = video.timeBase.den / (video.timeBase.num * (video.claimedRates[0] ?? 25))
  return Math.max(1, Math.round(median ?? stamps[0]?.length ?? claimed))
}

/** Frames or time are missing at the end, by more than a demuxer's usual rounding. */
function isShort(video: VideoStream, stamps: readonly Stamp[]): boolean {
  if (video.claimedFrames !== null && stamps.length < video.claimedFrames) return true
  const first = stamps[0]
  const last = stamps.at(-1)
  if (!first || !last || video.claimedDuration === null) return false
  const seconds = ((last.pts + last.length - first.pts) * video.timeBase.num) / video.timeBase.den
  return seconds + Math.max(0.2, video.claimedDuration * 0.005) < video.claimedDuration
}

function problemOf(video: VideoStream, index: FrameIndex, messages: string[]): string | null {
  const stamps = [...index.pts].map((pts, at) => ({
    pts,
    length: at === index.pts.length - 1 ? index.end - pts : 0,
  }))
  const endMs = ((index.end - index.zero) * video.timeBase.num * 1000) / video.timeBase.den
  const isCutOff = messages.some(line => /partial file|Truncat|ended prematurely|End of file/i.test(line))
  const lacks = isShort({ ...video, claimedFrames: null }, stamps)
  if (isCutOff || lacks)
    return `The video ends early at ${formatClock(endMs)}, after ${index.pts.length} frames${promised(video)}. Those frames can be used; copy the file again to get the rest.`
  if (messages.length > 0)
    return `Some frames are damaged (${tidy(messages[0])}). They are shown as ffmpeg repairs them; extraction stops at them.`
  if (index.isRepaired)
    return 'The file leaves time stamps of frames out or repeats them. They were filled in, so times may be off by a frame.'
  return null
}

function promised({ claimedDuration }: VideoStream): string {
  return claimedDuration === null ? '' : `, though it says it lasts ${formatClock(claimedDuration * 1000)}`
}

/** "[h264 @ 0x55d] error while decoding MB 3 4" without the address. */
function tidy(message: string | undefined): string {
  return (message ?? '').replace(/^\[(\w+)[^\]]*\]\s*/, '$1: ')
}
