import type { Page } from '@playwright/test'

/** The simple visual reaction time that handbooks give. */
export const REACTION = { meanMs: 220, deviationMs: 45 }

/** Normal numbers from a linear congruential generator: the same on every machine. */
export function createReactions(seed: number): () => number {
  let state = seed
  const uniform = () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    return Math.max(0, REACTION.meanMs + REACTION.deviationMs * normal)
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Waits in the page until the video shows a time, or has ended, then for the reaction. */
export async function waitForBoundary(page: Page, timeMs: number, reactionMs: number): Promise<void> {
  await page.evaluate(
    ([seconds = 0, later = 0]) =>
      new Promise<void>(resolve => {
        const video = document.querySelector('video')
        const go = () => void setTimeout(resolve, later)
        if (!video || video.ended) return go()
        const look = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
          if (mediaTime >= seconds - 0.001) go()
          else video.requestVideoFrameCallback(look)
        }
        video.requestVideoFrameCallback(look)
        video.addEventListener('ended', go, { once: true })
      }),
    [timeMs / 1000, reactionMs],
  )
}
