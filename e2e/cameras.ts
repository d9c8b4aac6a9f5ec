import { spawnSync } from 'node:child_process'
import type { Locator } from '@playwright/test'

const BLOCK = 16
/** Heights of a block in the picture. */
const HEIGHT = 6
export const FPS = 25

export interface CameraOptions {
  /** Pixels of the picture for one of a block's sixteen. */
  scale?: number
  /** Binary digits in the picture: ten end at 1,023. */
  digits?: number
}

/**
 * A camera whose picture n has the binary digits of n + `ahead` as black and white blocks: `ahead` frames of the event
 * were over when it began. A file like `%06d.jpg` makes a picture of each frame.
 */
export function makeCamera(
  file: string,
  ahead: number,
  seconds: number,
  { scale = 1, digits = 10 }: CameraOptions = {},
): void {
  const source = `color=size=${digits}x${HEIGHT}:rate=${FPS}:duration=${seconds},format=gray`
  const blocks = `geq=lum='20+210*mod(floor((N+${ahead})/pow(2,X)),2)'`
  const filters = `${blocks},scale=${digits * BLOCK * scale}:${HEIGHT * BLOCK * scale}:flags=neighbor`
  const made = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'lavfi', '-i', source, '-vf', filters].concat([
      '-pix_fmt',
      // The one that JPEG takes has the whole range of values.
      file.endsWith('.jpg') ? 'yuvj420p' : 'yuv420p',
      '-g',
      '50',
      file,
    ]),
  )
  if (made.status !== 0) throw new Error(made.stderr.toString())
}

/** The number in each of these videos, all read at one moment; null for one that shows nothing now. */
export function readCounters(videos: Locator): Promise<(number | null)[]> {
  return videos.evaluateAll(
    (elements, { block, height }) => {
      const canvas = new OffscreenCanvas(1, 1)
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (!context) throw new Error('no canvas')
      return (elements as HTMLVideoElement[]).map(video => {
        if (getComputedStyle(video).visibility === 'hidden') return null
        const digits = Math.round((video.videoWidth * height) / video.videoHeight)
        canvas.width = digits * block
        const row = [0, video.videoHeight / 2, video.videoWidth, 1] as const
        context.drawImage(video, ...row, 0, 0, canvas.width, 1)
        const { data } = context.getImageData(0, 0, canvas.width, 1)
        let number = 0
        for (let at = 0; at < digits; at++)
          if ((data[4 * (at * block + block / 2)] ?? 0) > 128) number += 2 ** at
        return number
      })
    },
    { block: BLOCK, height: HEIGHT },
  )
}

/** The number in the picture that a video shows. */
export async function readCounter(video: Locator): Promise<number> {
  const [number] = await readCounters(video)
  if (number === null || number === undefined) throw new Error('The video shows nothing.')
  return number
}
