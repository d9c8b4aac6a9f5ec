import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { faults } from '../axe.ts'
import { goTo, openWithRuns } from '../rated-runs.ts'
import { expect, test } from '../workstation.ts'

test.setTimeout(300_000)

/** By WCAG 2.2 AA, in both themes. */
async function expectNoFault(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    expect(await faults(page, `${where}, ${colorScheme}`)).toEqual([])
  }
}

test('a campaign is started, judged blind by keyboard alone, taken up again after a reload, and read', async ({
  page,
  workstation,
  dataDir,
}) => {
  const half = (text: string) => text.split(' ').slice(0, 2).join(' ')
  await openWithRuns(page, workstation.url, dataDir, { Whole: text => text, Half: half })
  await goTo(page, 'Rating')
  await page.getByRole('button', { name: 'New campaign…' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Pilot')
  await dialog.getByLabel('Protocol').selectOption('esa')
  await dialog.getByLabel('Repeats in percent').fill('0')
  await dialog.getByLabel('Attention checks in percent').fill('0')
  await expect(dialog.getByRole('status')).toContainText('12 screens of 6 clips')
  await expectNoFault(page, 'new campaign')
  await dialog.getByRole('button', { name: 'Start campaign' }).click()

  const place = page.getByRole('status').filter({ hasText: / of 12$/ })
  await expect(place).toHaveText('1 of 12')
  const desk = page.getByRole('region', { name: 'Outputs to judge' })
  await expect(desk).not.toContainText(/Whole|Half/)
  await expect
    .poll(() => page.locator('video').evaluate(video => (video as HTMLVideoElement).currentTime))
    .toBeGreaterThan(0.3)
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('x')
  await expect(desk.getByText('major', { exact: true }).first()).toBeVisible()
  await page.keyboard.press('c')
  await page.keyboard.type('not on the hand')
  await page.keyboard.press('Enter')
  await expect(desk.getByText('not on the hand')).toBeVisible()
  await page.keyboard.type('75')
  await expect(desk.getByRole('slider')).toHaveValue('75')
  await expectNoFault(page, 'judging')

  await page.reload()
  await expect(place).toHaveText('1 of 12')
  await expect(desk.getByRole('slider')).toHaveValue('75')
  await expect(desk.getByText('not on the hand')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(place).toHaveText('2 of 12')
  await page.keyboard.press('Control+z')
  await expect(place).toHaveText('1 of 12')
  await page.keyboard.press('Enter')
  await expect(place).toHaveText('2 of 12')
  for (let at = 2; at <= 12; at++) {
    await page.keyboard.type('5')
    await page.keyboard.press('Enter')
    if (at < 12) await expect(place).toHaveText(`${at + 1} of 12`)
  }
  await expect(page.getByText('You have judged everything')).toBeVisible()

  await page.getByRole('button', { name: 'See the results' }).click()
  const systems = page.getByRole('region', { name: 'Systems as people see them' })
  await expect(systems).toContainText('Whole')
  await expect(systems).toContainText('Half')
  await systems.getByRole('button').first().click()
  await expect(page.getByRole('grid', { name: 'Segments behind the number' })).toBeVisible()
  await page.getByRole('button', { name: 'Measure', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Scores of systems beside people' })).toBeVisible()
  await expectNoFault(page, 'results')
  await page.getByRole('grid', { name: 'Segments behind the number' }).focus()
  await page.keyboard.press('Escape')

  const file = join(dataDir, 'scores.csv')
  await page.getByRole('button', { name: 'Write as a file…' }).click()
  await expect(dialog.getByText('Appraise’s scores').or(dialog.getByText("Appraise's scores"))).toBeVisible()
  await dialog.getByLabel('File', { exact: true }).fill(file)
  await dialog.getByRole('button', { name: 'Write', exact: true }).click()
  await expect(page.getByText('Written:')).toBeVisible()
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(12)
})
