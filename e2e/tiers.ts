import { expect, type Page } from '@playwright/test'

export async function addTier(page: Page, name: string, parent?: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a tier' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  if (parent !== undefined) await dialog.getByLabel('Parent tier').selectOption({ label: parent })
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name, exact: true })).toBeVisible()
}

/** Opens a manager of the timeline by the palette, as somebody without a mouse would. */
export async function openByPalette(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(title)
  await page.keyboard.press('Enter')
}

export async function makeVocabulary(page: Page, name: string, entries: readonly string[]): Promise<void> {
  await openByPalette(page, 'Vocabularies')
  const dialog = page.getByRole('dialog', { name: 'Vocabularies' })
  await dialog.getByLabel('Name of a new vocabulary').fill(name)
  await dialog.getByRole('button', { name: 'Add vocabulary' }).click()
  for (const entry of entries) {
    await dialog.getByLabel('New entry', { exact: true }).fill(entry)
    await dialog.getByRole('button', { name: 'Add entry' }).click()
    await expect(dialog.getByLabel('New entry', { exact: true })).toHaveValue('')
  }
  await dialog.getByRole('button', { name: 'Close' }).first().click()
}

export async function giveVocabulary(page: Page, type: string, vocabulary: string): Promise<void> {
  await openByPalette(page, 'Tier types')
  const dialog = page.getByRole('dialog', { name: 'Tier types' })
  const row = dialog.getByRole('row').filter({ hasText: type })
  await row.getByLabel('Vocabulary').selectOption({ label: vocabulary })
  await expect(row.getByLabel('Vocabulary')).toHaveValue(/[1-9]/)
  await dialog.getByRole('button', { name: 'Close' }).first().click()
}
