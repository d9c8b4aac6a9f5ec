import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../workstation.ts'

async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
}

/** Names and references of ten test clips of the demo; none of its cells is quoted. */
function testClips(): { name: string; reference: string }[] {
  const table = readFileSync(new URL('../../resources/demo/references.csv', import.meta.url), 'utf8')
  return table
    .split('\n')
    .filter(line => line.startsWith('test-'))
    .slice(0, 10)
    .map(line => line.split(','))
    .map(([name = '', , , , reference = '']) => ({ name, reference }))
}

test.setTimeout(240_000)

test('a shifted file of predictions shows before it is imported, and its mended copy becomes a run', async ({
  page,
  workstation,
  dataDir,
}) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByRole('contentinfo').filter({ hasText: '28 clips' })).toBeVisible({
    timeout: 120_000,
  })
  const clips = testClips()

  // Each output beside the reference of the clip before it, as after a lost line.
  const shifted = join(dataDir, 'shifted.txt')
  const outputs = clips.map(({ reference }) => reference.split(' ').slice(1).join(' '))
  const line = (at: number, from: number) => `${clips[at]?.name}|${outputs[from]}|${clips[from]?.reference}`
  writeFileSync(shifted, clips.map((_, at) => line(at, (at + 1) % clips.length)).join('\n'))
  const mended = join(dataDir, 'mended.txt')
  writeFileSync(mended, [...clips.map((_, at) => line(at, at)), 'other-9|nichts|nichts'].join('\r\n'))

  await goTo(page, 'Import')
  await page.getByRole('button', { name: 'Predictions' }).click()
  await page.getByLabel('File with outputs').fill(shifted)
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  await expect(page.getByText('10 different')).toBeVisible()
  await expect(page.getByRole('region', { name: 'References that differ' })).toContainText(
    clips[0]?.name ?? '',
  )

  await expect(page.getByText(/the lines are in another order/)).toBeVisible()

  const foreign = join(dataDir, 'foreign.txt')
  writeFileSync(foreign, clips.map((_, at) => `talk-${at}|output ${at}`).join('\n'))
  await page.getByLabel('File with outputs').fill(foreign)
  await page.getByRole('button', { name: 'Preview again' }).click()
  await expect(page.getByText(/None of the 10 rows belongs to a clip/)).toBeVisible()
  await expect(page.getByText('10 left out')).toBeVisible()

  await page.getByLabel('Name of the run').fill('Peer system')
  await page.getByLabel('File with outputs').fill(mended)
  await page.getByRole('button', { name: 'Preview again' }).click()
  await expect(page.getByText('0 different')).toBeVisible()
  await expect(page.getByText('10 imported')).toBeVisible()
  await expect(page.getByText('1 left out')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Rows of the file' })).toContainText(
    'The corpus has no clip other-9.',
  )
  await page.getByRole('button', { name: 'Import 10 outputs' }).click()
  await page.getByRole('button', { name: 'Compare the run' }).click()
  await expect(page.getByRole('button', { name: 'Peer system' }).first()).toBeVisible()
  await expect(page.getByRole('region', { name: 'Corpus scores' })).toContainText('Peer system')
})
