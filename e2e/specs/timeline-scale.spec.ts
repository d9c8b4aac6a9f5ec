import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import Database from 'better-sqlite3'
import { fillTimeline } from '#main/core/testing/large-corpus.ts'
import { signwright } from '../command-line.ts'
import { largeEaf } from '../large-eaf.ts'
import { makeFilmCorpus } from '../long-film.ts'
import { type Listed, listed, options, pixelLine, type TimeScale, timeScale } from '../timeline-view.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const TIERS = 100
const PER_TIER = 1000
const SECONDS = 1000
const FPS = 25
const FRAME_MS = 1000 / FPS

type Row = [id: number, tier: number, startMs: number, endMs: number, value: string]

function makeCorpus(dataDir: string): string {
  return makeFilmCorpus(dataDir, { seconds: SECONDS, fps: FPS }, (db, recordingId) =>
    fillTimeline(db, {
      tiers: TIERS,
      annotations: TIERS * PER_TIER,
      recordingId,
      durationMs: SECONDS * 1000,
    }),
  )
}

function storedRows(corpus: string): Row[] {
  const db = new Database(join(corpus, 'corpus.sqlite'), { readonly: true })
  const rows = db
    .prepare('SELECT id, tier_id, start_ms, end_ms, value FROM annotation ORDER BY id')
    .raw()
    .all()
  db.close()
  return rows as Row[]
}

function changes(before: readonly Row[], after: readonly Row[]): { was: Row; is: Row | undefined }[] {
  return before
    .map((was, at) => ({ was, is: after[at] }))
    .filter(({ was, is }) => JSON.stringify(was) !== JSON.stringify(is))
}

