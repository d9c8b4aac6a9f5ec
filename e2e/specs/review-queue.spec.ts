import { goTo, openWithRuns } from '../rated-runs.ts'
import { expect, test } from '../workstation.ts'

test.setTimeout(240_000)

test('each clip is rated, accepted and left with three keystrokes; the queue says why it stands first', async ({
  page,
  workstation,
  dataDir,
}) => {
  await openWithRuns(page, workstation.url, dataDir, { Wrong: () => 'nichts davon', Right: text => text })
  await goTo(page, 'Review')
  await page.getByRole('combobox', { name: 'Order' }).selectOption('worth')
  const queue = page.getByRole('region', { name: 'Clips to review' })
  const first = queue.getByRole('listitem').first().getByRole('button')
  await expect(first).toContainText(/systems agree by \d/)
  await first.click()
  const sliders = page.getByRole('slider', { name: /^Rating of (Wrong|Right)/ })
  const slider = sliders.first()
  await expect(sliders).toHaveCount(2)
  await expect(slider).toHaveAttribute('aria-valuetext', 'not rated')

  // What the window is told, not what is sent: a key held with Shift is one stroke.
  await page.evaluate(() => {
    document.documentElement.dataset['strokes'] = ''
    const told = ({ key }: KeyboardEvent) => {
      if (key !== 'Shift') document.documentElement.dataset['strokes'] += key
    }
    addEventListener('keydown', told, { capture: true })
  })
  const left: string[] = []
  for (const point of ['w', 'y']) {
    left.push(page.url())
    for (const stroke of ['1', point, 'Shift+A']) await page.keyboard.press(stroke)
    await expect(page).not.toHaveURL(left.at(-1)!)
    await expect(slider).toHaveAttribute('aria-valuetext', 'not rated')
  }
  await expect(page.locator('html')).toHaveAttribute('data-strokes', '1wA1yA')
  expect(new Set([...left, page.url()]).size).toBe(3)

  // Edited instead: two strokes beside the letters, and the queue is at the next clip.
  const edited = page.url()
  await page.keyboard.press('e')
  await page.keyboard.type(' neu')
  await page.keyboard.press('Control+Enter')
  await expect(page).not.toHaveURL(edited)
  await page.goto(edited)
  await expect(page.getByRole('textbox', { name: /^Reference/ })).toHaveValue(/ neu$/)
  await expect(queue.getByRole('listitem').filter({ hasText: ' neu' })).toContainText('corrected')

  for (const [at, value] of ['17', '83'].entries()) {
    await page.goto(left[at]!)
    await expect(slider).toHaveValue(value)
    await expect(sliders.last()).toHaveAttribute('aria-valuetext', 'not rated')
    await expect(page.getByRole('button', { name: /^Accept/ })).toHaveAttribute('aria-pressed', 'true')
  }
  await expect(queue).toContainText('clips 3, ratings 2')
})
