import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { runFfprobe, type ToolResult } from './tool.ts'

/** What the container says about itself; the frames themselves are in the index. */
export interface VideoStream {
  /** Number of the stream in the file: ffmpeg's own choice ("best") is another one in files with two. */
  stream: number
  codec: string
  profile: string
  pixelFormat: string
  width: number
  height: number
  /** Degrees as ffprobe gives them: -90 means shown after a quarter turn clockwise. */
  rotation: number
  sampleAspectRatio: { num: number; den: number }
  timeBase: { num: number; den: number }
  /** Rates that the container claims, most trusted first. */
  claimedRates: number[]
  /** Frames and end, in seconds, that the container promises; null where it does not. */
  claimedFrames: number | null
  claimedDuration: number | null
  container: string
  /** Live recordings do not know how long they are. */
  hasLength: boolean
  audio: { stream: number; codec: string; sampleRate: number } | null
}

interface ProbedStream {
  index: number
  codec_type?: string
  codec_name?: string
  profile?: string
  pix_fmt?: string
  width?: number
  height?: number
  sample_rate?: string
  sample_aspect_ratio?: string
  time_base?: string
  r_frame_rate?: string
  avg_frame_rate?: string
  nb_frames?: string
  duration?: string
  disposition?: { attached_pic?: number }
  side_data_list?: { rotation?: number }[]
}

interface Probed {
  streams?: ProbedStream[]
  format?: { format_name?: string; duration?: string }
}

/** Reads a file's headers. The first video stream counts, as for Chromium; cover pictures do not. */
export async function readStreams(path: string, signal?: AbortSignal): Promise<VideoStream> {
  await assertReadable(path)
  const chunks: Buffer[] = []
  const args = ['-v', 'error', '-print_format', 'json', '-show_streams', '-show_format', '-i', `file:${path}`]
  const result = await runFfprobe(args, { signal, onOutput: chunk => chunks.push(chunk) })
  if (result.exitCode !== 0) throw await unreadable(path, result)

  const probed = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Probed
  const streams = probed.streams ?? []
  const video = streams.find(stream => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  if (!video) throw withoutPictures(path, streams)
  if (!video.width || !video.height) throw await unreadable(path, result)
  return {
    ...videoFacts(video),
    container: probed.format?.format_name ?? '',
    hasLength: Number(probed.format?.duration) > 0,
    audio: audioFacts(streams),
  }
}

async function assertReadable(path: string): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new AppError('media-missing', `${path} is not there. Relink it to where it is now.`, {
      details: { file: path },
      cause: error,
    })
  })
  if (facts.size === 0) throw corrupt(path, 'is empty (0 bytes). Copy it again from where it came.')
}

function videoFacts(video: ProbedStream): Omit<VideoStream, 'container' | 'hasLength' | 'audio'> {
  const claimedFrames = Number(video.nb_frames)
  const claimedDuration = Number(video.duration)
  return {
    stream: video.index,
    codec: video.codec_name ?? 'unknown',
    profile: video.profile ?? '',
    pixelFormat: video.pix_fmt ?? '',
    width: video.width ?? 0,
    height: video.height ?? 0,
    rotation: video.side_data_list?.find(entry => entry.rotation !== undefined)?.rotation ?? 0,
    sampleAspectRatio: ratio(video.sample_aspect_ratio, ':') ?? { num: 1, den: 1 },
    timeBase: ratio(video.time_base, '/') ?? { num: 1, den: 1000 },
    claimedRates: [video.avg_frame_rate, video.r_frame_rate].flatMap(text => {
      const rate = ratio(text, '/')
      return rate ? [rate.num / rate.den] : []
    }),
    claimedFrames: Number.isFinite(claimedFrames) ? claimedFrames : null,
    claimedDuration: Number.isFinite(claimedDuration) ? claimedDuration : null,
  }
}

function audioFacts(streams: ProbedStream[]): VideoStream['audio'] {
  const audio = streams.find(stream => stream.codec_type === 'audio')
  if (!audio) return null
  return {
    stream: audio.index,
    codec: audio.codec_name ?? 'unknown',
    sampleRate: Number(audio.sample_rate ?? 0),
  }
}

/** "30000/1001" or "2:3"; null for "0/0", "N/A" and nothing. */
function ratio(text: string | undefined, separator: string): { num: number; den: number } | null {
  const [num = 0, den = 0] = (text ?? '').split(separator).map(Number)
  return num > 0 && den > 0 ? { num, den } : null
}

export function corrupt(path: string, whatAndRemedy: string, cause?: unknown): AppError {
  return new AppError('corrupt-file', `${basename(path)} ${whatAndRemedy}`, {
    details: { file: path },
    cause,
  })
}

async function unreadable(path: string, result: ToolResult): Promise<AppError> {
  const said = result.messages.join('\n')
  if (/Permission denied/i.test(said))
    return new AppError('not-permitted', `${path} may not be read. Check its access rights.`, {
      details: { file: path },
    })
  // ffmpeg believes the extension: it misses the table of contents in a text file called .mp4, too.
  if (/moov atom not found/i.test(said) && (await beginsAsMp4(path)))
    return corrupt(
      path,
      'is cut off: its table of contents (moov) is missing, so no frame can be found. Copy it again.',
    )
  const reason =
    result.messages.at(-1)?.replace(`file:${path}: `, '') ?? `ffprobe ended with code ${result.exitCode}`
  return corrupt(
    path,
    `is not a video that ffmpeg can read (${reason}). Check that the file is what its name says.`,
  )
}

/** Its first box has one of the types that MP4 and QuickTime files begin with. */
async function beginsAsMp4(path: string): Promise<boolean> {
  await using file = await open(path, 'r')
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
  return ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp'].includes(
    buffer.toString('latin1', 4, 8),
  )
}

function withoutPictures(path: string, streams: ProbedStream[]): AppError {
  const kinds = streams.map(stream => stream.codec_type ?? 'unknown').join(', ')
  return new AppError(
    'invalid-input',
    `${basename(path)} has no pictures, only ${kinds || 'nothing'}. Choose a video file.`,
    {
      details: { file: path },
    },
  )
}
