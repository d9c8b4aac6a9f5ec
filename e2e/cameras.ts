import { spawnSync } from 'node:child_process'
import type { Locator } from '@playwright/test'

const BLOCKS = 10
const BLOCK = 16
export const FPS = 25

/**
 * A camera whose picture n has the binary digits of n + `ahead` as black and white blocks: `ahead` frames of the event
 * were over when it began. The digits end at 1,023.
 */
export function makeCamera(file: string, ahead: number, seconds: number, scale = 1): void {
  const source = `color=size=${BLOCKS}x6:rate=${FPS}:duration=${seconds},format=gray`
  const digits = `geq=lum='20+210*mod(floor((N+${ahead})/pow(2,X)),2)'`
  const filters = `${digits},scale=${BLOCKS * BLOCK * scale}:${96 * scale}:flags=neighbor`
  const made = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'lavfi', '-i', source, '-vf', filters].concat([
      '-pix_fmt',
      'yuv420p',
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
    (elements, { blocks, block }) => {
      const canvas = new OffscreenCanvas(blocks * block, 1)
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (!context) throw new Error('no canvas')
      return (elements as HTMLVideoElement[]).map(video => {
        if (getComputedStyle(video).visibility === 'hidden') return null
        const { videoWidth: width, videoHeight: height } = video
        context.drawImage(video, 0, height / 2, width, 1, 0, 0, canvas.width, 1)
        const { data } = context.getImageData(0, 0, canvas.width, 1)
        let number = 0
        for (let at = 0; at < blocks; at++)
          if ((data[4 * (at * block + block / 2)] ?? 0) > 128) number += 2 ** at
        return number
      })
    },
    { blocks: BLOCKS, block: BLOCK },
  )
}

/** The number in the picture that a video shows. */
export async function readCounter(video: Locator): Promise<number> {
  const [number] = await readCounters(video)
  if (number === null || number === undefined) throw new Error('The video shows nothing.')
  return number
}
