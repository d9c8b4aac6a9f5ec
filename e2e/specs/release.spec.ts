import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signwright } from '../command-line.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

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

test('a report is previewed and saved, and a release with videos opens again as a corpus', async ({
  page,
  dataDir,
}) => {
  test.setTimeout(300_000)
  const corpus = join(dataDir, 'Weather.signwright')
  const outputs = join(dataDir, 'outputs.txt')
  const table = readFileSync(new URL('../../resources/demo/references.csv', import.meta.url), 'utf8')
  const rows = table.split('\n').filter(line => line.startsWith('test-'))
  const cells = rows.map(line => line.split(','))
  const run = (name: string, change: (text: string) => string) => {
    writeFileSync(outputs, cells.map(([clip, , , , text = '']) => `${clip}|${change(text)}`).join('\n'))
    const imported = ['--corpus', corpus, '--format', 'predictions', '--run', name]
    expect(signwright(dataDir, 'import', outputs, ...imported).status).toBe(0)
  }
  expect(signwright(dataDir, 'demo', corpus).status).toBe(0)
  run('Good system', text => text.replace('morgen', 'heute'))
  run('Weak system', text => text.split(' ').slice(2).join(' '))
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  const release = join(dataDir, 'with-videos')
  try {
    await test.step('the report stands beside its form, and follows it', async () => {
      await page.goto(workstation.url)
      await page.goto(new URL('/export', workstation.url).href)
      await page.getByRole('button', { name: 'Report…' }).click()
      const sheet = page.frameLocator('iframe')
      await expect(sheet.getByRole('table', { name: /^sacreBLEU: corpus scores/ })).toContainText(
        'Weak system',
      )
      await expect(sheet.getByRole('table', { name: 'Differences to Good system' })).toContainText('TER')
      await expect(sheet.locator('svg')).toHaveCount(3)
      await page.getByRole('checkbox', { name: 'Weak system' }).uncheck()
      await expect(sheet.getByRole('table', { name: /Differences/ })).toHaveCount(0)
    })
    await test.step('it is saved by the ending of the file, and a PDF is the browser’s work', async () => {
      await expect(page.getByText('Save as PDF')).toBeVisible()
      await page.getByLabel('File to save').fill(join(dataDir, 'report.pdf'))
      await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
      await page.getByLabel('File to save').fill(join(dataDir, 'report.html'))
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await expect(page.getByRole('status').filter({ hasText: 'The report is in' })).toBeVisible()
      expect(readFileSync(join(dataDir, 'report.html'), 'utf8')).toContain('Good system')
    })
    await test.step('the release takes videos and annotation files along', async () => {
      await page.goto(new URL('/export', workstation.url).href)
      await page.getByLabel('Folder to write into').fill(release)
      await page.getByRole('checkbox', { name: /The clips as videos/ }).check()
      await page.getByRole('checkbox', { name: /ELAN/ }).check()
      await expect(page.getByRole('list', { name: 'Files' })).toContainText('videos/test/*.mp4')
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      await expect(page.getByText('The release is in')).toBeVisible({ timeout: 120_000 })
      expect(readdirSync(join(release, 'videos', 'test')).filter(name => name.endsWith('.mp4'))).toHaveLength(
        rows.length,
      )
    })
  } finally {
    await workstation.stop()
  }
  const fresh = join(dataDir, 'Fresh.signwright')
  expect(signwright(dataDir, 'create', fresh, '--name', 'Fresh').status).toBe(0)
  const again = await startWorkstation(dataDir, ['--corpus', fresh])
  try {
    await page.goto(again.url)
    await page.goto(new URL('/import', again.url).href)
    await page.getByLabel('Folder, table or video').fill(release)
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await expect(page.getByText('Good system')).toBeVisible()
    await expect(page.getByText('28 of 28 clips have their video in the release')).toBeVisible()
    await page.getByRole('button', { name: /^Import 28 clips/ }).click()
    await expect(page.getByRole('contentinfo').filter({ hasText: '28 clips' })).toBeVisible({
      timeout: 120_000,
    })
    await test.step('a clip plays from its own file, and no video is asked for', async () => {
      await page.goto(new URL('/review', again.url).href)
      const video = page.locator('video').first()
      await expect(video).toHaveJSProperty('readyState', 4)
      await page.keyboard.press('Space')
      await expect
        .poll(() => video.evaluate(each => (each as HTMLVideoElement).currentTime))
        .toBeGreaterThan(0.3)
    })
  } finally {
    await again.stop()
  }
})
