import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { Locator, Page } from '@playwright/test'
import { testCore } from '#main/core/testing/workplace.ts'
import { makeCamera, readCounter } from '../cameras.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const JUMPS = 100

/** Three cameras of one event: `front` from its start, `side` 37 frames later, `top` 5 frames before the front. */
async function setup(dataDir: string) {
  const videos = join(dataDir, 'videos')
  mkdirSync(videos)
  makeCamera(join(videos, 'front.mp4'), 5, 12)
  const others = [
    { name: 'side.mp4', ahead: 42 },
    { name: 'top.mp4', ahead: 0 },
  ]
  for (const { name, ahead } of others) makeCamera(join(dataDir, name), ahead, 10)
  const corpus = join(dataDir, 'Cameras.signwright')
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: corpus, name: 'Cameras' })
  await core.settled((await api.importing.start({ source: videos })).id, () => {})
  const [clipId] = await api.clip.ids({})
  const { recordingId } = await api.clip.get({ clipId: clipId! })
  for (const { name } of others) await api.media.add({ recordingId, path: join(dataDir, name) })
  await core.close()
  return { corpus }
}

const frameOf = (page: Page) => page.getByRole('status', { name: 'Frame' })

async function atRest(page: Page): Promise<void> {
  await expect(frameOf(page)).toHaveAttribute('data-frame', /^\d+$/)
}

/** Steps the view that is being aligned until it shows what the front camera shows. */
async function stepTo(page: Page, view: Locator, wanted: number): Promise<void> {
  const video = view.locator('video')
  for (let n = 0; n < 60; n++) {
    const shown = await readCounter(video)
    if (shown === wanted) return
    const before = await view.getAttribute('data-frame')
    await page.keyboard.press(shown < wanted ? 'ArrowRight' : 'ArrowLeft')
    await expect(view).not.toHaveAttribute('data-frame', before ?? '')
  }
  throw new Error(`${wanted} was never shown`)
}

test('three cameras show the same moment after 100 jumps', async ({ page, dataDir }) => {
  const { corpus } = await setup(dataDir)
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  try {
    await page.goto(workstation.url)
    await page.goto(new URL('/review', workstation.url).href)
    const front = page.locator('.leader video')
    const views = page.locator('[data-media]')
    await expect(views).toHaveCount(2)
    await atRest(page)

    await test.step('say which frames are the same', async () => {
      await page.keyboard.press('Home')
      for (let n = 0; n < 40; n++) await page.keyboard.press('ArrowRight')
      await expect(frameOf(page)).toHaveAttribute('data-frame', '40')
      const wanted = await readCounter(front)
      expect(wanted).toBe(45)
      for (const at of [0, 1]) {
        await page.keyboard.press('v')
        if (at === 1) await views.nth(1).click({ position: { x: 20, y: 20 } })
        await stepTo(page, views.nth(at), wanted)
        await page.keyboard.press('v')
        await expect(page.getByRole('button', { name: 'Same moment' })).toHaveCount(0)
      }
    })

    const wrong: unknown[] = []
    const random = (n: number) => (Math.imul(n + 1, 2654435761) >>> 0) / 2 ** 32
    const box = (await page.locator('.timeline .ruler').boundingBox())!
    let hidden = 0
    for (let jump = 0; jump < JUMPS; jump++) {
      await page.mouse.click(box.x + 2 + random(jump) * (box.width - 4), box.y + box.height / 2)
      await atRest(page)
      const moment = await readCounter(front)
      for (const at of [0, 1]) {
        const video = views.nth(at).locator('video')
        if (await video.evaluate(each => getComputedStyle(each).visibility === 'hidden')) hidden++
        else
          await expect
            .poll(() => readCounter(video), { timeout: 3000 })
            .toBe(moment)
            .catch(async () => wrong.push({ jump, at, moment, shown: await readCounter(video) }))
      }
    }
    expect(wrong).toEqual([])
    // The side camera began later and the top one ended earlier: there they show nothing.
    expect(hidden).toBeGreaterThan(0)
    expect(hidden).toBeLessThan(JUMPS)

    await page.keyboard.press('Home')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect(views.nth(1)).toHaveAttribute('data-frame', '0')
  } finally {
    await workstation.stop()
  }
})

test('Annotate shows all cameras, and says how to begin while there is no tier', async ({
  page,
  dataDir,
}) => {
  const { corpus } = await setup(dataDir)
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  try {
    await page.goto(workstation.url)
    await page.keyboard.press('Alt+0')
    const views = page.locator('[data-media]')
    await expect(views).toHaveCount(2)
    await atRest(page)
    await page.locator('#content').focus()
    await page.keyboard.press('Home')
    for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight')
    await expect(frameOf(page)).toHaveAttribute('data-frame', '5')
    for (const at of [0, 1]) await expect(views.nth(at)).toHaveAttribute('data-frame', '5')

    const start = page.getByRole('region', { name: 'This recording has no tiers yet' })
    await expect(start.getByRole('button', { name: /Import annotations/ })).toBeVisible()
    await page.keyboard.press('Alt+t')
    await expect(page.getByRole('dialog', { name: /template/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('t')
    await page.getByLabel('Name').fill('Signs')
    await page.keyboard.press('Enter')
    await expect(start).toHaveCount(0)
  } finally {
    await workstation.stop()
  }
})
