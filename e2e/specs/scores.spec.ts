import type { Locator, Page } from '@playwright/test'
import { makeRivalCorpus } from '../rival-runs.ts'
import { expect, startWorkstation, test as base } from '../workstation.ts'

const RUNS = ['careless', 'copy', 'tidy']

const test = base.extend<{ desk: { page: Page } }>({
  desk: async ({ page, dataDir }, use) => {
    const { corpus } = makeRivalCorpus(dataDir)
    const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
    await page.goto(workstation.url)
    await page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('link', { name: 'Compare', exact: true })
      .click()
    const chips = page.getByRole('group', { name: 'Runs to compare' })
    await chips.getByRole('button', { name: 'tidy' }).click()
    for (const name of RUNS)
      await expect(chips.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true')
    await use({ page })
    await workstation.stop()
  },
})

const scoreTable = (page: Page) => page.getByRole('region', { name: 'Corpus scores' })
const line = (page: Page, metric: string) =>
  scoreTable(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: metric, exact: true }) })
const points = (text: string) => Number(text.replace('−', '-').replace(/[+±]/, ''))
/** In hundredths, so that sums are exact. */
const hundredths = async (cell: Locator) => Math.round(points(await cell.innerText()) * 100)

test.setTimeout(300_000)

test('the recipe decides the numbers, is remembered with the corpus, and stands in what is copied', async ({
  desk: { page },
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const before = await line(page, 'BLEU').innerText()
  await page.getByLabel('Recipe').selectOption({ label: 'Hwang et al. 2025 (SpaMo)' })
  await expect(line(page, 'BLEU')).toContainText('recipe:spamo2025')
  await expect(line(page, 'BLEU')).toContainText('stop:append-reference')
  await expect(line(page, 'ROUGE-L')).toBeVisible()
  expect(await line(page, 'BLEU').innerText()).not.toBe(before)

  await page.reload()
  await expect(page.getByLabel('Recipe')).toHaveValue('spamo2025')
  for (const name of RUNS) await expect(scoreTable(page).getByRole('columnheader', { name })).toBeVisible()

  const row = line(page, 'BLEU')
  await row.getByRole('button', { name: 'Copy the score with both signatures' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(
    /^BLEU \d+\.\d\d \/ \d+\.\d\d \/ \d+\.\d\d nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:2\.6\.0 order:4\|\S*recipe:spamo2025\S*$/,
  )

  await page.keyboard.press('Control+z')
  await expect(page.getByLabel('Recipe')).toHaveValue('sacrebleu')
  await expect(line(page, 'BLEU')).toContainText('recipe:sacrebleu')
  expect(await line(page, 'BLEU').innerText()).toBe(before)
})

test('all pairs are tested with Holm’s correction, and the result is there again after a reload', async ({
  desk: { page },
}) => {
  await expect(page.getByText('Every pair is tested under every metric')).toBeVisible()
  await page.getByLabel('Seed').fill('7')
  await page.getByRole('button', { name: 'Test all pairs' }).click()
  const matrix = page.getByRole('region', { name: 'Differences of all pairs' })
  await expect(matrix).toBeVisible({ timeout: 120_000 })
  const rowOf = (name: string) =>
    matrix.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
  await expect(rowOf('tidy')).toContainText('identical score, no test')
  await expect(rowOf('copy')).toContainText('identical score, no test')
  await expect(rowOf('careless')).not.toContainText('identical score')

  await test.step('p is that of the pair times the number of tests', async () => {
    const told = (await rowOf('careless').locator('span[title]').first().getAttribute('title')) ?? ''
    const [corrected = 0, raw = 0] = [...told.matchAll(/0\.\d+|1\.000/g)].map(([number]) => Number(number))
    expect(raw).toBeGreaterThan(0)
    // Three pairs, one of them with nothing to test; both numbers are rounded.
    expect(Math.abs(corrected - Math.min(1, 2 * raw))).toBeLessThanOrEqual(0.002)
  })
  await expect(page.getByText('ar:10000|seed:7')).toBeVisible()

  const shown = await matrix.innerText()
  await page.reload()
  await expect(page.getByText('ar:10000|seed:7')).toBeVisible()
  await expect(page.getByLabel('Seed')).toHaveValue('7')
  expect(await matrix.innerText()).toBe(shown)
  await page.getByLabel('Recipe').selectOption({ label: 'Hwang et al. 2025 (SpaMo)' })
  await expect(matrix).toBeHidden()
  await page.getByLabel('Recipe').selectOption({ label: 'sacreBLEU' })
  await expect(matrix).toBeVisible()
})

test('the gap to a published number is split into steps that add up', async ({ desk: { page } }) => {
  await page.getByRole('tab', { name: 'Why do numbers differ?' }).click()
  const table = page.getByRole('region', { name: 'Why do numbers differ?' })
  await page.getByLabel('Run', { exact: true }).selectOption({ label: 'careless' })
  await page.getByLabel('Compared with').selectOption({ label: 'Hwang et al. 2025 (SpaMo)' })
  await expect(table.getByRole('row').filter({ hasText: 'case of the text' })).toBeVisible()
  await page.getByLabel('Published number').fill('24.32')
  await page.getByLabel('Published number').blur()
  const system = table.getByRole('row').filter({ hasText: 'another system or other data' })
  await expect(system).toContainText('24.32')

  const rows = await table.locator('tbody tr').all()
  const steps = await Promise.all(rows.slice(1, -1).map(row => hundredths(row.locator('td').first())))
  const [start, end] = [rows[0]!, rows.at(-1)!].map(row => row.locator('td').last())
  expect(steps.filter(step => step !== 0).length).toBeGreaterThan(1)
  const sum = steps.reduce((total, step) => total + step, 0)
  expect(sum).toBe(await hundredths(rows.at(-1)!.locator('td').first()))
  expect(sum).toBe((await hundredths(end!)) - (await hundredths(start!)))
})

test('a text check tells what a defect is worth, mends it before scoring, and opens its clip', async ({
  desk: { page },
}) => {
  await page.getByRole('tab', { name: 'Text checks' }).click()
  const found = page.getByRole('listitem').filter({
    has: page.getByRole('button', { name: 'Full stop on one side only' }),
  })
  await expect(found).toContainText('28')
  const worth = found.locator('.effect > span').filter({ hasText: 'careless' })
  const [, bleu = ''] = /careless ([+−±][\d.]+)/.exec(await worth.innerText()) ?? []
  expect(points(bleu)).toBeGreaterThan(0)

  const score = line(page, 'BLEU').locator('td').first()
  const before = await hundredths(score)
  await found.getByRole('button', { name: 'Mend before scoring' }).click()
  await expect(line(page, 'BLEU')).toContainText('stop:strip')
  expect((await hundredths(score)) - before).toBe(Math.round(points(bleu) * 100))
  const repairs = page.getByRole('group', { name: 'Repairs before scoring' })
  await expect(repairs).toContainText('Full stop on one side only')
  await expect(found).toContainText('mended before scoring')
  await page.keyboard.press('Control+z')
  await expect(repairs).toBeHidden()
  await expect(line(page, 'BLEU')).toContainText('stop:keep')
  expect(await hundredths(score)).toBe(before)

  await found.getByRole('button', { name: 'Full stop on one side only' }).click()
  const clip = found.getByRole('link').first()
  const name = await clip.innerText()
  await clip.click()
  await expect(page).toHaveURL(/review\/\d+/)
  await expect(page.getByText(name).first()).toBeVisible()
})
