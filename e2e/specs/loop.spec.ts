import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { FPS, makeCamera } from '../cameras.ts'
import { signwright } from '../command-line.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const FRAME_MS = 1000 / FPS
const ROUNDS = 4
const SELECTED = { first: 50, last: 69 }

interface WatchedWindow {
  presented: number[]
}

/** Asks the compositor, independently of the program, for the media time of each picture that it shows. */
async function watchPictures(page: Page): Promise<void> {
  await page.evaluate(() => {
    const video = document.querySelector('video')
    if (!video) throw new Error('There is no video.')
    const presented: number[] = []
    const note = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      presented.push(mediaTime * 1000)
      video.requestVideoFrameCallback(note)
    }
    video.requestVideoFrameCallback(note)
    Object.assign(window, { presented })
  })
}

/** The frames that were shown, round by round; the last round may be under way. */
async function rounds(page: Page): Promise<number[][]> {
  const times = await page.evaluate(() => (window as unknown as WatchedWindow).presented)
  const frames = times.map(timeMs => Math.round(timeMs / FRAME_MS))
  const cut: number[][] = [[]]
  frames.forEach((frame, at) => {
    if (frame < (frames[at - 1] ?? -1)) cut.push([])
    cut.at(-1)?.push(frame)
  })
  return cut
}

/**
 * Rounds whose last frame was on screen. A machine that shows every fifth picture only may never show it, and learns
 * too late that it is over; such rounds say nothing about the player.
 */
const seenToTheEnd = (all: readonly number[][]) => all.filter(round => round.includes(SELECTED.last))

async function goToFrame(page: Page, frame: number): Promise<void> {
  await page.keyboard.press('g')
  await page.getByLabel('Time', { exact: true }).fill(String((frame * FRAME_MS) / 1000))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status', { name: 'Frame' })).toHaveAttribute('data-frame', String(frame))
}

async function openRecording(page: Page, dataDir: string) {
  const videos = join(dataDir, 'videos')
  mkdirSync(videos)
  makeCamera(join(videos, 'front.mp4'), 0, 8)
  const corpus = join(dataDir, 'Loop.signwright')
  signwright(dataDir, 'create', corpus, '--name', 'Loop')
  expect(signwright(dataDir, 'import', videos, '--corpus', corpus).status).toBe(0)
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  await page.goto(workstation.url)
  await page.keyboard.press('Alt+0')
  await expect(page.getByRole('button', { name: 'Play' })).toBeEnabled()
  await goToFrame(page, SELECTED.first)
  await page.keyboard.press('[')
  await goToFrame(page, SELECTED.last)
  await page.keyboard.press(']')
  return workstation
}

test('a selection loops from its first to its last frame, and shows none outside, at 1× and 0.5×', async ({
  page,
  dataDir,
}) => {
  const workstation = await openRecording(page, dataDir)
  for (const rate of [1, 0.5])
    await test.step(`${rate}×`, async () => {
      await page.getByRole('combobox', { name: 'Speed' }).selectOption(String(rate))
      await page.locator('#content').focus()
      await goToFrame(page, SELECTED.first)
      await watchPictures(page)

      await page.keyboard.press('Shift+Space')
      await expect
        .poll(async () => seenToTheEnd(await rounds(page)).length, { timeout: 90_000 })
        .toBeGreaterThan(ROUNDS)
      const seen = await rounds(page)
      await page.keyboard.press('Shift+Space')

      // A busy machine may be late in a round; the player that is always late has no rounds that end in time.
      const beyond = seenToTheEnd(seen).map(round => (round.at(-1) ?? 0) - SELECTED.last)
      expect(beyond.toSorted((a, b) => a - b)[Math.floor(beyond.length / 2)]).toBe(0)
      expect(seen.flat().filter(frame => frame < SELECTED.first)).toEqual([])
      expect(seen.slice(1).map(round => round[0])).toContain(SELECTED.first)
    })

  await test.step('played once, it ends on its last frame', async () => {
    await page.keyboard.press('r')
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Play' })).toBeVisible()
    const frame = page.getByRole('status', { name: 'Frame' })
    await expect(frame).toHaveAttribute('data-frame', String(SELECTED.last))
  })
  await workstation.stop()
})
