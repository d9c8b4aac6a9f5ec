/**
 * A folder of many pictures as a recording: import, opening it in the Annotate screen, single steps, jumps, and playing;
 * whether the number that is said is the one in the picture. Times are taken inside the page, from the press to the
 * picture on the canvas.
 *
 *   node bench/folder.bench.ts [--pictures 20000]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { FPS, makeCamera } from '../e2e/cameras.ts'
import { signwright } from '../e2e/command-line.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.ts'
import { clickRuler } from './frames/page.ts'
import { percentile, randomNumbers } from './frames/numbers.ts'

const { values } = parseArgs({ options: { pictures: { type: 'string', default: '20000' } } })
const pictures = Number(values.pictures)
const DIGITS = 15
const STEPS = 200
const JUMPS = 100
const random = randomNumbers(1)

/** Two recordings: a short video, and the pictures. */
function makeCorpus(dir: string): string {
  const media = join(dir, 'media')
  const folder = join(media, 'pictures')
  mkdirSync(folder, { recursive: true })
  makeCamera(join(media, 'a-video.mp4'), 0, 4)
  makeCamera(join(folder, '%06d.jpg'), 0, pictures / FPS, { digits: DIGITS, scale: 4 })
  const corpus = join(dir, 'Pictures.signwright')
  signwright(dir, 'create', corpus, '--name', 'Pictures')
  const began = performance.now()
  const imported = signwright(dir, 'import', media, '--corpus', corpus)
  if (imported.status !== 0) throw new Error(imported.stderr)
  console.log(`| import | ${((performance.now() - began) / 1000).toFixed(1)} s | | |`)
  return corpus
}

interface Shown {
  said: number
  read: number
  ms: number
}

/** Waits for a number other than `before`, and reads the one in the picture at that moment. */
function nextShown(page: Page, before: number): Promise<Shown> {
  return page.evaluate(
    async ({ digits, before }) => {
      const row = new OffscreenCanvas(digits, 1)
      const context = row.getContext('2d', { willReadFrequently: true })
      if (!context) throw new Error('no canvas')
      context.imageSmoothingEnabled = false
      const until = performance.now() + 20_000
      for (;;) {
        const output = document.querySelector('output[data-frame]')
        const cover = document.querySelector<HTMLCanvasElement>('canvas.cover')
        // The words say the frame on screen also while another one is on its way.
        const said = /\d+/.exec(output?.textContent ?? '')?.[0] ?? ''
        if (performance.now() > until) throw new Error(`no other frame than ${before} came up: "${said}"`)
        if (cover && !cover.hidden && said !== '' && Number(said) !== before) {
          context.drawImage(cover, 0, cover.height / 2, cover.width, 1, 0, 0, digits, 1)
          const { data } = context.getImageData(0, 0, digits, 1)
          let read = 0
          for (let at = 0; at < digits; at++) if ((data[4 * at] ?? 0) > 128) read += 2 ** at
          const { pressedAt } = window as unknown as { pressedAt: number }
          return { said: Number(said), read, ms: performance.now() - pressedAt }
        }
        await new Promise(resolve => requestAnimationFrame(resolve))
      }
    },
    { digits: DIGITS, before },
  )
}

async function repeat(page: Page, name: string, times: number, act: (before: number) => Promise<void>) {
  const took: number[] = []
  let [wrong, before] = [0, -1]
  for (let at = 0; at < times; at++) {
    await act(before)
    const shown = await nextShown(page, before)
    if (shown.said !== shown.read) wrong += 1
    before = shown.said
    if (at > 0) took.push(shown.ms)
    // A key pressed by hand comes no sooner.
    await page.waitForTimeout(30)
  }
  const ms = [0.5, 0.95].map(share => `${percentile(took, share)?.toFixed(0)} ms`)
  console.log(`| ${name} | ${ms.join(' | ')} | ${wrong} of ${times} |`)
}

async function playing(page: Page): Promise<void> {
  await page.keyboard.press('Home')
  await page.locator('output[data-frame="0"]').waitFor()
  await page.keyboard.press('Space')
  const seen = new Set<number>()
  const until = performance.now() + 8000
  let wrong = 0
  while (performance.now() < until) {
    const { said, read } = await nextShown(page, [...seen].at(-1) ?? -1)
    if (said !== read) wrong += 1
    seen.add(said)
  }
  await page.keyboard.press('k')
  const last = Math.max(...seen)
  console.log(`| playing, 1× | ${last} frames of ${8 * FPS} in 8 s | ${seen.size} seen | ${wrong} wrong |`)
}

async function measure(page: Page): Promise<void> {
  await page.keyboard.press('Alt+0')
  await page.locator('output[data-frame="0"]').waitFor({ timeout: 60_000 })
  await page.evaluate(() => {
    const note = () => Object.assign(window, { pressedAt: performance.now() })
    addEventListener('keydown', note, { capture: true })
    addEventListener('pointerdown', note, { capture: true })
  })
  await page.getByRole('row', { name: /^pictures/ }).click()
  const opened = await nextShown(page, -1)
  const isRight = opened.said === opened.read
  console.log(
    `| opening | ${opened.ms.toFixed(0)} ms | | frame ${opened.said}, ${isRight ? 'right' : 'wrong'} |`,
  )
  await page.locator('#content').focus()
  await page.waitForTimeout(2000)
  await repeat(page, 'one frame on', STEPS, () => page.keyboard.press('ArrowRight'))
  await repeat(page, 'one frame back', STEPS / 2, () => page.keyboard.press('ArrowLeft'))
  await repeat(page, 'jump anywhere', JUMPS, () => clickRuler(page, random()))
  await playing(page)
}

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
try {
  console.log(`| ${pictures} pictures | p50 | p95 | wrong |\n|---|---|---|---|`)
  const corpus = makeCorpus(dir)
  const workstation = await startWorkstation(dir, ['--corpus', corpus])
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(workstation.url)
    await measure(page)
    console.log(`Load ${loadavg()[0]?.toFixed(0)}.`)
  } finally {
    await browser.close()
    await workstation.stop()
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
