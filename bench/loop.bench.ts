/**
 * A loop of twenty frames as it is seen, with as many processes as wanted that keep the processors from the browser: frames
 * outside the loop, the share of its frames that came on screen, and the seam. Numbers are read from the pictures.
 *
 *   node bench/loop.bench.ts [--hogs 0] [--rounds 20] [--scale 4]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { FPS, makeCamera } from '../e2e/cameras.ts'
import { signwright } from '../e2e/command-line.ts'
import { DIGITS, type ShownNumber, shownRounds, watchShown } from '../e2e/shown-numbers.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.ts'
import { percentile } from './frames/numbers.ts'

const { values } = parseArgs({
  options: {
    hogs: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '20' },
    /** Sixteenths of a block: 4 makes pictures of 640 × 384. */
    scale: { type: 'string', default: '4' },
  },
})
const SELECTED = { first: 50, last: 69 }
const RATES = [0.25, 0.5, 1, 2, 4, 8]
const PATIENCE_MS = 120_000

async function goToFrame(page: Page, frame: number): Promise<void> {
  await page.keyboard.press('g')
  await page.getByLabel('Time', { exact: true }).fill(String(frame / FPS))
  await page.keyboard.press('Enter')
  await page.locator(`output[data-frame="${frame}"]`).waitFor()
}

async function select(page: Page): Promise<void> {
  await page.keyboard.press('Alt+0')
  await page.locator('output[data-frame="0"]').waitFor()
  await goToFrame(page, SELECTED.first)
  await page.keyboard.press('[')
  await goToFrame(page, SELECTED.last)
  await page.keyboard.press(']')
}

async function loopAt(page: Page, rate: number): Promise<ShownNumber[][]> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption(String(rate))
  await page.locator('#content').focus()
  await goToFrame(page, SELECTED.first)
  await watchShown(page)
  await page.keyboard.press('Shift+Space')
  const until = performance.now() + PATIENCE_MS
  let seen = await shownRounds(page)
  while (seen.length <= Number(values.rounds) && performance.now() < until) {
    await page.waitForTimeout(200)
    seen = await shownRounds(page)
  }
  await page.keyboard.press('Shift+Space')
  return seen
}

/** From the last picture of a round to the first of the next, less the time that is theirs, in frames of the film. */
function seams(rounds: readonly ShownNumber[][], rate: number): number[] {
  return rounds.slice(1).map((round, at) => {
    const [first, last] = [round[0], rounds[at]?.at(-1)]
    if (!first || !last) return 0
    const due = SELECTED.last - last.number + 1 + (first.number - SELECTED.first)
    return ((first.atMs - last.atMs) * rate * FPS) / 1000 - due
  })
}

function row(rate: number, seen: readonly ShownNumber[][]): string {
  const rounds = seen.slice(0, -1)
  const outside = seen.flat().filter(({ number }) => number < SELECTED.first || number > SELECTED.last)
  const length = SELECTED.last - SELECTED.first + 1
  const share = rounds.flat().length / (rounds.length * length)
  const late = seams(seen, rate)
  const wrongBegin = seen.slice(1).filter(([first]) => first?.number !== SELECTED.first)
  const cells = [
    `${rate}×`,
    rounds.length,
    outside.length,
    wrongBegin.length,
    `${(share * 100).toFixed(0)} %`,
    ...[0.5, 0.95, 1].map(part => percentile(late, part)?.toFixed(1) ?? '–'),
    loadavg()[0]?.toFixed(0),
  ]
  return `| ${cells.join(' | ')} |`
}

function startHogs(): ChildProcess[] {
  const spin = 'for (;;);'
  return Array.from({ length: Number(values.hogs) }, () => spawn(process.execPath, ['-e', spin]))
}

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
const videos = join(dir, 'videos')
mkdirSync(videos)
makeCamera(join(videos, 'front.mp4'), 0, 8, { digits: DIGITS, scale: Number(values.scale) })
const corpus = join(dir, 'Loop.signwright')
signwright(dir, 'create', corpus, '--name', 'Loop')
signwright(dir, 'import', videos, '--corpus', corpus)
const workstation = await startWorkstation(dir, ['--corpus', corpus])
const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS })
let hogs: ChildProcess[] = []
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(workstation.url)
  await select(page)
  hogs = startHogs()
  console.log('| speed | rounds | outside | begun wrong | frames shown | seam p50 | p95 | most | load |')
  console.log('|---|---|---|---|---|---|---|---|---|')
  for (const rate of RATES) console.log(row(rate, await loopAt(page, rate)))
} finally {
  for (const hog of hogs) hog.kill()
  await browser.close()
  await workstation.stop()
  rmSync(dir, { recursive: true, force: true })
}
