/**
 * From the key or the click to the new picture, on a film of Full HD with a key frame every 250: single steps, a step held
 * down, jumps, and the same at each speed while it plays. Times are taken inside the page. The number that is said is
 * compared with the one in the picture.
 *
 *   node bench/latency.bench.ts [--steps 100] [--gop 250] [--minutes 1] [--height 1080]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { FPS } from '../e2e/cameras.ts'
import { signwright } from '../e2e/command-line.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.ts'
import { clickRuler } from './frames/page.ts'
import { percentile, randomNumbers } from './frames/numbers.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '100' },
    gop: { type: 'string', default: '250' },
    minutes: { type: 'string', default: '1' },
    height: { type: 'string', default: '1080' },
  },
})
/** Even: the source of the blocks rounds its width down. */
const DIGITS = 16
const steps = Number(values.steps)
const random = randomNumbers(1)
const SPEEDS = [0.05, 0.25, 0.5, 1, 2, 4, 8]
const PLAY_MS = 4000

/** A test picture in motion, with the binary digits of each frame's number along its top. */
function makeFilm(file: string): void {
  const [height, seconds, gop] = [Number(values.height), Number(values.minutes) * 60, values.gop]
  const width = Math.round((height * 16) / 9 / 2) * 2
  const input = (source: string) => ['-f', 'lavfi', '-i', `${source}:rate=${FPS}:duration=${seconds}`]
  const film = input(`testsrc2=size=${width}x${height}`)
  const counter = input(`color=size=${DIGITS}x2`)
  const digits = `format=gray,geq=lum='20+210*mod(floor(N/pow(2,X)),2)'`
  const top = `scale=${width}:${Math.round(height / 10)}:flags=neighbor`
  const graph = `[1:v]${digits},${top}[top];[0:v][top]overlay=0:0`
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-pix_fmt', 'yuv420p']
  const keys = ['-g', gop, '-keyint_min', gop, '-sc_threshold', '0']
  const args = ['-v', 'error', ...film, ...counter, '-filter_complex', graph, ...coding, ...keys, file]
  const made = spawnSync('ffmpeg', args)
  if (made.status !== 0) throw new Error(made.stderr.toString())
}

interface Arrival {
  said: number
  read: number
  /** Since the newest key or click. */
  ms: number
}

interface ProbedWindow {
  arrivals: Arrival[]
}

/** Notes each new number with the number in the picture on screen at that moment. */
async function installProbe(page: Page): Promise<void> {
  await page.evaluate(digits => {
    const row = new OffscreenCanvas(digits, 1)
    const context = row.getContext('2d', { willReadFrequently: true })
    const [video, cover] = [
      document.querySelector('video'),
      document.querySelector<HTMLCanvasElement>('canvas.cover'),
    ]
    const output = document.querySelector('output[data-frame]')
    if (!context || !video || !cover || !output) throw new Error('There is no player.')
    context.imageSmoothingEnabled = false
    const arrivals: Arrival[] = []
    let pressedAt = 0
    const press = () => (pressedAt = performance.now())
    addEventListener('keydown', press, { capture: true })
    addEventListener('pointerdown', press, { capture: true })
    const readNumber = () => {
      const top = cover.hidden ? video : cover
      const [width, height] = cover.hidden
        ? [video.videoWidth, video.videoHeight]
        : [cover.width, cover.height]
      context.drawImage(top, 0, height / 20, width, 1, 0, 0, digits, 1)
      const { data } = context.getImageData(0, 0, digits, 1)
      let number = 0
      for (let at = 0; at < digits; at++) if ((data[4 * at] ?? 0) > 128) number += 2 ** at
      return number
    }
    let last = ''
    new MutationObserver(() => {
      // The words say the frame on screen also while another one is on its way.
      const now = /\d+/.exec(output.textContent ?? '')?.[0] ?? ''
      if (now === '' || now === last) return
      last = now
      arrivals.push({ said: Number(now), read: readNumber(), ms: performance.now() - pressedAt })
    }).observe(output, { attributes: true, characterData: true, childList: true, subtree: true })
    Object.assign(window, { arrivals })
  }, DIGITS)
}

