import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { makeLongCorpus, type Sentence } from '../long-recording.ts'
import { addTier, giveVocabulary, makeVocabulary } from '../tiers.ts'
import { expect, startWorkstation, test as base, type Workstation } from '../workstation.ts'

const MINUTES = 0.5
const FRAME_MS = 40

const test = base.extend<{ desk: { page: Page; sentences: Sentence[] }; hasTiers: boolean }>({
  hasTiers: [true, { option: true }],
  desk: async ({ page, dataDir, hasTiers }, use) => {
    const { corpus, sentences } = makeLongCorpus(dataDir, MINUTES, hasTiers)
    const workstation: Workstation = await startWorkstation(dataDir, ['--corpus', corpus])
    await page.goto(workstation.url)
    await page.keyboard.press('Alt+0')
    await expect(page.getByRole('button', { name: 'Play' })).toBeEnabled()
    await use({ page, sentences })
    await workstation.stop()
  },
})

async function chooseMode(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).click()
  await page.locator('#content').focus()
}

const frame = (page: Page) => page.locator('output[data-frame]')

async function goToTime(page: Page, seconds: number): Promise<void> {
  await page.keyboard.press('g')
  await page.getByLabel('Time', { exact: true }).fill(String(seconds))
  await page.keyboard.press('Enter')
  await expect(frame(page)).toHaveAttribute('data-frame', String(Math.round((seconds * 1000) / FRAME_MS)))
}

/** The texts of a column of the table that is on screen. */
const cells = (table: Locator, column: number) => table.locator(`.row > .cell:nth-child(${column})`)

async function allAnnotations(page: Page, tier: string): Promise<Locator> {
  await chooseMode(page, 'Gloss grid')
  await page.getByRole('button', { name: 'All annotations' }).click()
  await page.getByRole('combobox', { name: 'Tier' }).selectOption(tier)
  return page.getByRole('grid', { name: 'All annotations' })
}

const milliseconds = (code: string) => {
  const [h = 0, m = 0, s = 0] = code.split(':').map(Number)
  return Math.round(((h * 60 + m) * 60 + s) * 1000)
}

