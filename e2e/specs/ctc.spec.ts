import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faults } from '../axe.ts'
import { expect, test } from '../workstation.ts'

/** Glosses of the first test clip and when they are signed, in frames. */
function signsOf(clip: string): { gloss: string; first: number; last: number }[] {
  const file = new URL('../../resources/demo/signs.json', import.meta.url)
  const { clips } = JSON.parse(readFileSync(file, 'utf8')) as {
    clips: Record<string, { signs: { gloss: string; first: number; last: number }[] }>
  }
  return clips[clip]?.signs ?? []
}

test.setTimeout(300_000)
test.use({ actionTimeout: 40_000 })

test('labels of a recogniser are imported, scored by WER and shown below the video step by step', async ({
  page,
  workstation,
  dataDir,
}) => {
  const signs = signsOf('test-0001')
  expect(signs.length).toBeGreaterThan(2)
  const last = signs.at(-1)?.last ?? 0
  // A step for each four frames; the last sign is not recognised.
  const known = signs.slice(0, -1)
  const labels = Array.from({ length: Math.ceil((last + 8) / 4) }, (_, step) => {
    const middle = 4 * step + 2
    return known.find(({ first, last: end }) => middle > first + 2 && middle < end)?.gloss ?? '<blank>'
  })
  const file = join(dataDir, 'labels.json')
  const vocabulary = ['<blank>', ...new Set(known.map(({ gloss }) => gloss))]
  writeFileSync(
    file,
    JSON.stringify({
      vocabulary,
      blank: '<blank>',
      stride: 4,
      clips: [{ id: 'test-0001', labels, probabilities: labels.map(() => 0.9) }],
    }),
  )

  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByRole('contentinfo').filter({ hasText: '28 clips' })).toBeVisible({
    timeout: 120_000,
  })
  const screens = page.getByRole('navigation', { name: 'Screens' })
  await screens.getByRole('link', { name: 'Import' }).click()
  await page.getByText('Predictions', { exact: true }).first().click()
  await page.getByLabel('File with outputs').fill(file)
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.getByText('Labels of steps (CTC)').last()).toBeVisible()
  await expect(page.getByLabel('Glosses by')).toHaveValue('beam')
  await page
    .getByRole('button', { name: /^Import/ })
    .last()
    .click()
  await expect(page.getByRole('button', { name: 'Compare the run' })).toBeVisible({ timeout: 60_000 })

  await screens.getByRole('link', { name: 'Review' }).click()
  await page
    .getByRole('button', { name: /test-0001/ })
    .first()
    .click()
  const lane = page.getByRole('group', { name: 'Labels of the recogniser, step by step' })
  const glosses = lane.getByRole('list', { name: 'Glosses' }).getByRole('button')
  await expect(glosses).toHaveText(known.map(({ gloss }) => gloss))
  await expect(lane).toContainText(/blank best: \d+ %/)

  expect(await faults(page, 'Review with a recogniser')).toEqual([])

  const frame = page.getByRole('status', { name: 'Frame' })
  await glosses.first().click()
  await expect
    .poll(async () => Number(await frame.getAttribute('data-frame')))
    .toBeGreaterThanOrEqual(known[0]?.first ?? 0)
  expect(Number(await frame.getAttribute('data-frame'))).toBeLessThanOrEqual(known[0]?.last ?? 0)

  const grid = lane.getByRole('application')
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await expect(grid).toContainText(`${known[0]?.gloss}: P =`)

  await screens.getByRole('link', { name: 'Compare' }).click()
  const percent = (100 / signs.length).toFixed(2).slice(0, 4)
  await expect(page.getByRole('main')).toContainText(percent)
})
