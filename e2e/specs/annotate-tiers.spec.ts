import type { Page } from '@playwright/test'
import { addTier, giveVocabulary, makeVocabulary, openByPalette } from '../tiers.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const timeline = (page: Page) => page.getByRole('application', { name: 'Timeline' })
const listed = (page: Page) =>
  page.getByRole('listbox', { name: 'Annotations of the active tier' }).getByRole('option')

/** Takes back one edit after the other until the first of them is gone. */
async function undoTo(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  await timeline(page).focus()
  await expect(async () => {
    await page.keyboard.press('Control+z')
    await page.waitForTimeout(200)
    expect(await isThere()).toBe(true)
  }).toPass({ timeout: 60_000, intervals: [50] })
}

test('tiers, a vocabulary and annotations are made by keyboard, survive a restart, and are undone to the start', async ({
  page,
  workstation,
  dataDir,
}) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByText('28 clips').first()).toBeVisible({ timeout: 120_000 })
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Review' }).click()
  await expect(page.getByRole('button', { name: 'Gloss', exact: true })).toBeVisible()

  await addTier(page, 'Handshape', 'Gloss')
  await makeVocabulary(page, 'Handshapes', ['flat', 'fist', 'index'])
  await giveVocabulary(page, 'Symbolic association', 'Handshapes')

  await page.getByRole('button', { name: 'Gloss', exact: true }).click()
  await timeline(page).focus()
  await page.keyboard.press('ArrowRight')
  await expect(listed(page).and(page.locator('[aria-selected=true]'))).toHaveCount(1)
  const glosses = await listed(page).count()

  await test.step('one key makes the dependent annotation, one key its value', async () => {
    await page.keyboard.press('d')
    await expect(page.getByRole('combobox', { name: 'Text of the annotation' })).toBeVisible()
    await page.keyboard.press('2')
    await expect(listed(page)).toHaveText([/^fist, /])
  })

  await test.step('a split at the frame on screen', async () => {
    await timeline(page).focus()
    await page.keyboard.press('ArrowUp')
    await expect(page.getByRole('status', { name: 'Frame' })).toHaveAttribute('data-frame', /^\d+$/)
    await timeline(page).blur()
    for (let frame = 0; frame < 5; frame++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('x')
    await expect(listed(page)).toHaveCount(glosses + 1)
  })

  await workstation.stop()
  const again = await startWorkstation(dataDir, ['--demo'])
  try {
    await page.goto(again.url)
    await page.goto(new URL('/review', again.url).href)
    await page.getByRole('button', { name: 'Gloss', exact: true }).click()
    await expect(listed(page)).toHaveCount(glosses + 1)
    await page.getByRole('button', { name: 'Handshape', exact: true }).click()
    await expect(listed(page).first()).toHaveText(/^fist, /)
    const handshape = page.getByRole('button', { name: 'Handshape', exact: true })
    await undoTo(page, async () => (await handshape.count()) === 0)
    await expect(listed(page)).toHaveCount(glosses)
    await expect(page.getByRole('button', { name: 'Gloss', exact: true })).toBeVisible()
  } finally {
    await again.stop()
  }
})

test('texts without an entry are listed, become entries, and are renamed with them in one step', async ({
  page,
  workstation,
}) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByText('28 clips').first()).toBeVisible({ timeout: 120_000 })
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Gloss', exact: true }).click()
  const first = await listed(page).first().innerText()
  const gloss = first.split(',')[0] ?? ''

  await makeVocabulary(page, 'Signs', [])
  await openByPalette(page, 'Vocabularies')
  const dialog = page.getByRole('dialog', { name: 'Vocabularies' })
  const free = dialog.getByLabel('Other values are allowed, too')
  await free.click()
  await expect(free).toBeChecked()
  await page.keyboard.press('Escape')
  await giveVocabulary(page, 'No rule', 'Signs')

  await openByPalette(page, 'Vocabularies')
  const adopt = dialog.getByRole('button', { name: `Add “${gloss}” as an entry`, exact: true })
  await adopt.click()
  await expect(adopt).toBeHidden()
  const entry = dialog.getByRole('textbox', { name: 'Value', exact: true })
  await expect(entry).toHaveValue(gloss)
  await entry.fill('RENAMED')
  await entry.press('Enter')
  await expect(dialog.getByRole('button', { name: 'Add “RENAMED” as an entry' })).toBeHidden()
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await expect(listed(page).first()).toHaveText(/^RENAMED, /)
  await timeline(page).focus()
  await page.keyboard.press('Control+z')
  await expect(listed(page).first()).toHaveText(first)
})
