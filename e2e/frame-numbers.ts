import { spawnSync } from 'node:child_process'
import type { Locator } from '@playwright/test'

/** Where the frame number is burnt in: x, y, width, height in stored pixels. */
export const NUMBER_BOX = { x: 8, y: 6, width: 72, height: 34 } as const
const BOX_BYTES = NUMBER_BOX.width * NUMBER_BOX.height

/** The number's region of every frame, grey, by a plain sequential decode: the truth the player is held to. */
export function decodeNumbers(file: string): Uint8Array[] {
  const { x, y, width, height } = NUMBER_BOX
  const decoded = spawnSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      file,
      '-map',
      '0:v:0',
      '-vf',
      `crop=${width}:${height}:${x}:${y},format=gray`,
      '-vsync',
      'passthrough',
      '-f',
      'rawvideo',
      '-',
    ],
    { maxBuffer: 256 * 1024 * 1024 },
  )
  if (decoded.status !== 0) throw new Error(decoded.stderr.toString())
  const frames = decoded.stdout.byteLength / BOX_BYTES
  return Array.from(
    { length: frames },
    (_, at) => new Uint8Array(decoded.stdout.subarray(at * BOX_BYTES, (at + 1) * BOX_BYTES)),
  )
}

/** The same region of what a video element shows now. */
export function shownNumber(video: Locator): Promise<number[]> {
  return video.evaluate((element, { x, y, width, height }) => {
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.drawImage(element as HTMLVideoElement, x, y, width, height, 0, 0, width, height)
    const { data } = context.getImageData(0, 0, width, height)
    const grey: number[] = []
    for (let at = 0; at < data.length; at += 4)
      grey.push(0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0))
    return grey
  }, NUMBER_BOX)
}

/** The frame whose number looks most like `shown`. */
export function readNumber(shown: readonly number[], frames: readonly Uint8Array[]): number {
  let best = -1
  let least = Infinity
  frames.forEach((frame, at) => {
    let difference = 0
    for (let i = 0; i < BOX_BYTES; i++) difference += Math.abs((shown[i] ?? 0) - (frame[i] ?? 0))
    if (difference >= least) return
    least = difference
    best = at
  })
  return best
}
