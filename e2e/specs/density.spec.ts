import { join } from 'node:path'
import { faults } from '../axe.ts'
import { signwright, signwrightJson } from '../command-line.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

interface Density {
  ratio: number
  glosses: { gloss: string; ratio: number }[]
}

/** Together they have several glosses twice. */
const CLIPS = 'test-0001,test-0002,test-0003,test-0004,test-0005,test-0006,test-0007,test-0009'

test.setTimeout(600_000)
test.use({ actionTimeout: 40_000 })

test('the density of features on screen is that of the command line, and a mark opens its sign', async ({
  page,
  dataDir,
}) => {
  const corpus = join(dataDir, 'Demo.signwright')
  expect(signwright(dataDir, 'demo', corpus).status).toBe(0)
  signwrightJson(dataDir, 'extract', '--corpus', corpus, '--model', 'demo-sign2gpt', '--clips', CLIPS)
  const wish = ['--model', 'demo-sign2gpt', '--features', 'zstar', '--tier', 'Gloss']
  const told = signwrightJson<Density>(dataDir, 'density', '--corpus', corpus, ...wish)
  expect(told.glosses.length).toBeGreaterThan(2)
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`

  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  try {
    await page.goto(workstation.url)
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Models' }).click()
    await page
      .getByRole('article', { name: /Sign2GPT/ })
      .getByRole('button', { name: 'Density…' })
      .click()
    await expect(page.getByLabel('Features', { exact: true })).toHaveValue('zstar')
    await page.getByLabel('Tier', { exact: true }).selectOption('Gloss')
    await page.getByRole('button', { name: 'Measure', exact: true }).click()
    const figures = page.getByRole('listitem').filter({ hasText: 'SDR' })
    await expect(figures).toContainText(percent(told.ratio), { timeout: 60_000 })
    const rows = page.getByRole('region', { name: 'Density of each gloss' }).locator('tbody tr')
    await expect(rows).toHaveCount(told.glosses.length)
    const [densest] = told.glosses
    await expect(rows.first()).toContainText(densest?.gloss ?? '')
    await expect(rows.first()).toContainText(percent(densest?.ratio ?? NaN))

    expect(await faults(page, 'Density')).toEqual([])

    const plane = page.getByRole('figure').filter({ hasText: 'principal components' })
    await plane.getByRole('button', { name: 'Show as a table' }).click()
    await expect(plane.getByRole('row').nth(1)).toContainText(/test-000\d/)
    await plane.getByRole('button', { name: 'Show as a picture' }).click()
    const mark = rows.first().getByRole('button')
    const wasMarked = await mark.getAttribute('aria-pressed')
    await mark.click()
    await expect(mark).toHaveAttribute('aria-pressed', wasMarked === 'true' ? 'false' : 'true')

    await page.getByLabel('Least instances').fill('900')
    await page.getByRole('button', { name: 'Measure', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText('No gloss has 900 instances')
  } finally {
    await workstation.stop()
  }
})
