import { join } from 'node:path'
import { signwright, signwrightJson } from '../command-line.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

test.setTimeout(600_000)

test('a word shows where the model looked for it, by pointer and by keyboard', async ({ page, dataDir }) => {
  const corpus = join(dataDir, 'Demo.signwright')
  expect(signwright(dataDir, 'demo', corpus).status).toBe(0)
  const [model] = signwrightJson<{ models: { id: string }[] }>(dataDir, 'models', 'list').models
  const args = [
    '--corpus',
    corpus,
    '--model',
    model?.id ?? '',
    '--clips',
    'dev-0001',
    '--beam',
    '1',
    '--device',
    'cpu',
  ]
  signwrightJson(dataDir, 'translate', ...args)

  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  try {
    await page.goto(workstation.url)
    await page.goto(new URL('/review', workstation.url).href)
    const frame = page.getByRole('status', { name: 'Frame' })
    const lanes = page.getByRole('region', { name: 'Where the model looked' })
    const rows = lanes.getByRole('list', { name: 'Attention' }).getByRole('listitem')
    const words = page.locator('.explained')
    await expect(rows).not.toHaveCount(0)
    await expect(frame).toHaveAttribute('data-frame', /^\d+$/, { timeout: 90_000 })

    await test.step('pointing at a word lights its row alone', async () => {
      await words.nth(1).hover()
      await expect(lanes.locator('li.active')).toHaveCount(1)
      await expect(lanes.locator('li.active .word')).toHaveText((await words.nth(1).innerText()).trim())
    })

    await test.step('a click goes to where it looked the most', async () => {
      const peak = await lanes.locator('li.active').getByRole('button').getAttribute('aria-label')
      const seconds = Number(/([\d.]+) s$/.exec(peak ?? '')?.[1])
      expect(seconds).toBeGreaterThan(0)
      await words.nth(1).click()
      await expect
        .poll(async () => Math.abs(Number(await frame.getAttribute('data-frame')) / 25 - seconds))
        .toBeLessThanOrEqual(0.04)
    })

    await test.step('Tab reaches the nearest words once, arrows go along them, Enter goes there', async () => {
      const chips = lanes.getByRole('group', { name: 'Nearest words' }).getByRole('button')
      await page.keyboard.press('Home')
      await expect(frame).toHaveAttribute('data-frame', '0')
      await page.locator('.timeline .tools button').last().focus()
      await page.keyboard.press('Tab')
      for (let n = 0; n < 4 && !(await chips.first().evaluate(chip => chip === document.activeElement)); n++)
        await page.keyboard.press('Tab')
      await expect(chips.first()).toBeFocused()
      await page.keyboard.press('End')
      await expect(chips.last()).toBeFocused()
      await page.keyboard.press('Enter')
      await expect.poll(async () => Number(await frame.getAttribute('data-frame'))).toBeGreaterThan(0)
      await page.keyboard.press('Tab')
      await expect(chips.last()).not.toBeFocused()
      await expect(chips.first()).not.toBeFocused()
    })

    await test.step('W hides and shows the lanes', async () => {
      await page.locator('#content').focus()
      await page.keyboard.press('w')
      await expect(lanes).toHaveCount(0)
      await page.keyboard.press('w')
      await expect(lanes).toHaveCount(1)
    })
  } finally {
    await workstation.stop()
  }
})
