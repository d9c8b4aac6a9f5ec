import type { Page } from '@playwright/test'

/** Binary digits in the pictures of the camera that is watched. */
export const DIGITS = 10

export interface ShownNumber {
  number: number
  /** When the page drew with it first, in milliseconds. */
  atMs: number
}

interface WatchedWindow {
  shownNumbers: ShownNumber[]
}

/**
 * Reads the number in the picture on screen whenever the page draws: what is on top, the canvas that covers the video or
 * the video itself. What a canvas shows changes only in the page, so that no picture of it goes unseen.
 */
export async function watchShown(page: Page): Promise<void> {
  await page.evaluate(digits => {
    const [video, cover] = [document.querySelector('video'), document.querySelector('canvas.cover')]
    if (!video || !(cover instanceof HTMLCanvasElement)) throw new Error('There is no player.')
    const row = new OffscreenCanvas(digits, 1)
    const context = row.getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('no canvas')
    context.imageSmoothingEnabled = false
    const shownNumbers: ShownNumber[] = []
    const read = (atMs: number) => {
      if ((window as unknown as WatchedWindow).shownNumbers !== shownNumbers) return
      requestAnimationFrame(read)
      const top = cover.hidden ? video : cover
      const [width, height] = cover.hidden
        ? [video.videoWidth, video.videoHeight]
        : [cover.width, cover.height]
      context.drawImage(top, 0, height / 2, width, 1, 0, 0, digits, 1)
      const { data } = context.getImageData(0, 0, digits, 1)
      let number = 0
      for (let at = 0; at < digits; at++) if ((data[4 * at] ?? 0) > 128) number += 2 ** at
      if (number !== shownNumbers.at(-1)?.number) shownNumbers.push({ number, atMs })
    }
    Object.assign(window, { shownNumbers })
    requestAnimationFrame(read)
  }, DIGITS)
}

/** What was on screen since, cut into the rounds of a loop; the last one may be under way. */
export async function shownRounds(page: Page): Promise<ShownNumber[][]> {
  const shown = await page.evaluate(() => (window as unknown as WatchedWindow).shownNumbers)
  const rounds: ShownNumber[][] = [[]]
  for (const [at, each] of shown.entries()) {
    if (each.number < (shown[at - 1]?.number ?? -1)) rounds.push([])
    rounds.at(-1)?.push(each)
  }
  return rounds
}
