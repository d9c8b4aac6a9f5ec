import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../workstation.ts'

async function openScreen(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByText('28 clips').first()).toBeVisible({ timeout: 120_000 })
  await page.keyboard.press('Alt+g')
  await expect(page).toHaveURL(/pseudo-glosses/)
}

const figure = (page: Page, name: string) => page.locator('.figure', { hasText: name }).locator('b')

test('sentences are tagged, a word is dropped by key and taken back, the vocabulary follows', async ({
  page,
  workstation,
}) => {
  await openScreen(page, workstation.url)
  await expect(page.getByText('28 sentences are not tagged.')).toBeVisible()
  await page.getByRole('button', { name: 'Tag now' }).click()
  await expect(figure(page, 'Sentences')).toHaveText('28')

  const list = page.getByRole('grid', { name: 'Sentences' })
  await page.getByRole('searchbox', { name: 'Search sentences and clips' }).fill('test-0001')
  await expect(page.getByRole('status').filter({ hasText: 'one sentence' })).toBeVisible()
  await expect(list.getByText('am mittwoch fällt an der küste regen .')).toBeVisible()
  await list.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const words = page.getByRole('region', { name: /Words of/ }).getByRole('button', { pressed: true })
  await expect(words).toHaveCount(4)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await expect(words).toHaveCount(3)
  await expect(figure(page, 'Corrections')).toHaveText('1')
  await page.keyboard.press('Control+z')
  await expect(words).toHaveCount(4)

  await page.getByRole('tab', { name: 'Vocabulary' }).click()
  await page.getByRole('searchbox', { name: 'Search the vocabulary' }).fill('küste')
  const vocabulary = page.getByRole('grid', { name: 'Vocabulary' })
  await expect(vocabulary.getByText('küste')).toBeVisible()
  await vocabulary.getByText('küste').dblclick()
  await expect(page.getByRole('button', { name: /with “küste”/ })).toBeVisible()
})

test('a rule shows its effect before it is used, and is undone', async ({ page, workstation }) => {
  await openScreen(page, workstation.url)
  await page.getByRole('button', { name: 'Tag now' }).click()
  await expect(figure(page, 'Sentences')).toHaveText('28')
  const before = await figure(page, 'Vocabulary').innerText()

  await page.getByRole('checkbox', { name: /^VERB/ }).uncheck()
  await expect(figure(page, 'Vocabulary')).not.toHaveText(before)
  const after = await figure(page, 'Vocabulary').innerText()
  await page.getByRole('button', { name: 'Use this rule' }).click()
  await expect(page.getByRole('button', { name: 'Use this rule' })).toBeDisabled()
  await expect(figure(page, 'Vocabulary')).toHaveText(after)
  await page.locator('#content').focus()
  await page.keyboard.press('Control+z')
  await expect(figure(page, 'Vocabulary')).toHaveText(before)
})

test('typed sentences of three languages give pseudo-glosses; what is exported is on the disk', async ({
  page,
  workstation,
}) => {
  await openScreen(page, workstation.url)
  await page.getByRole('button', { name: 'Tag now' }).click()
  await expect(figure(page, 'Sentences')).toHaveText('28')
  await page.getByRole('tab', { name: 'Type a sentence' }).click()
  const panel = page.getByRole('tabpanel')
  const typed = panel.getByRole('textbox', { name: 'Sentence' })
  await typed.fill('am mittwoch fällt an der küste regen .')
  await expect(panel.getByText('mittwoch fallen küste regen')).toBeVisible()
  await panel.getByRole('combobox', { name: 'Language' }).selectOption('en')
  await typed.fill('Now tighten the two screws.')
  await expect(panel.getByText('now tighten two screw')).toBeVisible()
  await panel.getByRole('combobox', { name: 'Language' }).selectOption('zh')
  await typed.fill('我喜欢吃苹果。')
  await expect(panel.getByText('我 喜欢 吃 苹果')).toBeVisible()

  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog')
  const file = join(workstation.dataDir, 'glosses.json')
  await dialog.getByRole('combobox', { name: 'Format' }).selectOption('json')
  await dialog.getByRole('textbox', { name: 'File' }).fill(file)
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByText('Pseudo-glosses of 28 sentences written')).toBeVisible()
  expect(existsSync(file)).toBe(true)
  const written = JSON.parse(readFileSync(file, 'utf8')) as { sentences: { glosses: string[] }[] }
  expect(written.sentences).toHaveLength(28)
})
