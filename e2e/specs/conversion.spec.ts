import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeSeededSources } from '#main/engine/testing/source-formats.ts'
import { expect, test } from '../workstation.ts'

test.setTimeout(180_000)

test('published weights become a model on the Models screen, sound and listed', async ({
  page,
  workstation,
  dataDir,
}) => {
  const weights = join(dataDir, 'weights')
  mkdirSync(weights)
  writeSeededSources(weights, 'PyTorch in shards')

  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByText('28 clips').first()).toBeVisible({ timeout: 120_000 })
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Models' }).click()
  await page.getByRole('button', { name: 'Convert weights…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Convert weights' })
  const convert = dialog.getByRole('button', { name: 'Convert', exact: true })

  const choose = async (path: string) => {
    await dialog.getByRole('button', { name: 'Add a folder or file…' }).click()
    const folders = page.getByRole('dialog', { name: 'Choose a folder of weights, or a checkpoint' })
    await folders.getByLabel('Path').fill(path)
    await folders.getByRole('button', { name: 'Go', exact: true }).click()
    await expect(folders.getByLabel(/^Contents of/)).toBeVisible()
    await folders.getByRole('button', { name: 'Choose this folder' }).click()
  }

  await test.step('one part is told as one, with the remedy for the others', async () => {
    await choose(join(weights, 'clip'))
    const parts = dialog.getByRole('list', { name: 'Parts of the model' })
    await expect(parts).toContainText('PyTorch, 2 shards')
    await expect(parts.getByRole('link', { name: /MCG-NJU\/videomae-large/ })).toBeVisible()
    await expect(convert).toBeDisabled()
    await dialog.getByRole('button', { name: /^Leave out/ }).click()
  })

  await test.step('licences come before anything runs', async () => {
    await choose(weights)
    await expect(dialog.getByText(/The bundle takes/)).toBeVisible()
    await expect(convert).toBeDisabled()
    for (const licence of ['MIT', 'CC-BY-NC-4.0', 'Apache-2.0', 'none stated'])
      await dialog.getByRole('checkbox', { name: new RegExp(`^${licence}`) }).check()
    await dialog.getByLabel('Name').fill('Seeded SpaMo')
    await convert.click()
  })

  const job = page.getByRole('article', { name: /^Convert Seeded SpaMo/ })
  await expect(job).toContainText('done', { timeout: 120_000 })

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Models' }).click()
  const card = page.getByRole('article', { name: 'Seeded SpaMo' })
  await expect(card).toContainText('CC-BY-NC-4.0')
  await card.getByRole('button', { name: 'Verify files' }).click()
  await expect(card.getByText('Every file is as the manifest says.')).toBeVisible()
})
