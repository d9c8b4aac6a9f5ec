import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeCamera } from '../cameras.ts'
import { signwright } from '../command-line.ts'
import { DIGITS, shownRounds, watchShown } from '../shown-numbers.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

const SECONDS = 4

test('a folder of pictures is stepped, sought and played like a video, and no copy of it is made', async ({
  page,
  dataDir,
}) => {
  const pictures = join(dataDir, 'media', 'pictures')
  mkdirSync(pictures, { recursive: true })
  makeCamera(join(pictures, '%04d.jpg'), 0, SECONDS, { digits: DIGITS })
  const corpus = join(dataDir, 'Pictures.signwright')
  signwright(dataDir, 'create', corpus, '--name', 'Pictures')
  expect(signwright(dataDir, 'import', join(dataDir, 'media'), '--corpus', corpus).status).toBe(0)
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  await page.goto(workstation.url)
  await page.keyboard.press('Alt+0')
  const frame = page.getByRole('status', { name: 'Frame' })
  await expect(frame).toHaveAttribute('data-frame', '0')
  await page.locator('#content').focus()
  await watchShown(page)
  const newest = async () => (await shownRounds(page)).at(-1)?.at(-1)?.number

  await test.step('keys and a click', async () => {
    for (const [key, said] of [
      ['ArrowRight', 1],
      ['ArrowRight', 2],
      ['End', 99],
      ['ArrowLeft', 98],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key)
      await expect(frame).toHaveAttribute('data-frame', String(said))
      await expect.poll(newest).toBe(said)
    }
    const ruler = await page.locator('.timeline .ruler').boundingBox()
    if (!ruler) throw new Error('There is no ruler.')
    await page.mouse.click(ruler.x + ruler.width / 2, ruler.y + ruler.height / 2)
    await expect.poll(async () => String(await newest())).not.toBe('0')
    await expect(frame).toHaveAttribute('data-frame', String(await newest()))
  })

  await test.step('forwards to the end, and back', async () => {
    await page.keyboard.press('Home')
    await expect(frame).toHaveAttribute('data-frame', '0')
    await page.keyboard.press('Space')
    await expect(frame).toHaveAttribute('data-frame', '99', { timeout: 60_000 })
    await page.keyboard.press('j')
    await expect(frame).toHaveAttribute('data-frame', '0', { timeout: 60_000 })
  })
  expect(await page.locator('video').getAttribute('src')).toBeNull()
  await workstation.stop()
})
