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
        const cover = document.querySelector<HTMLCanvasElement>('canvas.cover')
        const top = cover?.hidden === false ? cover : document.querySelector('video')
        if (!top) throw new Error('no video')
        context.drawImage(top, 0, 0, canvas.width, canvas.height)
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
        const end = performance.now() + 180_000
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

export interface Seam {
  /** How long the last frame stays too long before the first comes again, in frames; the worst of the rounds. */
  held: number
  /** Frames behind the end of the selection that came on screen, the most in one round. */
  beyond: number
}

const ROUNDS = 5

/** Loops a stretch in the middle of the clip and watches what comes on screen. Null where the loop is never seen. */
export async function measureSeam(page: Page, frames: number): Promise<Seam | null> {
  const length = Math.min(40, Math.floor(frames / 2))
  if (length < 5) return null
  await page.keyboard.press('Home')
  for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight')
  const start = (await readShown(page)).said
  await page.keyboard.press('[')
  for (let n = 1; n < length; n++) await page.keyboard.press('ArrowRight')
  const end = (await readShown(page)).said
  await page.keyboard.press(']')
  await page.keyboard.press('Shift+Space')
  const seen = await page.evaluate(watchLoop, { rounds: ROUNDS, patienceMs: 30_000 + ROUNDS * length * 100 })
  await page.keyboard.press('Shift+Space')
  await page.keyboard.press('Escape')
  await readShown(page)
  return seen.length === 0 ? null : seamOf(seen, { start, end })
}

interface Picture {
  frame: number
  shownAt: number
}

/** Each round's pictures: which frame, and when it came on screen, in milliseconds. */
async function watchLoop({
  rounds,
  patienceMs,
}: {
  rounds: number
  patienceMs: number
}): Promise<Picture[][]> {
  const output = document.querySelector('output[data-frame]')
  const video = document.querySelector('video')
  if (!output || !video) throw new Error('There is no player.')
  const seen: Picture[][] = [[]]
  const until = performance.now() + patienceMs
  await new Promise<void>(resolve => {
    const tick = (shownAt: number) => {
      const number = Number(/\d+/.exec(output.textContent ?? '')?.[0] ?? Number.NaN)
      const last = seen.at(-1)?.at(-1)
      if (last && number < last.frame) seen.push([])
      if (!last || number !== last.frame) seen.at(-1)?.push({ frame: number, shownAt })
      if (seen.length > rounds || performance.now() > until) resolve()
      else requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  return seen
}

function seamOf(seen: readonly Picture[][], { start, end }: { start: number; end: number }): Seam {
  const steps = seen.flatMap(round => round.slice(1).map((each, at) => ({ each, before: round[at] })))
  const perFrame = steps
    .map(({ each, before }) => (before ? (each.shownAt - before.shownAt) / (each.frame - before.frame) : 0))
    .sort((a, b) => a - b)
  const frameMs = perFrame[perFrame.length >> 1] ?? 40
  const held = seen.slice(1).map((round, at) => {
    const [first, last] = [round[0], seen[at]?.at(-1)]
    if (!first || !last) return 0
    // A display that skipped the first or the last frame has shown its neighbour for it.
    const due = Math.max(1, end - last.frame + 1 + (first.frame - start))
    return (first.shownAt - last.shownAt) / frameMs - due
  })
  return {
    held: Math.max(0, ...held),
    beyond: Math.max(0, ...seen.flat().map(({ frame }) => frame - end)),
  }
}
