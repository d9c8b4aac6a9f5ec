import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'

/** Names and references of the first test clips of the demo; none of its cells is quoted. */
export function testClips(count: number): { name: string; reference: string }[] {
  const table = readFileSync(new URL('../resources/demo/references.csv', import.meta.url), 'utf8')
  return table
    .split('\n')
    .filter(line => line.startsWith('test-'))
    .slice(0, count)
    .map(line => line.split(','))
    .map(([name = '', , , , reference = '']) => ({ name, reference }))
}

export async function goTo(page: Page, screen: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: screen, exact: true })
    .click()
}

/** Opens the demo corpus and imports a run whose outputs are what `outputOf` makes of the references. */
export async function openWithRuns(
  page: Page,
  url: string,
  dataDir: string,
  runs: Readonly<Record<string, (reference: string) => string>>,
  count = 6,
): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByRole('contentinfo').filter({ hasText: '28 clips' })).toBeVisible({
    timeout: 120_000,
  })
  for (const [run, outputOf] of Object.entries(runs)) {
    const file = join(dataDir, `${run}.txt`)
    writeFileSync(
      file,
      testClips(count)
        .map(({ name, reference }) => `${name}|${outputOf(reference)}`)
        .join('\n'),
    )
    await goTo(page, 'Import')
    await page.getByRole('button', { name: 'Predictions' }).click()
    await page.getByLabel('Name of the run').fill(run)
    await page.getByLabel('File with outputs').fill(file)
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await page.getByRole('button', { name: `Import ${count} outputs` }).click()
    await expect(page.getByRole('button', { name: 'Compare the run' })).toBeVisible()
  }
}
