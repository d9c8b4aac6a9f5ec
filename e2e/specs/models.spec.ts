import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMIT, startHub } from '../../src-main/core/testing/hub-server.ts'
import { expect, test } from '../workstation.ts'

const REPOSITORY = 'openai/clip-vit-large-patch14'
const WEIGHTS = randomBytes(3_000_000)

test.setTimeout(180_000)

test('base weights are looked up, agreed to and fetched, over a connection that drops once', async ({
  page,
  workstation,
  dataDir,
}) => {
  await using hub = await startHub({
    [`${REPOSITORY}/config.json`]: { content: Buffer.from('{"model_type":"clip"}') },
    [`${REPOSITORY}/preprocessor_config.json`]: { content: Buffer.from('{}') },
    [`${REPOSITORY}/model.safetensors`]: {
      content: WEIGHTS,
      isLarge: true,
      speed: 1_500_000,
      mischief: request => (request === 1 ? { kind: 'drop', afterBytes: 1_000_000 } : undefined),
    },
  })
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByRole('contentinfo')).toContainText('28 clips', { timeout: 120_000 })
  const rail = page.getByRole('navigation', { name: 'Screens' })
  await rail.getByRole('link', { name: 'Models' }).click()
  const downloads = page.getByRole('region', { name: 'Base weights' })
  const row = downloads.getByRole('listitem', { name: REPOSITORY })
  await expect(row.getByRole('button', { name: 'Look up…' })).toBeDisabled()

  await downloads.getByRole('button', { name: 'Set a server…' }).click()
  const server = page.getByLabel('Server for base weights')
  await server.fill(hub.base)
  await server.blur()
  await rail.getByRole('link', { name: 'Models' }).click()
  expect(hub.requests).toEqual([])
  await row.getByRole('button', { name: 'Look up…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('MIT')
  await expect(dialog).toContainText(`${hub.base}/${REPOSITORY}`)
  await expect(dialog).toContainText('model.safetensors')
  await expect(dialog).toContainText('3.0 MB to fetch')
  await dialog.getByRole('button', { name: 'Download 3.0 MB' }).click()

  await expect(row.getByRole('progressbar')).toBeVisible()
  await expect(row).toContainText(/\d kB|\d MB/)
  await expect(row).toContainText('downloaded', { timeout: 60_000 })
  const snapshot = join(dataDir, 'downloads', 'models--openai--clip-vit-large-patch14', 'snapshots', COMMIT)
  await expect(row).toContainText(snapshot)
  expect(readFileSync(join(snapshot, 'model.safetensors')).equals(WEIGHTS)).toBe(true)
  expect(existsSync(join(snapshot, 'config.json'))).toBe(true)
  const ranges = hub.transfers('model.safetensors').map(({ range }) => range ?? '')
  expect(ranges).toEqual(['', expect.stringMatching(/^bytes=\d{5,}-$/)])

  await downloads.getByRole('button', { name: 'Convert weights…' }).click()
  const conversion = page.getByRole('dialog', { name: 'Convert weights' })
  await expect(conversion.getByRole('button', { name: `Leave out ${snapshot}` })).toBeVisible()
  await expect(conversion.getByRole('list', { name: 'Parts of the model' })).toContainText(snapshot)
})

test('the devices are measured with a model, and the speed is remembered', async ({ page, workstation }) => {
  await page.goto(workstation.url)
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Models' }).click()
  const devices = page.getByRole('region', { name: 'Devices' })
  const cpu = devices.getByRole('listitem').filter({ hasText: 'CPU' }).first()
  await expect(cpu).toContainText('GFLOP/s', { timeout: 60_000 })

  await devices.getByRole('button', { name: /^Measure with/ }).click()

  await expect(cpu).toContainText(/[\d.,]+ frames\/s · cosine to the CPU 1\.00000/, { timeout: 90_000 })
  await page.reload()
  await expect(cpu).toContainText('frames/s', { timeout: 60_000 })
})
