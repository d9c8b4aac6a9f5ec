import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../workstation.ts'

test('clips of a signer who withdrew consent stay behind, and the release says how many', async ({
  page,
  workstation,
  dataDir,
}) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(
    page.getByRole('status').or(page.getByRole('contentinfo')).filter({ hasText: '28 clips' }).first(),
  ).toBeVisible({ timeout: 120_000 })
  const outDir = join(dataDir, 'release')

  await test.step('the consent of one signer is withdrawn', async () => {
    await page.goto(new URL('/rights', workstation.url).href)
    await page.getByRole('button', { name: 'Consent of Signer01' }).click()
    await page.getByLabel('Consent is withdrawn').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText(/withdrawn on/)).toBeVisible()
  })

  await test.step('the preview says what stays behind', async () => {
    await page.goto(new URL('/export', workstation.url).href)
    await page.getByLabel('Folder to write into').fill(outDir)
    await page.getByText('About the release').click()
    await page.getByLabel('Name', { exact: true }).fill('Weather release')
    const behind = page.getByRole('region', { name: 'What stays behind' })
    await expect(behind).toContainText('the signer withdrew consent')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await expect(page.getByText('The release is in')).toBeVisible()
  })

  const manifest = JSON.parse(readFileSync(join(outDir, 'manifest.json'), 'utf8')) as Record<string, unknown>
  expect(manifest['excluded']).toEqual({ 'consent-withdrawn': 4 })
  expect(manifest['corpus']).toMatchObject({ name: 'Weather release' })
  const clips = readFileSync(join(outDir, 'data', 'clips.jsonl'), 'utf8')
  expect(clips.trimEnd().split('\n')).toHaveLength(24)
  expect(clips).not.toContain('Signer0')

  await test.step('the form starts from the last release', async () => {
    await page.goto(new URL('/export', workstation.url).href)
    await expect(page.getByLabel('Folder to write into')).toHaveValue(outDir)
  })
})
