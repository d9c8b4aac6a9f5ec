import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { signwrightJson } from '../command-line.ts'
import { expect, test } from '../workstation.ts'

interface NamedScore {
  metric: string
  score: number
  signature: string
}

/** Chooses a screen in the rail at the left. */
async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
}

/** Translates the first eight clips of the test split as a run of this name, and watches it to its end. */
async function translateEight(page: Page, name: string, beams: number): Promise<void> {
  await goTo(page, 'Corpus')
  const boxes = page.getByRole('checkbox', { name: /^Select test-/ })
  await expect(boxes.nth(7)).toBeVisible()
  for (let at = 0; at < 8; at++) await boxes.nth(at).check()
  await page.getByRole('button', { name: 'Translate…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the run').fill(name)
  await dialog.getByLabel('Beams').fill(String(beams))
  await dialog.getByRole('button', { name: 'Translate', exact: true }).click()
  await goTo(page, 'Jobs')
  const job = page.getByRole('article', { name: `Translate 8 clips: ${name}` })
  await expect(job).toContainText(/done/, { timeout: 180_000 })
}

function sacrebleu(ref: string, hyp: string): number | null {
  const python = process.env['SIGNWRIGHT_PYTHON'] ?? 'python3'
  const code = `import sys, sacrebleu; r, h = [open(f, encoding='utf-8').read().splitlines() for f in sys.argv[1:3]]; print(repr(sacrebleu.corpus_bleu(h, [r]).score))`
  const result = spawnSync(python, ['-c', code, ref, hyp], { encoding: 'utf8' })
  return result.status === 0 ? Number(result.stdout) : null
}

test.setTimeout(600_000)

test('the demo corpus goes from video to an evaluated export', async ({ page, workstation, dataDir }) => {
  await page.goto(workstation.url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(
    page.getByRole('status').or(page.getByRole('contentinfo')).filter({ hasText: '28 clips' }).first(),
  ).toBeVisible({ timeout: 120_000 })

  await translateEight(page, 'wide', 5)
  await translateEight(page, 'greedy', 1)

  await test.step('step frames and correct a reference', async () => {
    await goTo(page, 'Review')
    const frame = page.getByRole('status', { name: 'Frame' })
    await expect(frame).toHaveAttribute('data-frame', /^\d+$/)
    const first = Number(await frame.getAttribute('data-frame'))
    await page.keyboard.press('ArrowRight')
    await expect(frame).toHaveAttribute('data-frame', String(first + 1))
    await page.keyboard.press('ArrowRight')
    await expect(frame).toHaveAttribute('data-frame', String(first + 2))
    await page.keyboard.press('ArrowLeft')
    await expect(frame).toHaveAttribute('data-frame', String(first + 1))

    const reference = page.getByRole('textbox', { name: /Reference/ }).first()
    const before = await reference.inputValue()
    await reference.fill(`${before.replace(/ \.$/, '')} heute .`)
    await page.keyboard.press('Control+s')
    await expect(page.getByText(/^v2 ·/)).toBeVisible()
    await reference.blur()
    await page.keyboard.press('Control+z')
    await expect(page.getByText(/^v1 ·/)).toBeVisible()
    await expect(reference).toHaveValue(before)
    await page.keyboard.press('Control+Shift+z')
    await expect(page.getByText(/^v2 ·/)).toBeVisible()
    await expect(reference).toHaveValue(/heute \.$/)
  })

  await test.step('compare the two runs', async () => {
    await goTo(page, 'Compare')
    const runs = page.getByRole('group', { name: 'Runs to compare' })
    for (const name of ['wide', 'greedy']) {
      const run = runs.getByRole('button', { name })
      if ((await run.getAttribute('aria-pressed')) !== 'true') await run.click()
    }
    await expect(page.getByRole('region', { name: 'Corpus scores' })).toContainText(
      'tok:13a|smooth:exp|version:2.6.0',
    )
    await page.getByRole('tab', { name: 'Segments' }).click()
    await expect(page.getByText('8 of 8 segments')).toBeVisible()
  })

  const outDir = join(dataDir, 'release')
  await test.step('export', async () => {
    await goTo(page, 'Export')
    await page.getByLabel('Folder to write into').fill(outDir)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await expect(page.getByText('The release is in')).toBeVisible()
  })

  const manifest = readFileSync(join(outDir, 'manifest.json'), 'utf8')
  const { runs } = JSON.parse(readFileSync(join(outDir, 'scores.json'), 'utf8')) as {
    runs: { run: string; scores: NamedScore[] }[]
  }
  for (const { run, scores } of runs) {
    const hyp = join(outDir, 'plain', `${run}.hyp.txt`)
    const ref = join(outDir, 'plain', `${run}.ref.txt`)
    const bleu = scores.find(({ metric }) => metric === 'BLEU')
    const again = signwrightJson<{ scores: NamedScore[] }>(dataDir, 'score', hyp, ref, '--metrics', 'bleu')
    expect(bleu?.score).toBeCloseTo(again.scores[0]?.score ?? -1, 10)
    const original = sacrebleu(ref, hyp)
    if (original !== null) expect(bleu?.score).toBeCloseTo(original, 10)
    else
      test.info().annotations.push({ type: 'note', description: 'no Python with sacreBLEU on this machine' })
  }
  expect(manifest).toContain('"sha256"')
})
