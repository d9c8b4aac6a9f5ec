import { cpSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import Database from 'better-sqlite3'
import type { CorpusChange } from '#shared/contract/corpus.ts'
import type { AnnotationId } from '#shared/contract/ids.ts'
import { createAnnotationService } from '#main/core/annotation/annotation.service.ts'
import { takeBackup } from '#main/core/corpus/backup.ts'
import { createEditing } from '#main/core/edit/edit.service.ts'
import { createEmitter } from '#main/core/emitter.ts'
import { openDatabase } from '#main/db/open.ts'
import { makeLongCorpus } from '../long-recording.ts'
import { expect, startWorkstation, test as base } from '../workstation.ts'

const MINUTE_MS = 60_000
const EDITS = 40

interface Desk {
  page: Page
  corpus: string
  /** The copy that Bo works in. */
  copy: string
  /** When the first half of Ada's edits was made, and none of the second. */
  middle: number
  values: () => string[]
}

/** Edits as they are made at a desk, by the services that the screens use. */
function work(corpus: string, author: string, now: () => number) {
  const db = openDatabase(join(corpus, 'corpus.sqlite'), { create: false })
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const context = { dir: corpus, db, changes: createEmitter<CorpusChange>(), log, now, author: () => author }
  const annotations = createAnnotationService(context, { editing: createEditing(context) })
  const ids = db
    .prepare(
      `SELECT annotation.id FROM annotation JOIN tier ON tier.id = tier_id WHERE tier.name = 'Gloss L' ORDER BY start_ms`,
    )
    .pluck()
    .all() as AnnotationId[]
  const say = (at: number, value: string) =>
    annotations.update({ annotationId: ids[at % ids.length] as AnnotationId, value })
  return { db, say, backup: (at: number) => takeBackup(db, join(corpus, 'backups'), 'daily', at) }
}

const test = base.extend<{ desk: Desk }>({
  desk: async ({ page, dataDir }, use) => {
    const { corpus } = makeLongCorpus(dataDir, 0.5, true)
    const copy = join(dataDir, 'Bo.signwright')
    const began = Date.now() - 60 * MINUTE_MS
    let clock = began
    const ada = work(corpus, 'Ada', () => (clock += 10_000))
    for (let n = 0; n < EDITS / 2; n += 1) ada.say(n % 4, `ADA-${n}`)
    const middle = clock + 5000
    await ada.backup(middle)
    await ada.db.backup(join(dataDir, 'copy.sqlite'))
    for (let n = EDITS / 2; n < EDITS; n += 1) ada.say(n % 4, `ADA-${n}`)
    ada.db.close()
    cpSync(corpus, copy, { recursive: true })
    cpSync(join(dataDir, 'copy.sqlite'), join(copy, 'corpus.sqlite'))
    const bo = work(copy, 'Bo', () => (clock += 10_000))
    bo.say(0, 'BO-0')
    bo.say(5, 'BO-5')
    bo.db.close()
    const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
    await page.goto(workstation.url)
    await page.keyboard.press('Alt+h')
    await expect(page.getByRole('heading', { name: 'History' })).toBeVisible()
    await use({ page, corpus, copy, middle, values: () => valuesOf(corpus) })
    await workstation.stop()
  },
})

/** Ada's backup: the oldest daily one. Opening the corpus on a later day than hers has made another. */
const madeByAda = (dialog: Locator) => dialog.getByRole('button', { name: /daily/ }).last()

function valuesOf(corpus: string): string[] {
  const db = new Database(join(corpus, 'corpus.sqlite'), { readonly: true })
  const sql = `SELECT value FROM annotation JOIN tier ON tier.id = tier_id WHERE tier.name = 'Gloss L' ORDER BY start_ms LIMIT 6`
  const values = db.prepare(sql).pluck().all() as string[]
  db.close()
  return values
}

test('a jump in the undo list tells what it changes, lands there, and leads back', async ({ desk }) => {
  const { page, values } = desk
  const list = page.getByRole('grid', { name: 'Edits' })
  await list.focus()
  for (let n = 0; n < 7; n += 1) await page.keyboard.press('ArrowDown')
  await expect(page.getByText('undoes 6 edits')).toBeVisible()
  await expect(page.getByRole('list', { name: 'What would change' })).toContainText('ADA-33')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^Jumped to:/)).toBeVisible()
  expect(values().slice(0, 4)).toEqual(['ADA-32', 'ADA-33', 'ADA-30', 'ADA-31'])

  await page.getByRole('button', { name: 'Jump back' }).click()
  await expect.poll(() => values().slice(0, 4)).toEqual(['ADA-36', 'ADA-37', 'ADA-38', 'ADA-39'])
})

