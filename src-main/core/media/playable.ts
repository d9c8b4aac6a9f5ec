import type { MediaProbe } from './probe.ts'

type PlayableFacts = Pick<
  MediaProbe,
  'kind' | 'container' | 'videoCodec' | 'audioCodec' | 'pixelFormat' | 'problem' | 'index' | 'hasLength'
>

/** What Electron's Chromium decodes on every platform; HEVC only where the graphics driver does, so not here. */
const PIXEL_FORMATS: Record<string, RegExp> = {
  h264: /^yuvj?420p$/,
  vp8: /^yuva?420p$/,
  vp9: /^yuva?420p(10le)?$/,
  av1: /^yuvj?420p(10le)?$/,
}
const CONTAINERS = /^(mov|matroska)/
const AUDIO = new Set([
  'aac',
  'mp3',
  'opus',
  'vorbis',
  'flac',
  'pcm_s16le',
  'pcm_s24le',
  'pcm_f32le',
  'pcm_u8',
])

/** Why a file has to be played through a proxy; null where it plays as it is. */
export function proxyReason(facts: PlayableFacts): string | null {
  const formats = PIXEL_FORMATS[facts.videoCodec]
  if (facts.kind === 'frames') return 'a folder of pictures'
  if (!CONTAINERS.test(facts.container)) return `the container ${facts.container}`
  if (!formats) return `the video codec ${facts.videoCodec}`
  if (!formats.test(facts.pixelFormat)) return `the pixel format ${facts.pixelFormat}`
  if (facts.audioCodec !== null && !AUDIO.has(facts.audioCodec)) return `the audio codec ${facts.audioCodec}`
  if (facts.index.isRepaired) return 'missing or repeated time stamps'
  if (facts.index.zero !== 0) return 'negative time stamps'
  if (!facts.hasLength) return 'a recording without a length, in which a player cannot seek'
  return facts.problem === null ? null : 'damage that a player may stop at'
}
