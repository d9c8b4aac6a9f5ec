import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { signwrightJson } from '../command-line.ts'
import { makeLongCorpus, type Sentence } from '../long-recording.ts'
import { addAnnotators } from '../second-annotator.ts'
import { expect, startWorkstation, test as base, type Workstation } from '../workstation.ts'

const FRAME_MS = 40

interface Desk {
  page: Page
  corpus: string
  dataDir: string
  sentences: Sentence[]
  missing: number
  workstation: Workstation
}

const test = base.extend<{ desk: Desk }>({
  desk: async ({ page, dataDir }, use) => {
    const { corpus, sentences } = makeLongCorpus(dataDir, 0.5, true)
    const { missing } = addAnnotators(corpus, sentences)
    const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
    await page.goto(workstation.url)
    await expect(page.getByRole('banner').getByText('Wetter').first()).toBeVisible()
    await use({ page, corpus, dataDir, sentences, missing, workstation })
    await workstation.stop()
  },
})

const frame = (page: Page) => page.locator('output[data-frame]')
const cells = (table: Locator, column: number) => table.locator(`.row > .cell:nth-child(${column})`)

test('agreement: a figure opens its disagreements, which play by key and lead to the timeline', async ({
  desk: { page, missing },
}) => {
  await page.keyboard.press('Alt+Shift+A')
  await expect(page.getByText('Ada · Ben', { exact: false }).first()).toBeVisible()
  await page.getByRole('button', { name: /^F1 of segments/ }).click()
  const table = page.getByRole('grid', { name: 'Disagreements' })
  await expect(cells(table, 1)).toHaveText(Array.from({ length: missing }, () => 'only the first'))

  await page.getByRole('button', { name: /^F1 of boundaries/ }).click()
  await expect(cells(table, 1).first()).toHaveText('boundary')
  await expect(cells(table, 6).first()).toHaveText('+160 ms')
  const [, minutes = '0', seconds = '0'] = (await cells(table, 3).first().innerText()).split(':')
  const startMs = Math.round((Number(minutes) * 60 + Number(seconds)) * 1000)
  await table.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/annotate/\\d+\\?from=${startMs}&`))
  await expect(frame(page)).toHaveAttribute('data-frame', String(startMs / FRAME_MS))
})

test('agreement: the command line says what the screen says', async ({
  desk: { page, corpus, dataDir, workstation },
}) => {
  await page.keyboard.press('Alt+Shift+A')
  const shown = page.getByRole('button', { name: /^Cohen’s κ, time/ }).locator('b')
  await expect(shown).toHaveText(/^0\.\d{3}$/)
  const told = await shown.innerText()
  await workstation.stop()
  const report = signwrightJson<{ values: { figure: string; value: number }[] }>(
    dataDir,
    'agreement',
    '--corpus',
    corpus,
    '--tiers',
    'Gloss@Ada,Gloss@Ben',
  )
  expect(report.values.find(({ figure }) => figure === 'cohen-time')?.value.toFixed(3)).toBe(told)
})

test('search: found as it is typed, played by key, narrowed by a neighbour, replaced, exported and remembered', async ({
  desk: { page, corpus, sentences },
}) => {
  const signs = sentences.flatMap(sentence => sentence.signs)
  const wanted = signs[0]?.gloss ?? ''
  await page.keyboard.press('Control+Shift+F')
  await expect(page.getByRole('textbox', { name: 'Text to find' })).toBeFocused()
  await page.keyboard.type(wanted)
  const table = page.getByRole('grid', { name: 'Hits' })
  await expect(cells(table, 5).first()).toContainText(wanted, { ignoreCase: true })

  const readable = page.getByRole('textbox', { name: 'The query as text' })
  await readable.fill(`"${wanted}"v tier:Gloss@Ada`)
  await readable.press('Enter')
  const times = signs.filter(({ gloss }) => gloss === wanted)
  await expect(cells(table, 5)).toHaveText(times.map(({ gloss }) => gloss))
  await expect(page.getByLabel('Tier (* = any letters)')).toHaveValue('Gloss@Ada')
  await table.focus()
  await page.keyboard.press('ArrowDown')
  const last = (times[0]?.endMs ?? 0) / FRAME_MS - 1
  await expect(frame(page)).toHaveAttribute('data-frame', String(last))

  const after = signs[1]?.gloss ?? ''
  await readable.fill(`"${wanted}"v tier:Gloss@Ada then "${after}"v`)
  await readable.press('Enter')
  await expect(cells(table, 5).first()).toHaveText(`${wanted} ${after}`)
  await readable.fill(`"${wanted}"v tier:Gloss@Ada (`)
  await readable.press('Enter')
  await expect(page.getByRole('alert')).toContainText('means nothing here')

  await readable.fill(`"${wanted}"v tier:Gloss@Ada`)
  await readable.press('Enter')
  await page.getByLabel('Name of this query').fill('first sign')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Export as TSV…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Export as TSV…' }).click()
  await expect(page.getByText('hits written')).toBeVisible()
  const lines = readFileSync(join(corpus, 'search.tsv'), 'utf8').trim().split(/\r?\n/)
  expect(lines).toHaveLength(times.length + 1)

  await page.getByRole('button', { name: 'Replace in results…' }).click()
  await page.getByRole('dialog').getByLabel('Replace with').fill('ERSTES')
  await expect(page.getByRole('dialog').getByText('ERSTES').first()).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('Nothing fits this query')).toBeVisible()
  await page.locator('#content').focus()
  await page.keyboard.press('Control+z')
  await expect(cells(table, 5)).toHaveText(times.map(({ gloss }) => gloss))

  await readable.fill('')
  await readable.press('Enter')
  await page.getByRole('button', { name: 'first sign', exact: true }).click()
  await expect(readable).toHaveValue(`"${wanted}"v tier:Gloss@Ada`)
})
