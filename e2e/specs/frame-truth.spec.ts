import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { signwright } from '../command-line.ts'
import { decodeNumbers, readNumber, shownNumber } from '../frame-numbers.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const FOLDER = fileURLToPath(new URL('../../../shared/corpora/derived/asl_sentence', import.meta.url))
const POSITIONS = Number(process.env['SIGNWRIGHT_POSITIONS'] ?? 25)
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter(name => /\.(mp4|webm)$/.test(name)) : []

/** Small, seeded: a failure can be repeated. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Waits until the player says which frame is on screen, twice the same. */
async function settledFrame(page: Page): Promise<number> {
  const output = page.getByRole('status', { name: 'Frame' })
  let last = ''
  await expect
    .poll(
      async () => {
        const now = (await output.getAttribute('data-frame')) ?? ''
        const isSettled = now !== '' && now === last
        last = now
        return isSettled
      },
      { intervals: [40] },
    )
    .toBe(true)
  return Number(last)
}

async function goSomewhere(page: Page, random: () => number): Promise<void> {
  const choice = random()
  if (choice < 0.2) return page.keyboard.press('ArrowRight')
  if (choice < 0.4) return page.keyboard.press('ArrowLeft')
  const ruler = page.locator('.timeline .ruler')
  const box = await ruler.boundingBox()
  if (!box) throw new Error('no ruler')
  await page.mouse.click(box.x + 2 + random() * (box.width - 4), box.y + box.height / 2)
}

test.describe('the frame number that is shown is the frame on screen', () => {
  test.skip(files.length === 0, 'the clips with burnt-in numbers are not on this machine')

  for (const file of files)
    test(file, async ({ page, dataDir }) => {
      const source = mkdtempSync(join(tmpdir(), 'signwright-frames-'))
      const corpus = join(source, 'Frames.signwright')
      expect(signwright(dataDir, 'create', corpus, '--name', 'Frames').status).toBe(0)
      expect(signwright(dataDir, 'import', FOLDER, '--corpus', corpus).status).toBe(0)
      const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
      try {
        await page.goto(workstation.url)
        await page.goto(new URL('/review', workstation.url).href)
        await page
          .getByRole('button', { name: new RegExp(file.replace(/\.\w+$/, '')) })
          .first()
          .click()
        await expect(page.getByRole('status', { name: 'Frame' })).toBeVisible({ timeout: 120_000 })
        const truth = decodeNumbers(join(FOLDER, file))
        const random = randomNumbers(file.length * 7919)
        const wrong: { said: number; shown: number }[] = []
        const seen = new Set<number>()
        for (let at = 0; at < POSITIONS; at++) {
          await goSomewhere(page, random)
          const said = await settledFrame(page)
          const shown = readNumber(await shownNumber(page.locator('video')), truth)
          seen.add(shown)
          if (said !== shown) wrong.push({ said, shown })
        }
        expect(truth.length).toBe(492)
        expect(wrong).toEqual([])
        expect(seen.size).toBeGreaterThan(POSITIONS / 3)
      } finally {
        await workstation.stop()
        rmSync(source, { recursive: true, force: true })
      }
    })
})