test.describe('segmentation', () => {
  test.use({ hasTiers: false })

  test('one key cuts while the video plays, at the frames that were shown', async ({ desk: { page } }) => {
    await page.keyboard.press('t')
    await page.getByLabel('Name').fill('Signs')
    await page.keyboard.press('Enter')
    await chooseMode(page, 'Segmentation')
    const state = page.locator('output[data-count]')
    await expect(state).toContainText('Signs')

    // What was on the screen is asked of the compositor, independently of the program.
    await page.evaluate(() => {
      const video = document.querySelector('video')!
      const log: { at: number; media: number }[] = []
      const note = (_now: number, { expectedDisplayTime, mediaTime }: VideoFrameCallbackMetadata) => {
        log.push({ at: expectedDisplayTime, media: mediaTime })
        video.requestVideoFrameCallback(note)
      }
      video.requestVideoFrameCallback(note)
      const keys: number[] = []
      window.addEventListener('keydown', event => event.key === 's' && keys.push(event.timeStamp), true)
      Object.assign(window, { shownLog: log, keyLog: keys })
    })
    await page.keyboard.press('.') // 1.5 times as fast
    await page.keyboard.press(' ')
    for (const made of [0, 1, 2, 3]) {
      await page.waitForTimeout(420)
      await page.keyboard.press('s')
      await expect(state).toHaveAttribute('data-count', String(made))
    }
    await page.keyboard.press(' ')
    const expected = await page.evaluate(() => {
      const { shownLog, keyLog } = window as unknown as {
        shownLog: { at: number; media: number }[]
        keyLog: number[]
      }
      return keyLog.map(at => (shownLog.findLast(picture => picture.at <= at)?.media ?? -1) * 1000)
    })
    expect(expected).toHaveLength(4)

    const table = await allAnnotations(page, 'Signs')
    await expect(cells(table, 1)).toHaveCount(3)
    const begins = (await cells(table, 1).allTextContents()).map(milliseconds)
    const ends = (await cells(table, 2).allTextContents()).map(milliseconds)
    expect(ends.slice(0, 2)).toEqual(begins.slice(1))
    const cuts = [...begins, ends.at(-1) ?? 0]
    expect(cuts.map(cut => cut % FRAME_MS)).toEqual([0, 0, 0, 0])
    expect(cuts).toEqual(expected.map(Math.round))

    await chooseMode(page, 'Segmentation')
    await page.keyboard.press('s')
    await goToTime(page, 20)
    await page.keyboard.press('s')
    await expect(state).toHaveAttribute('data-count', '1')
    await page.keyboard.press('Backspace')
    await expect(state).toHaveAttribute('data-count', '0')
    await expect(cells(await allAnnotations(page, 'Signs'), 1)).toHaveCount(3)
  })

  test('two strokes, and strokes of a fixed length', async ({ desk: { page } }) => {
    await page.keyboard.press('t')
    await page.getByLabel('Name').fill('Signs')
    await page.keyboard.press('Enter')
    await chooseMode(page, 'Segmentation')
    await page.keyboard.press('v')
    for (const seconds of [1, 2, 4, 5]) {
      await goToTime(page, seconds)
      await page.keyboard.press('s')
    }
    await page.keyboard.press('v')
    await goToTime(page, 8)
    await page.keyboard.press('s')
    const table = await allAnnotations(page, 'Signs')
    await expect(cells(table, 1)).toHaveText(['00:00:01.000', '00:00:04.000', '00:00:08.000'])
    await expect(cells(table, 2)).toHaveText(['00:00:02.000', '00:00:05.000', '00:00:08.500'])
  })

  test('with the keymap of BORIS a key of an entry begins and ends its state, also while the video plays', async ({
    desk: { page },
  }) => {
    await page.keyboard.press('Alt+9')
    await page.getByRole('combobox', { name: 'Keymap' }).selectOption('boris')
    await page.keyboard.press('Alt+0')
    await addTier(page, 'Behaviour')
    await makeVocabulary(page, 'Ethogram', ['gaze', 'nod', 'rest'])
    await giveVocabulary(page, 'No rule', 'Ethogram')
    await chooseMode(page, 'Segmentation')
    const entries = page.getByRole('group', { name: 'Entries of the vocabulary' })
    await expect(entries.getByRole('button')).toHaveText(['1 gaze', '2 nod', '3 rest'])
    const state = page.locator('output[data-count]')

    await page.keyboard.press('Home') // faster, as in BORIS
    await page.keyboard.press(' ')
    for (const [key, made] of [
      ['1', 0],
      ['2', 1],
      ['2', 2],
      ['3', 2],
    ] as const) {
      await page.waitForTimeout(420)
      await page.keyboard.press(key)
      await expect(state).toHaveAttribute('data-count', String(made))
    }
    await page.keyboard.press(' ')
    await expect(state).toContainText('rest')
    await page.keyboard.press('Control+Backspace')
    await page.getByRole('combobox', { name: 'What a stroke means' }).selectOption('points')
    await page.locator('#content').focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('ArrowDown') // one second back
    await page.keyboard.press('1')
    await expect(state).toHaveAttribute('data-count', '3')

    const table = await allAnnotations(page, 'Behaviour')
    await expect(cells(table, 5)).toHaveText(['gaze', 'nod', 'gaze'])
    const [begins, ends] = await Promise.all(
      [1, 2].map(async column => (await cells(table, column).allTextContents()).map(milliseconds)),
    )
    expect(begins?.[1]).toBe(ends?.[0])
    expect((ends?.[2] ?? 0) - (begins?.[2] ?? 0)).toBe(500)
  })
})

test('transcription: rows play, Enter goes on, children are made as they are typed, no mouse', async ({
  desk: { page, sentences },
}) => {
  await chooseMode(page, 'Transcription')
  await page.getByRole('combobox', { name: 'Rows' }).selectOption('Gloss R')
  const table = page.getByRole('grid', { name: 'Transcription' })
  await table.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const field = page
    .getByRole('combobox', { name: 'Gloss R' })
    .or(page.getByRole('textbox', { name: 'Gloss R' }))
  await expect(field).toBeFocused()
  const first = sentences[0]?.signs[0]
  await expect(field).toHaveValue(first?.gloss ?? '')
  // The row plays its span once, and stops at its end.
  await expect(frame(page)).toHaveAttribute('data-frame', String((first?.endMs ?? 0) / FRAME_MS - 1))

  await page.keyboard.type('MITTE', { delay: 5 })
  await page.keyboard.press('Enter')
  await page.keyboard.type('STRAND', { delay: 5 })
  await page.keyboard.press('Alt+ArrowRight')
  await page.keyboard.press('Alt+ArrowRight')
  await page.keyboard.type('chest', { delay: 5 })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')

  await expect(cells(table, 3).first()).toHaveText('MITTE')
  await expect(cells(table, 3).nth(1)).toHaveText('STRAND')
  await expect(cells(table, 5).nth(1)).toHaveText('chest')
  await page.reload()
  await expect(cells(table, 5).nth(1)).toHaveText('chest')
})

