import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { signwrightJson } from '../command-line.ts'
import { expect, test } from '../workstation.ts'

async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
}

/** Names and references of the test clips of the demo; none of its cells is quoted. */
function testClips(): { name: string; words: string[] }[] {
  const table = readFileSync(new URL('../../resources/demo/references.csv', import.meta.url), 'utf8')
  return table
    .split('\n')
    .filter(line => line.startsWith('test-'))
    .map(line => line.split(','))
    .map(([name = '', , , , reference = '']) => ({ name, words: reference.split(' ') }))
}

/**
 * The demo corpus with the outputs of two systems: `short` loses the first two words of every sentence, `full` nothing,
 * but says one word for every third sentence and leaves out the last one.
 */
function makeCorpus(dataDir: string): void {
  const { dir } = signwrightJson<{ dir: string }>(dataDir, 'demo')
  const clips = testClips()
  const systems = {
    short: clips.map(({ words }) => words.slice(2)),
    full: clips.map(({ words }, at) => (at % 3 === 2 ? ['nichts'] : words)).slice(0, -1),
  }
  for (const [run, outputs] of Object.entries(systems)) {
    const file = join(dataDir, `${run}.txt`)
    writeFileSync(file, outputs.map((words, at) => `${clips[at]?.name}|${words.join(' ')}`).join('\n'))
    signwrightJson(dataDir, 'import', file, '--format', 'predictions', '--corpus', dir, '--run', run)
  }
}

async function openComparison(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByRole('contentinfo').filter({ hasText: '28 clips' })).toBeVisible({
    timeout: 120_000,
  })
  await goTo(page, 'Compare')
}

/** Shows a chart as its table, where marks are buttons. */
async function asTable(charts: Locator, title: RegExp): Promise<Locator> {
  const chart = charts.getByRole('figure').filter({ hasText: title })
  await chart.getByRole('button', { name: 'Show as a table' }).click()
  return chart
}

test.setTimeout(300_000)

test('two runs are compared from a bar to the segments behind it', async ({ page, workstation, dataDir }) => {
  makeCorpus(dataDir)
  await openComparison(page, workstation.url)
  await page.getByRole('tab', { name: 'Segments' }).click()
  const list = page.getByRole('region', { name: 'Segments with the outputs of each run' })
  const status = page.getByRole('status').filter({ hasText: 'segments' })
  await expect(status).toContainText('19 of 19 segments')
  await expect(status).toContainText('one left out')
  await expect(status).toContainText('13 better, 6 worse, 0 the same')

  const charts = page.getByRole('complementary', { name: 'Charts of the segments' })
  const lacks = charts.getByText('The split “train” holds no sentence')
  await test.step('say which split was trained on', async () => {
    await expect(lacks).toBeVisible()
    await charts.getByRole('button', { name: 'Cut-offs…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Words in the reference').fill('8 6')
    await expect(dialog.getByRole('alert')).toContainText('Ascending numbers')
    await expect(dialog.getByRole('button', { name: 'Use these' })).toBeDisabled()
    await dialog.getByLabel('Words in the reference').fill('8 9 10')
    await dialog.getByLabel('Split that was trained on').selectOption('dev')
    await dialog.getByRole('button', { name: 'Use these' }).click()
    await expect(lacks).toBeHidden()
  })

  await test.step('a bucket leads to its segments', async () => {
    const lengths = await asTable(charts, /BLEU by: Words in the reference/)
    const rows = lengths.getByRole('row').filter({ has: page.getByRole('button') })
    const counts = await rows.evaluateAll(found =>
      found.map(row => Number(row.querySelector('td')?.textContent)),
    )
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(19)
    const at = counts.findIndex(count => count > 0)
    const bucket = rows.nth(at).getByRole('button')
    await bucket.focus()
    await page.keyboard.press('Enter')
    await expect(bucket).toHaveAttribute('aria-pressed', 'true')
    await expect(status).toContainText(`${counts[at]} of 19 segments`)
    await expect(list.locator('li').first()).toHaveAttribute('aria-setsize', String(counts[at]))
    await page.getByRole('button', { name: /^Remove the filter Words in the reference/ }).click()
    await expect(status).toContainText('19 of 19 segments')
  })

  await test.step('a picture takes the mouse as well', async () => {
    await charts.getByRole('tab', { name: 'Scores' }).click()
    const picture = charts.getByRole('img', { name: /^Sentence BLEU of full/ })
    await picture.scrollIntoViewIfNeeded()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        const figure = charts.getByRole('figure').filter({ hasText: /^Sentence BLEU of full/ })
        await figure.getByRole('button', { name: 'Save the picture' }).click()
        await page.getByRole('menuitem', { name: 'SVG' }).click()
      })(),
    ])
    expect(readFileSync(await download.path(), 'utf8')).toContain('<svg')
  })

  await test.step('n-grams open the segments where the runs differ', async () => {
    await charts.getByRole('tab', { name: 'n-grams' }).click()
    const lost = charts.getByRole('region', { name: 'full gets right less often' })
    await expect(charts.getByRole('region', { name: 'full gets right more often' })).toContainText('am')
    const ngram = lost.getByRole('button').first()
    const text = (await ngram.textContent())?.trim() ?? ''
    await ngram.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: `Remove the filter n-gram “${text}”` })).toBeVisible()
    await expect(status).not.toContainText('19 of 19 segments')
    for (const reference of await list.locator('.reference').all())
      await expect(reference).toContainText(text)
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect(status).toContainText('19 of 19 segments')
  })

  await test.step('by keyboard to the video, its neighbours, and Review', async () => {
    await page.getByLabel('Differences against').selectOption({ label: 'short' })
    await page.getByLabel('Differences by').selectOption({ label: 'characters' })
    await list.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    await page.keyboard.press(' ')
    await expect(list.locator('video')).toHaveAttribute('src', /^\/media\//)
    await page.getByLabel('Text in names, references or outputs').fill('no such words')
    await expect(page.getByText('No segment passes all filters')).toBeVisible()
    await page.getByRole('button', { name: 'Show all' }).click()
    await list.focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/review\/\d+/)
  })
})

test('published results stand beside the runs, each with what keeps it apart', async ({
  page,
  workstation,
  dataDir,
}) => {
  makeCorpus(dataDir)
  await openComparison(page, workstation.url)
  await page.getByRole('tab', { name: 'Published' }).click()
  await expect(page.getByRole('region', { name: 'Your runs on this corpus' }).first()).toContainText('full')
  const spamo = page.getByRole('row').filter({ hasText: 'SpaMo' }).filter({ hasText: '24.32' }).first()
  await expect(spamo).toContainText('Other test set: 642 segments there, 28 here.')
  await expect(spamo).toContainText('Computed as in spamo2025')
  await page.getByRole('button', { name: 'How2Sign' }).click()
  await expect(page.getByText('https://aclanthology.org/2025.naacl-long.197/').first()).toBeVisible()
  await expect(page.getByText('PHOENIX-2014T, test')).toHaveCount(0)
  await page.getByRole('button', { name: 'CSL-Daily' }).click()
  const ablation = page.getByText('CSL-Daily, test · ablation: video encoders')
  await expect(ablation).toBeHidden()
  await page.getByLabel('Ablations too').check()
  await expect(ablation).toBeVisible()
})
