import { join } from 'node:path'
import type { Page } from '@playwright/test'
import Database from 'better-sqlite3'
import { makeLongCorpus, type Sentence } from '../long-recording.ts'
import { expect, startWorkstation, test as base } from '../workstation.ts'

const MINUTES = 0.25

/** The recording's own clip becomes its first sentence, and the others get clips of their own. */
function cutIntoClips(corpus: string, sentences: readonly Sentence[]): void {
  const db = new Database(join(corpus, 'corpus.sqlite'))
  const [first, ...others] = sentences
  db.prepare('UPDATE clip SET end_ms = ?').run(first?.endMs)
  const clip = db.prepare(
    `INSERT INTO clip (name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame)
     SELECT name || ?, recording_id, media_id, ?, ?, ?, ? FROM clip WHERE id = 1`,
  )
  for (const [at, { startMs, endMs }] of others.entries())
    clip.run(`-${at + 2}`, startMs, endMs, startMs / 40, endMs / 40 - 1)
  db.close()
}

const test = base.extend<{ desk: { page: Page; sentences: Sentence[] } }>({
  desk: async ({ page, dataDir }, use) => {
    const { corpus, sentences } = makeLongCorpus(dataDir, MINUTES, true)
    cutIntoClips(corpus, sentences)
    const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
    await page.goto(workstation.url)
    await page.keyboard.press('Alt+0')
    await expect(page.getByRole('button', { name: 'Play' })).toBeEnabled()
    await page.getByRole('radio', { name: 'Annotation' }).click()
    await page.getByRole('button', { name: 'Gloss L', exact: true }).click()
    await expect(listed(page).first()).toBeAttached()
    await use({ page, sentences })
    await workstation.stop()
  },
})

const listed = (page: Page) =>
  page.getByRole('listbox', { name: 'Annotations of the active tier' }).getByRole('option')
const chosen = (page: Page) => listed(page).and(page.locator('[aria-selected=true]'))

/** Where a time stands on a row of the timeline, which shows the whole recording. */
async function placeOf(page: Page, row: string, timeMs: number, durationMs: number) {
  const head = await page.locator('.timeline .head').filter({ hasText: row }).boundingBox()
  const lanes = await page.locator('.timeline .lanes').boundingBox()
  if (!head || !lanes) throw new Error(`There is no row ${row}.`)
  return { x: lanes.x + (timeMs / durationMs) * lanes.width, y: head.y + head.height / 2 }
}

/** The glosses of the left hand, which the corpus gives to every other sign. */
function glossesOf(sentences: readonly Sentence[]) {
  const glosses = sentences.flatMap(({ signs }) => signs.filter((_, at) => at % 2 === 0))
  const durationMs = sentences.at(-1)?.endMs ?? 0
  return { glosses, durationMs }
}

const spanOf = (text: string): [number, number] => {
  const [, from, to] = /, ([\d.]+) to ([\d.]+) seconds$/.exec(text) ?? []
  return [Number(from), Number(to)]
}

async function chooseTwo(page: Page, sentences: readonly Sentence[]) {
  const { glosses, durationMs } = glossesOf(sentences)
  const places = []
  for (const gloss of glosses.slice(0, 2))
    places.push(await placeOf(page, 'Gloss L', (gloss.startMs + gloss.endMs) / 2, durationMs))
  const [first, second] = places
  if (!first || !second) throw new Error('There are too few glosses.')
  await page.mouse.click(first.x, first.y)
  await page.keyboard.down('Control')
  await page.mouse.click(second.x, second.y)
  await page.keyboard.up('Control')
  await expect(chosen(page)).toHaveCount(2)
  return { first, second }
}

test('two chosen annotations move together, and one undo brings both back', async ({
  desk: { page, sentences },
}) => {
  const { first } = await chooseTwo(page, sentences)
  const before = (await chosen(page).allTextContents()).map(spanOf)

  await page.mouse.move(first.x, first.y)
  await page.mouse.down()
  await page.mouse.move(first.x + 5, first.y)
  await page.mouse.move(first.x + 9, first.y)
  await page.mouse.up()

  await expect.poll(async () => (await chosen(page).allTextContents()).map(spanOf)).not.toEqual(before)
  const after = (await chosen(page).allTextContents()).map(spanOf)
  const moves = after.flatMap((span, at) => span.map((time, edge) => time - (before[at]?.[edge] ?? 0)))
  for (const move of moves) expect(move).toBeCloseTo(moves[0] ?? 0, 5)
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await chosen(page).allTextContents()).map(spanOf)).toEqual(before)
})

test('a pull past a neighbour says why it stops', async ({ desk: { page, sentences } }) => {
  const { glosses, durationMs } = glossesOf(sentences)
  const [gloss] = glosses
  if (!gloss) throw new Error('There is no gloss.')
  const { x, y } = await placeOf(page, 'Gloss L', (gloss.startMs + gloss.endMs) / 2, durationMs)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 200, y)
  await page.mouse.move(x + 400, y)
  await expect(page.getByText('There is no more room')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.mouse.up()
})

test('the context menu clears two texts as one step, and replaces after a preview', async ({
  desk: { page, sentences },
}) => {
  const { second } = await chooseTwo(page, sentences)
  const before = await listed(page).allTextContents()

  await page.mouse.click(second.x, second.y, { button: 'right' })
  await page.getByRole('menuitem', { name: 'Remove the text only' }).click()
  await expect(chosen(page)).toHaveText([/^empty, /, /^empty, /])
  await page.keyboard.press('Control+z')
  await expect(listed(page)).toHaveText(before)

  await page.mouse.click(second.x, second.y, { button: 'right' })
  await page.getByRole('menuitem', { name: 'Find and replace…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Find').fill('^')
  await dialog.getByLabel('Replace with').fill('L-')
  await dialog.getByLabel('Regular expression').check()
  await expect(dialog.getByText('0 new, 2 changed, 0 removed. One step of undo.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog).toBeHidden()
  await expect(chosen(page)).toHaveText([/^L-/, /^L-/])
  await page.keyboard.press('Control+z')
  await expect(listed(page)).toHaveText(before)
})

test('a click on another sentence goes there; folded tiers stay folded in a new window', async ({
  desk: { page, sentences },
}) => {
  const { durationMs } = glossesOf(sentences)
  const second = sentences[1]
  if (!second) throw new Error('There is one sentence only.')
  const { x, y } = await placeOf(page, 'Translation', (second.startMs + second.endMs) / 2, durationMs)
  await page.mouse.click(x, y)
  await expect(page.locator('output[data-frame]')).toHaveAttribute(
    'data-frame',
    String(Math.round(second.startMs / 40)),
  )

  const mouthing = page.getByRole('button', { name: 'Mouthing', exact: true })
  await page.getByRole('button', { name: 'Fold the tiers below Gloss R' }).click()
  await expect(mouthing).toBeHidden()
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await expect(page.getByRole('button', { name: 'Unfold the tiers below Gloss R' })).toBeVisible()
  await expect(mouthing).toBeHidden()
  await page.getByRole('button', { name: 'Unfold the tiers below Gloss R' }).click()
  await expect(mouthing).toBeVisible()
})