test('gloss grid: tokens by arrows, the table sorts, filters and changes many at once', async ({
  desk: { page, sentences },
}) => {
  await chooseMode(page, 'Gloss grid')
  const grid = page.getByRole('grid', { name: 'Sentences' })
  await grid.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.keyboard.type('KÜSTE-2', { delay: 5 })
  await page.keyboard.press('Enter')
  await expect(grid.getByText('KÜSTE-2')).toBeVisible()

  const table = await allAnnotations(page, 'Gloss R')
  const gloss = sentences.flatMap(({ signs }) => signs).find(sign => sign.gloss !== 'KUESTE')?.gloss ?? ''
  await page.getByRole('searchbox', { name: 'Filter by text' }).fill(gloss)
  const signs = sentences.flatMap(each => each.signs).filter(sign => sign.gloss.includes(gloss))
  await expect(cells(table, 5)).toHaveCount(signs.length)
  await table.getByRole('button', { name: 'Begin' }).click()
  await expect(cells(table, 1).first()).not.toHaveText(/^00:00:00/)
  await table.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Change…' }).click()
  await page.getByLabel('Text', { exact: true }).fill(`${gloss}-1`)
  await page.keyboard.press('Enter')
  await expect(cells(table, 5)).toHaveText(signs.map(() => `${gloss}-1`))
})

test('subtitles: reading speed, split at caret and frame, merge', async ({ desk: { page, sentences } }) => {
  await chooseMode(page, 'Subtitles')
  await page.getByRole('combobox', { name: 'Rows' }).selectOption('Sentence')
  const table = page.getByRole('grid', { name: 'Subtitles' })
  const [first, second] = sentences
  if (!first || !second) throw new Error('too short')
  const speed = ([...first.text].length * 1000) / (first.endMs - first.startMs)
  await expect(cells(table, 4).first()).toHaveText(speed.toFixed(1))

  await table.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Text' })).toBeFocused()
  const caret = first.text.indexOf(' ', 5)
  await page.keyboard.press('Home')
  for (let at = 0; at < caret; at += 1) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(cells(table, 3).nth(0)).toHaveText(first.text.slice(0, caret))
  await expect(cells(table, 3).nth(1)).toHaveText(first.text.slice(caret).trim())

  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Alt+Delete')
  await expect(cells(table, 3).nth(0)).toHaveText(first.text)
  await expect(cells(table, 3).nth(1)).toHaveText(second.text)
})

test('an own key: the conflict is named, the key moves, the file carries it, the cheat sheet shows it', async ({
  desk: { page },
}) => {
  await page.keyboard.press('Alt+9')
  const keys = page.getByRole('region', { name: 'Own keys' })
  await keys.getByRole('searchbox').fill('split the annotation')
  await keys.getByRole('button', { name: 'Add a key to “Split the annotation here”' }).click()
  await page.keyboard.press('Shift+R')
  await expect(keys.getByRole('alert')).toContainText('Shift R already means “Play around the selection”')
  await keys.getByRole('button', { name: 'Take it from there' }).click()
  await expect(keys.getByText('own', { exact: true })).toBeVisible()
  await keys.getByRole('searchbox').fill('play around')
  await expect(keys.getByText('no key')).toBeVisible()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    keys.getByRole('button', { name: 'Export…' }).click(),
  ])
  const file = await download.path()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    signwrightKeys: 1,
    keymap: 'signwright',
    keys: { 'annotation.split': ['X', 'Shift+R'], 'playback.playAround': [] },
  })
  await keys.getByRole('button', { name: 'Reset all own keys…' }).click()
  await page.getByRole('button', { name: 'Reset', exact: true }).click()
  await expect(keys.getByText('Shift R')).toBeVisible()
  await keys.locator('input[type=file]').setInputFiles(file)
  await expect(keys.getByText('no key')).toBeVisible()

  await keys.getByRole('button', { name: 'Cheat sheet' }).click()
  const sheet = page.getByRole('region', { name: 'Annotation', exact: true })
  await expect(sheet.getByText('Split the annotation here').locator('xpath=..')).toContainText('Shift R')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden()
  await expect(sheet).toBeVisible()
})