/** A number for what is painted now, once the display has had two frames to paint it. */
const paintedNow = (page: Page) =>
  page.evaluate(async () => {
    for (let n = 0; n < 2; n += 1) await new Promise(requestAnimationFrame)
    const canvas = document.querySelector<HTMLCanvasElement>('.timeline .lanes canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context) throw new Error('There is no timeline.')
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    return data.reduce((hash, value) => (Math.imul(hash, 31) + value) | 0, 0)
  })

async function laneMiddle(page: Page): Promise<{ x: number; y: number }> {
  const lanes = await page.locator('.timeline .lanes').boundingBox()
  const body = await page.locator('.timeline .body').boundingBox()
  if (!lanes || !body) throw new Error('There is no timeline.')
  return { x: lanes.x + lanes.width / 2, y: body.y + body.height / 2 }
}

/** Turns the wheel and counts after how many of the turns another picture was painted. */
async function picturesOf(page: Page, turns: number, turn: () => Promise<void>): Promise<number> {
  let pictures = 0
  let before = await paintedNow(page)
  for (let n = 0; n < turns; n += 1) {
    await turn()
    const now = await paintedNow(page)
    if (now !== before) pictures += 1
    before = now
  }
  return pictures
}

/** What stands between two times and is whole on screen. */
const whole = (items: readonly Listed[], { left, right, xOf }: TimeScale) =>
  items.filter(({ startMs, endMs }) => xOf(startMs) > left + 4 && xOf(endMs) < right - 4)

/**
 * Holds what is painted on the active tier against what the list says: a bar in the middle of each annotation, and
 * none between neighbours. The playhead's own pixels are no evidence.
 */
async function expectDrawn(page: Page, tier: string): Promise<Listed[]> {
  const scale = await timeScale(page, FRAME_MS)
  const head = await page.getByRole('button', { name: tier, exact: true }).boundingBox()
  if (!head) throw new Error(`There is no tier ${tier}.`)
  await page.mouse.move(scale.right - 2, 2)
  await paintedNow(page)
  const items = whole(await listed(page), scale)
  expect(items.length).toBeGreaterThan(5)
  const line = await pixelLine(page, scale.left, scale.right, Math.round(head.y + head.height / 2 - 7))
  const colourAt = (timeMs: number) => {
    const x = scale.xOf(timeMs)
    return Math.abs(x - scale.playheadX) < 8 ? null : line[Math.round(x - scale.left)]
  }
  const gaps = items.slice(1).flatMap(({ startMs }, at) => {
    const end = items[at]?.endMs ?? startMs
    return colourAt((end + startMs) / 2) ?? []
  })
  const bars = items.flatMap(({ startMs, endMs }) => colourAt((startMs + endMs) / 2) ?? [])
  const background = gaps[0]
  expect(new Set(gaps)).toEqual(new Set([background]))
  expect(bars).not.toContain(background)
  return items
}

async function expectFull(page: Page, tier: string): Promise<void> {
  const middle = await laneMiddle(page)
  const head = await page.getByRole('button', { name: tier, exact: true }).boundingBox()
  const lanes = await page.locator('.timeline .lanes').boundingBox()
  if (!head || !lanes) throw new Error('There is no timeline.')
  await page.mouse.move(middle.x, 2)
  const y = Math.round(head.y + head.height / 2)
  const line = await pixelLine(page, lanes.x, lanes.x + lanes.width, y)
  const [blank] = await pixelLine(page, lanes.x + 1, lanes.x + 2, Math.round(head.y + 2))
  expect(line.filter(colour => colour === blank).length).toBeLessThan(line.length * 0.05)
}

async function scrollTo(page: Page, tier: string): Promise<void> {
  const middle = await laneMiddle(page)
  await page.mouse.move(middle.x, middle.y)
  const head = page.getByRole('button', { name: tier, exact: true })
  for (let turn = 0; turn < 60 && !(await head.isVisible()); turn += 1) {
    await page.mouse.wheel(0, 60)
    await paintedNow(page)
  }
  await head.click()
}

/** The one with the most room behind it. */
function roomiest(items: readonly Listed[]): Listed {
  const room = (item: Listed) => (items[items.indexOf(item) + 1]?.startMs ?? 0) - item.endMs
  const item = items.slice(1, -1).toSorted((a, b) => room(b) - room(a))[0]
  if (!item) throw new Error('Nothing is in view.')
  return item
}

/** Drags an annotation later, and finds it by what is chosen then. */
async function drag(page: Page, tier: string, item: Listed, byMs: number): Promise<Listed> {
  const scale = await timeScale(page, FRAME_MS)
  const head = await page.getByRole('button', { name: tier, exact: true }).boundingBox()
  const y = (head?.y ?? 0) + (head?.height ?? 0) / 2
  const from = scale.xOf((item.startMs + item.endMs) / 2)
  const byPx = scale.xOf(item.startMs + byMs) - scale.xOf(item.startMs)
  await page.mouse.move(from, y)
  await page.mouse.down()
  await page.mouse.move(from + byPx / 2, y)
  await page.mouse.move(from + byPx, y)
  await page.mouse.up()
  await expect.poll(async () => (await listed(page)).some(each => each.startMs === item.startMs)).toBe(false)
  const chosen = await options(page).and(page.locator('[aria-selected=true]')).textContent()
  const moved = (await expectDrawn(page, tier)).find(each =>
    chosen?.includes((each.startMs / 1000).toFixed(2)),
  )
  if (!moved) throw new Error(`${chosen} is not in view.`)
  return moved
}

test('100,000 annotations on 100 tiers: zoom, pan and scroll show what is there, and one that is dragged moves', async ({
  page,
  dataDir,
}) => {
  const corpus = makeCorpus(dataDir)
  const before = storedRows(corpus)
  expect(before).toHaveLength(TIERS * PER_TIER)
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  await page.goto(workstation.url)
  await page.keyboard.press('Alt+0')
  await page.getByRole('radio', { name: 'Annotation' }).click()
  await page.getByRole('button', { name: 'Tier 1', exact: true }).click()

  await test.step('the whole recording is a picture of how full it is', () => expectFull(page, 'Tier 1'))

  await test.step('each turn of the wheel draws another picture, down to single annotations', async () => {
    const middle = await laneMiddle(page)
    await page.mouse.move(middle.x, middle.y)
    await page.keyboard.down('Control')
    const pictures = await picturesOf(page, 18, () => page.mouse.wheel(0, -100))
    await page.keyboard.up('Control')
    expect(pictures).toBe(18)
    await expectDrawn(page, 'Tier 1')
  })

  await test.step('so does each pan, and the list goes along', async () => {
    const first = (await listed(page))[0]
    const middle = await laneMiddle(page)
    await page.mouse.move(middle.x, middle.y)
    expect(await picturesOf(page, 20, () => page.mouse.wheel(160, 0))).toBe(20)
    const items = await expectDrawn(page, 'Tier 1')
    expect(items[0]?.startMs).toBeGreaterThan(first?.endMs ?? Infinity)
  })

  const target =
    await test.step('scrolled to another tier, an annotation is found by its place', async () => {
      await scrollTo(page, 'Tier 60')
      return roomiest(await expectDrawn(page, 'Tier 60'))
    })

  await test.step('it is dragged, seen where it was dropped, and nothing else changed', async () => {
    const moved = await drag(page, 'Tier 60', target, 6 * FRAME_MS)
    expect(Math.abs(moved.startMs - target.startMs - 6 * FRAME_MS)).toBeLessThanOrEqual(2 * FRAME_MS)
    const [change, ...others] = changes(before, storedRows(corpus))
    expect(others).toEqual([])
    const [id, tier, startMs = 0, endMs = 0, value] = change?.was ?? []
    const [idNow, tierNow, startNow = 0, endNow = 0, valueNow] = change?.is ?? []
    expect([idNow, tierNow, valueNow, endNow - startNow]).toEqual([id, tier, target.value, endMs - startMs])
    expect(value).toBe(target.value)
    expect(Math.abs(startMs - target.startMs)).toBeLessThan(10)
    expect(Math.abs(startNow - moved.startMs)).toBeLessThan(10)
  })

  await test.step('undo takes it back', async () => {
    await page.keyboard.press('Control+z')
    await expect.poll(() => changes(before, storedRows(corpus))).toEqual([])
  })
  await workstation.stop()
})

test('a large EAF comes in through the import screen, and all of it is there', async ({ page, dataDir }) => {
  const annotations = 60_000
  const file = join(dataDir, 'many.eaf')
  writeFileSync(file, largeEaf(annotations))
  const corpus = join(dataDir, 'Files.signwright')
  signwright(dataDir, 'create', corpus, '--name', 'Files')
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  await page.goto(workstation.url)
  await expect(page.getByText('saved')).toBeVisible()
  await page.goto(new URL('/import?what=annotations', workstation.url).href)
  await page.getByLabel('File or folder').fill(file)
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  await expect(page.getByText('60,000 annotations on 40 tiers')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('No defects were found')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Import one file' }).click()
  await page.getByRole('button', { name: 'Annotate many' }).click({ timeout: 120_000 })

  await expect(page.getByRole('button', { name: 'Gloss S0', exact: true })).toBeVisible({ timeout: 60_000 })
  // Without a video, the timeline reaches to the last annotation: 2,000 glosses on a tier, each 0.4 s after the other.
  await expect(page.getByText('13:19 · 40 tiers · 60,000 annotations')).toBeVisible()
  await page.getByRole('radio', { name: 'Gloss grid' }).click()
  await page.getByRole('button', { name: 'All annotations' }).click()
  await expect(page.getByText('60,000 annotations, 0 marked')).toBeVisible({ timeout: 60_000 })
  expect(storedRows(corpus)).toHaveLength(annotations)
  await workstation.stop()
})
