import { expect, test } from '../workstation.ts'

test.use({ viewport: { width: 1280, height: 800 } })

test('headings stand over their columns, and all columns are seen on a small screen', async ({
  page,
  workstation,
}) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  const table = page.getByRole('grid')
  await expect(table.getByRole('row', { name: /dev-0001/ })).toBeVisible({ timeout: 120_000 })

  for (const width of [1280, 800]) {
    await page.setViewportSize({ width, height: 800 })
    const edges = (role: 'columnheader' | 'gridcell') =>
      table
        .getByRole('row')
        .filter({ has: page.getByRole(role) })
        .first()
        .getByRole(role)
        .evaluateAll(cells => cells.map(cell => Math.round(cell.getBoundingClientRect().left)))
    await expect.poll(() => edges('gridcell')).toEqual(await edges('columnheader'))
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect(table.getByRole('columnheader', { name: 'chrF' })).toBeInViewport({ ratio: 1 })
})

test('no screen makes the window itself scroll', async ({ page, workstation }) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByRole('contentinfo')).toContainText('28 clips', { timeout: 120_000 })
  for (const screen of ['Settings', 'Models', 'Review', 'Compare']) {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
    await expect(page.getByRole('heading', { name: screen, level: 1 })).toBeAttached()
    const { scrolls, height } = await page.evaluate(() => ({
      scrolls: document.documentElement.scrollHeight,
      height: innerHeight,
    }))
    expect({ screen, scrolls }).toEqual({ screen, scrolls: height })
  }
})