const takeArrivals = (page: Page) =>
  page.evaluate(() => (window as unknown as ProbedWindow).arrivals.splice(0))

async function settled(page: Page): Promise<void> {
  await page.locator('output[aria-busy="false"]:not([data-frame=""])').waitFor({ timeout: 60_000 })
}

function print(name: string, arrivals: readonly Arrival[], times = arrivals.map(({ ms }) => ms)): void {
  const wrong = arrivals.filter(({ said, read }) => said !== read).length
  const ms = [0.5, 0.95].map(share => percentile(times, share)?.toFixed(0) ?? '–')
  console.log(`| ${name} | ${arrivals.length} | ${ms.join(' | ')} | ${wrong} | ${loadavg()[0]?.toFixed(0)} |`)
}

/** One at a time: the newest picture after each act is the one that was asked for. */
async function oneByOne(page: Page, name: string, times: number, act: () => Promise<void>): Promise<void> {
  const newest: Arrival[] = []
  for (let at = 0; at < times; at++) {
    await takeArrivals(page)
    await act()
    await page.waitForTimeout(20)
    await settled(page)
    newest.push(...(await takeArrivals(page)).slice(-1))
  }
  print(name, newest)
}

/** A key that repeats thirty times a second: how often a picture comes, and how long after the last one it goes on. */
async function heldDown(page: Page, key: string): Promise<void> {
  await takeArrivals(page)
  const began = performance.now()
  for (let at = 0; at < steps; at++) {
    await page.keyboard.down(key)
    const wait = began + (at + 1) * 33 - performance.now()
    if (wait > 0) await page.waitForTimeout(wait)
  }
  await page.keyboard.up(key)
  await settled(page)
  const arrivals = await takeArrivals(page)
  const seconds = (performance.now() - began) / 1000
  print(`${key} held down: ${(arrivals.length / seconds).toFixed(0)} pictures a second`, arrivals)
  console.log(`| … from the last key to its picture | 1 | ${arrivals.at(-1)?.ms.toFixed(0)} | | | |`)
}

async function playing(page: Page, speed: number, isReverse: boolean): Promise<void> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption(String(speed))
  await page.locator('#content').focus()
  await page.keyboard.press(isReverse ? 'End' : 'Home')
  await settled(page)
  await takeArrivals(page)
  await page.keyboard.press(isReverse ? 'j' : 'Space')
  await page.waitForTimeout(PLAY_MS)
  const arrivals = await takeArrivals(page)
  await page.keyboard.press('k')
  await settled(page)
  const went = Math.abs((arrivals.at(-1)?.said ?? 0) - (arrivals[0]?.said ?? 0))
  const pace = ((went * 1000) / FPS / PLAY_MS / speed) * 100
  print(`${isReverse ? 'backwards ' : ''}${speed}×: ${pace.toFixed(0)} % of the speed`, arrivals, [])
}

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
const media = join(dir, 'media')
mkdirSync(media)
makeFilm(join(media, 'film.mp4'))
const corpus = join(dir, 'Film.signwright')
signwright(dir, 'create', corpus, '--name', 'Film')
signwright(dir, 'import', media, '--corpus', corpus)
const workstation = await startWorkstation(dir, ['--corpus', corpus])
const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(workstation.url)
  await page.keyboard.press('Alt+0')
  await page.locator('output[data-frame="0"]').waitFor({ timeout: 60_000 })
  await page.locator('#content').focus()
  await installProbe(page)
  console.log(`| act | pictures | ms p50 | p95 | wrong | load |\n|---|---|---|---|---|---|`)
  await oneByOne(page, 'jump anywhere', steps, () => clickRuler(page, random()))
  await oneByOne(page, 'one frame on', steps, () => page.keyboard.press('ArrowRight'))
  await oneByOne(page, 'one frame back', steps, () => page.keyboard.press('ArrowLeft'))
  await heldDown(page, 'ArrowRight')
  await heldDown(page, 'ArrowLeft')
  for (const speed of SPEEDS) await playing(page, speed, false)
  for (const speed of [0.25, 1, 2]) await playing(page, speed, true)
} finally {
  await browser.close()
  await workstation.stop()
  rmSync(dir, { recursive: true, force: true })
}
