import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../workstation.ts'

test('a folder is opened by typing: the path has the focus, Enter shows it, Escape leaves at once', async ({
  page,
  workstation,
  dataDir,
}) => {
  const place = join(dataDir, 'Aufnahmen ü')
  mkdirSync(join(place, 'leer'), { recursive: true })
  await page.goto(workstation.url)
  const button = page.getByRole('button', { name: 'Open a folder…' }).first()
  await expect(button).toBeVisible({ timeout: 60_000 })

  await button.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Open a corpus' })
  const path = dialog.getByRole('textbox', { name: 'Path' })
  await expect(path).toBeFocused()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(place)
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'leer' }).press('Enter')
  await expect(dialog.getByText('This folder is empty.')).toBeVisible()
  await expect(dialog.getByRole('list')).toHaveCount(0)

  await path.focus()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(button).toBeFocused()
})
