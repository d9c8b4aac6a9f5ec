import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { FPS, makeCamera } from '../cameras.ts'
import { signwright } from '../command-line.ts'
import { DIGITS, shownRounds, watchShown } from '../shown-numbers.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const FRAME_MS = 1000 / FPS
const ROUNDS = 4
const SELECTED = { first: 50, last: 69 }

async function goToFrame(page: Page, frame: number): Promise<void> {
  await page.keyboard.press('g')
  await page.getByLabel('Time', { exact: true }).fill(String((frame * FRAME_MS) / 1000))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status', { name: 'Frame' })).toHaveAttribute('data-frame', String(frame))
}

async function openRecording(page: Page, dataDir: string) {
  const videos = join(dataDir, 'videos')
  mkdirSync(videos)
  makeCamera(join(videos, 'front.mp4'), 0, 8, { digits: DIGITS })
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
      await watchShown(page)

      await page.keyboard.press('Shift+Space')
      await expect
        .poll(async () => (await shownRounds(page)).length, { timeout: 90_000 })
        .toBeGreaterThan(ROUNDS)
      const seen = (await shownRounds(page)).map(round => round.map(({ number }) => number))
      await page.keyboard.press('Shift+Space')

      expect(seen.flat().filter(frame => frame < SELECTED.first || frame > SELECTED.last)).toEqual([])
      expect(seen.slice(1).map(round => round[0])).toEqual(seen.slice(1).map(() => SELECTED.first))
    })

  await test.step('played once, it ends on its last frame', async () => {
    await page.keyboard.press('r')
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Play' })).toBeVisible()
    const frame = page.getByRole('status', { name: 'Frame' })
    expect((await shownRounds(page)).flat().filter(({ number }) => number > SELECTED.last)).toEqual([])
    await expect(frame).toHaveAttribute('data-frame', String(SELECTED.last))
  })
  await workstation.stop()
})
