import { goTo, openWithRuns } from '../rated-runs.ts'
import { expect, test } from '../workstation.ts'

test.setTimeout(240_000)

test('a clip is rated, accepted and left with three keystrokes; the queue says why it stands first', async ({
  page,
  workstation,
  dataDir,
}) => {
  await openWithRuns(page, workstation.url, dataDir, { Wrong: () => 'nichts davon' })
  await goTo(page, 'Review')
  await page.getByRole('combobox', { name: 'Order' }).selectOption('worth')
  const queue = page.getByRole('region', { name: 'Clips to review' })
  const first = queue.getByRole('listitem').first().getByRole('button')
  await expect(first).toContainText(/best BLEU \d/)
  await first.click()
  const slider = page.getByRole('slider', { name: /^Rating of Wrong/ })
  await expect(slider).toBeVisible()
  const clip = page.url()

  const strokes = ['1', 'w', 'Shift+A']
  for (const stroke of strokes) await page.keyboard.press(stroke)
  expect(strokes).toHaveLength(3)
  await expect(page).not.toHaveURL(clip)

  await page.goto(clip)
  await expect(slider).toHaveValue('17')
  await expect(page.getByRole('button', { name: 'Accept' })).toHaveAttribute('aria-pressed', 'true')
  await expect(queue).toContainText(/: 1 clips, 1 ratings|1 clips/)
})
