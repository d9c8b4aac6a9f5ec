import type { Page } from '@playwright/test'
import { GRID, type PictureSize } from './truth.ts'

/** What the player shows at rest. */
export interface Shown {
  /** The number under the label "Frame". */
  said: number
  /** Mean red, green and blue of each cell of the picture, row by row, one colour after the other. */
  colours: number[]
  /** From the key or click to the number, which comes with the picture; null where there was none. */
  latencyMs: number | null
}

/**
 * Watches input and the frame number from inside the page, so that what is measured is the program and not the driver:
 * `window.frameProbe` tells the newest latency and the picture on screen.
 */
export async function installProbe(page: Page, size: PictureSize): Promise<void> {
  await page.evaluate(
    ({ width, height, size }) => {
      // As stored: a canvas of the displayed size would hold pixels that were stretched.
      const canvas = new OffscreenCanvas(size.width, size.height)
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (!context) throw new Error('no canvas')
      const number = () => document.querySelector('output[data-frame]')?.getAttribute('data-frame') ?? ''
      let since: number | null = null
      let latencyMs: number | null = null
      const begin = () => {
        since = performance.now()
        latencyMs = null
      }
      addEventListener('keydown', begin, { capture: true })
      addEventListener('pointerdown', begin, { capture: true })
      let last = number()
      const output = document.querySelector('output[data-frame]')
      if (!output) throw new Error('no frame number')
      new MutationObserver(() => {
        const now = number()
        if (now === '' || now === last) return
        last = now
        if (since === null) return
        latencyMs = performance.now() - since
        since = null
      }).observe(output, { attributes: true, attributeFilter: ['data-frame'] })

      const picture = () => {
        const video = document.querySelector('video')
        if (!video) throw new Error('no video')
        context.drawImage(video, 0, 0, canvas.width, canvas.height)
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
        const sums = new Float64Array(3 * width * height)
        const counts = new Float64Array(width * height)
        for (let y = 0; y < canvas.height; y++) {
          const row = Math.floor((y * height) / canvas.height) * width
          for (let x = 0; x < canvas.width; x++) {
            const cell = row + Math.floor((x * width) / canvas.width)
            const at = 4 * (y * canvas.width + x)
            for (let colour = 0; colour < 3; colour++)
              sums[colour * width * height + cell]! += data[at + colour]!
            counts[cell]! += 1
          }
        }
        return Array.from(sums, (sum, at) => sum / Math.max(1, counts[at % counts.length]!))
      }
      /** Resolves once the number has been there for two frames of the display. */
      const settle = async () => {
        const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
        const end = performance.now() + 20_000
        for (let same = 0, before = ''; same < 2;) {
          if (performance.now() > end) throw new Error('the player never came to rest')
          await frame()
          const now = number()
          same = now !== '' && now === before ? same + 1 : 0
          before = now
        }
      }
      Object.assign(window, {
        frameProbe: async () => {
          await settle()
          return { said: Number(number()), colours: picture(), latencyMs }
        },
      })
    },
    { ...GRID, size },
  )
}

export function readShown(page: Page): Promise<Shown> {
  return page.evaluate(() => (window as unknown as { frameProbe: () => Promise<Shown> }).frameProbe())
}

/** Clicks a place of the timeline's ruler, 0 to 1. */
export async function clickRuler(page: Page, share: number): Promise<void> {
  const box = await page.locator('.timeline .ruler').boundingBox()
  if (!box) throw new Error('no ruler')
  await page.mouse.click(box.x + 2 + share * (box.width - 4), box.y + box.height / 2)
}

/**
 * Loops the whole clip and measures how long its last frame stays longer than it should before the first comes
 * again, in frames; the worst of three rounds. Null for clips too long to watch.
 */
export async function measureSeam(page: Page): Promise<number | null> {
  await page.keyboard.press('Home')
  await readShown(page)
  await page.keyboard.press('Shift+Space')
  const seam = await page.evaluate(async () => {
    const video = document.querySelector('video')
    if (!video || video.duration > 12) return null
    const pictures: { shownAt: number; mediaTime: number }[] = []
    let seams = 0
    const until = performance.now() + 40_000
    await new Promise<void>(resolve => {
      const tick = (shownAt: number, { mediaTime }: VideoFrameCallbackMetadata) => {
        if (mediaTime < (pictures.at(-1)?.mediaTime ?? 0) - 0.05) seams += 1
        pictures.push({ shownAt, mediaTime })
        if (seams < 3 && performance.now() < until) video.requestVideoFrameCallback(tick)
        else resolve()
      }
      video.requestVideoFrameCallback(tick)
      setTimeout(resolve, 40_000)
    })
    const steps = pictures.slice(1).map((now, at) => ({
      wall: (now.shownAt - pictures[at]!.shownAt) / 1000,
      media: now.mediaTime - pictures[at]!.mediaTime,
    }))
    const usual = steps.filter(step => step.media > 0).map(step => step.media)
    const frame = usual.sort((a, b) => a - b)[usual.length >> 1] ?? 0.04
    const seamsMade = steps.filter(step => step.media < -0.02)
    return seamsMade.length === 0 ? null : Math.max(...seamsMade.map(step => step.wall / frame - 1))
  })
  await page.keyboard.press('Shift+Space')
  await readShown(page)
  return seam
}
