import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { evenIndex, type FrameIndex } from '#shared/domain/frame-index.ts'
import { buildIndex } from './build-index.ts'
import { readStreams, type VideoStream } from './streams.ts'

/** A file or folder whose frames can be read by number. Plain data: it may be posted to a worker. */
export type FrameSource = VideoSource | FolderSource

export interface VideoSource {
  kind: 'video'
  path: string
  video: VideoStream
  index: FrameIndex
  problem: string | null
}

export interface FolderSource {
  kind: 'frames'
  path: string
  /** File names in shown order. */
  files: string[]
  /** Facts of the first picture; all have to be of its size. */
  video: VideoStream
  index: FrameIndex
  problem: string | null
  bytes: number
}

export interface OpenSourceOptions {
  signal?: AbortSignal
  /** Frames per second of a frame folder, which cannot say it itself. */
  folderRate?: { num: number; den: number }
  /** What the pictures of a folder have together, where that is known: they are not looked at one by one then. */
  folderBytes?: number
}

const DEFAULT_FOLDER_RATE = { num: 25, den: 1 }
const PICTURE_CODECS: Record<string, string> = { '.png': 'png', '.jpg': 'mjpeg', '.jpeg': 'mjpeg' }

/** Opens a video file, or a folder of PNG or JPEG frames. */
export async function openSource(path: string, options: OpenSourceOptions = {}): Promise<FrameSource> {
  const facts = await stat(path).catch(() => null)
  if (facts?.isDirectory()) return openFolder(path, options)
  const video = await readStreams(path, options.signal)
  const { index, problem } = await buildIndex(path, video, options.signal)
  return { kind: 'video', path, video, index, problem }
}

async function openFolder(
  path: string,
  { signal, folderRate = DEFAULT_FOLDER_RATE, folderBytes }: OpenSourceOptions,
): Promise<FolderSource> {
  const files = await listFrames(path)
  const bytes = folderBytes ?? (await bytesOf(path, files))
  const first = await readStreams(join(path, files[0] ?? ''), signal)
  const video: VideoStream = {
    ...first,
    container: 'frames',
    codec: codecOf(path, files),
    timeBase: { num: folderRate.den, den: folderRate.num },
    claimedRates: [folderRate.num / folderRate.den],
    claimedFrames: null,
    claimedDuration: null,
  }
  return {
    kind: 'frames',
    path,
    files,
    video,
    index: evenIndex(files.length, folderRate),
    problem: null,
    bytes,
  }
}

async function bytesOf(path: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async file => (await stat(join(path, file))).size))
  const empty = files[sizes.indexOf(0)]
  if (empty !== undefined) throw damagedFrame(path, empty, 'is empty (0 bytes)')
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The pictures of a folder as people number them: frame2 before frame10. Hidden files are no frames. */
export async function listFrames(path: string): Promise<string[]> {
  const names = await readdir(path)
  const frames = names.filter(name => !name.startsWith('.') && extname(name).toLowerCase() in PICTURE_CODECS)
  if (frames.length === 0)
    throw new AppError(
      'invalid-input',
      `There are no PNG or JPEG frames in ${path}. Choose the folder that holds the pictures.`,
      {
        details: { file: path },
      },
    )
  return inOrder(frames)
}

function inOrder(names: string[]): string[] {
  // With digits in the same places, the order of the characters is that of the numbers, and a hundred times faster.
  const patterns = new Set(names.map(name => name.replaceAll(/\d/gu, '0')))
  if (patterns.size === 1) return names.sort()
  const order = new Intl.Collator('en', { numeric: true })
  return names.sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1))
}

export function codecOf(path: string, files: readonly string[]): string {
  const codecs = new Set(files.map(file => PICTURE_CODECS[extname(file).toLowerCase()]))
  if (codecs.size === 1) return [...codecs][0] ?? 'png'
  throw new AppError(
    'invalid-input',
    `The frames in ${path} are partly PNG and partly JPEG. Keep one kind in the folder.`,
    {
      details: { file: path },
    },
  )
}

/** Error for one picture of a folder; frames are counted from 0. */
export function damagedFrame(folder: string, file: string, what: string): AppError {
  return new AppError('corrupt-file', `Frame ${file} in ${basename(folder)} ${what}. Replace this picture.`, {
    details: { file: join(folder, file) },
  })
}

/** Size of the pictures as decoded: turned upright like in a viewer, pixels not stretched. */
export function decodedSize({ width, height, rotation }: VideoStream): { width: number; height: number } {
  return isSideways(rotation) ? { width: height, height: width } : { width, height }
}

export function isSideways(rotation: number): boolean {
  return Math.abs(Math.round(rotation / 90)) % 2 === 1
}
