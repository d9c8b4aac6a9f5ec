import type { Locator, Page } from '@playwright/test'
import { expect } from './workstation.ts'

export interface Listed {
  value: string
  startMs: number
  endMs: number
}

/** The active tier's annotations in view, as a screen reader is told them. */
export const options = (page: Page): Locator =>
  page.getByRole('listbox', { name: 'Annotations of the active tier' }).getByRole('option')

export async function listed(page: Page): Promise<Listed[]> {
  const texts = await options(page).allTextContents()
  return texts.map(text => {
    const [, value = '', from, to] = /^\s*(.*), ([\d.]+) to ([\d.]+) seconds\s*$/s.exec(text) ?? []
    return { value, startMs: Math.round(Number(from) * 1000), endMs: Math.round(Number(to) * 1000) }
  })
}

/** Where times stand on the screen now. Pixels of the page. */
export interface TimeScale {
  left: number
  right: number
  xOf: (timeMs: number) => number
  playheadX: number
}

/** Clicks into the ruler, and goes by the frames that come up. */
export async function timeScale(page: Page, frameMs: number): Promise<TimeScale> {
  const ruler = await page.locator('.timeline .ruler').boundingBox()
  if (!ruler) throw new Error('There is no ruler.')
  const frame = page.getByRole('status', { name: 'Frame' })
  const timeAt = async (share: number) => {
    await expect(frame).toHaveAttribute('data-frame', /^\d+$/)
    const before = (await frame.getAttribute('data-frame')) ?? ''
    await page.mouse.click(ruler.x + share * ruler.width, ruler.y + ruler.height / 2)
    await expect(frame).not.toHaveAttribute('data-frame', before)
    await expect(frame).toHaveAttribute('data-frame', /^\d+$/)
    return (Number(await frame.getAttribute('data-frame')) + 0.5) * frameMs
  }
  const [low, high] = [0.02, 0.98]
  if ((await frame.getAttribute('data-frame')) !== '0') await timeAt(0.5)
  const lowMs = await timeAt(low)
  const msPerPx = ((await timeAt(high)) - lowMs) / ((high - low) * ruler.width)
  const xOf = (timeMs: number) => ruler.x + low * ruler.width + (timeMs - lowMs) / msPerPx
  return { left: ruler.x, right: ruler.x + ruler.width, xOf, playheadX: ruler.x + high * ruler.width }
}

/** The colours of one line of pixels of what is on screen, from `left` to `right`. */
export async function pixelLine(page: Page, left: number, right: number, y: number): Promise<string[]> {
  const picture = await page.screenshot({ clip: { x: left, y, width: Math.floor(right - left), height: 1 } })
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    if (!context) throw new Error('no canvas')
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, 1)
    return Array.from({ length: bitmap.width }, (_, x) => data.slice(4 * x, 4 * x + 3).join(','))
  }, picture.toString('base64'))
}