test('two dates are compared by tier, and one tier goes back', async ({ desk }) => {
  const { page, middle, values } = desk
  await page.getByRole('radio', { name: 'Two dates' }).click()
  const local = new Date(middle - new Date(middle).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19)
  await page.getByLabel('From').fill(local)
  const row = page.getByRole('row', { name: /Gloss L/ })
  await expect(row).toContainText('4')
  await row.getByRole('button', { name: 'Restore the tier “Gloss L”…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('4 changed')
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(dialog).toBeHidden()
  expect(values().slice(0, 4)).toEqual(['ADA-16', 'ADA-17', 'ADA-18', 'ADA-19'])
})

test('a backup says what it holds and what changed since, and is restored in the window', async ({
  desk,
}) => {
  const { page, values } = desk
  await page.getByRole('button', { name: 'Backups…' }).click()
  const dialog = page.getByRole('dialog')
  await madeByAda(dialog).click()
  await expect(dialog.getByText('20 edits since.')).toBeVisible()
  await expect(dialog.getByRole('row', { name: /Annotations/ })).toContainText('~4')
  await expect(dialog).toContainText('ADA-19')
  await dialog.getByRole('button', { name: 'Restore…' }).click()
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByText(/^Restored the backup of/)).toBeVisible()
  expect(values().slice(0, 4)).toEqual(['ADA-16', 'ADA-17', 'ADA-18', 'ADA-19'])

  await page.getByRole('button', { name: 'Backups…' }).click()
  await expect(page.getByRole('button', { name: /before a restore/ })).toBeVisible()
})

test('two copies are merged, the question between them answered by a key', async ({ desk }) => {
  const { page, copy, values } = desk
  await page.getByRole('button', { name: 'Merge a copy…' }).click()
  await page.getByLabel('The other copy: corpus folder or annotation file').fill(copy)
  await page.getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByText('One question is open.')).toBeVisible()
  const questions = page.getByRole('list', { name: 'Questions' })
  await expect(questions).toContainText('was ADA-16')
  await expect(questions).toBeFocused()
  await page.keyboard.press('2')
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(page.getByText('Merged: 0 added, 2 changed, 0 removed.')).toBeVisible()
  expect([values()[0], values()[1], values()[5]]).toEqual(['BO-0', 'ADA-37', 'BO-5'])
})

test('a damaged corpus is answered on Home with its backups, and comes back from one', async ({ desk }) => {
  const { page, corpus, values } = desk
  await page.keyboard.press('Alt+1')
  await page.getByRole('button', { name: 'Close', exact: true }).first().click()
  await expect(page.getByRole('button', { name: 'Open “Wetter”' })).toBeVisible()
  truncateSync(join(corpus, 'corpus.sqlite'), 5000)
  await page.getByRole('button', { name: 'Open “Wetter”' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('is damaged')
  await madeByAda(dialog).click()
  await expect(dialog.getByText('The present corpus cannot be compared with it.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Restore…' }).click()
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByText(/^Restored the backup of/)).toBeVisible()
  expect(values().slice(0, 4)).toEqual(['ADA-16', 'ADA-17', 'ADA-18', 'ADA-19'])
})
