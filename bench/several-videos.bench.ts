/**
 * Six videos of one event in a real browser: how many frames apart they are while they play at each rate, while the rate
 * changes, and how often they differ once they rest after a jump or a pause. The pictures hold their own numbers, so what
 * is measured is what is on screen. Prints a Markdown table.
 *
 *   node bench/several-videos.bench.ts [--jumps 200] [--seconds 6] [--minutes 0]
 *
 * With `--minutes` six small videos of that length play through first; SIGNWRIGHT_BROWSER names the browser.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { chromium, type Locator, type Page } from '@playwright/test'
import { testCore } from '#main/core/testing/workplace.ts'
import { FPS, makeCamera, readCounters } from '../e2e/cameras.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { findBrowser } from '../scripts/browser.ts'
import { percentile, randomNumbers } from './frames/numbers.ts'

const { values } = parseArgs({
  options: {
    jumps: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '6' },
    minutes: { type: 'string', default: '0' },
  },
})
const minutes = Number(values.minutes)
/** Frames of the event that were over when each began; all cover the same half minute, or the time that was asked for. */
const AHEAD = [30, 0, 7, 13, 22, 29]
const SECONDS = 36 + minutes * 60
const PICTURE = minutes > 0 ? { scale: 0.5, digits: 17 } : { scale: 4 }
const RATES = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4]
const LOOK_MS = 1000
/** Longer than a seek takes on a busy machine. */
const REST_MS = 15_000
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const random = randomNumbers(1)

async function makeCorpus(dir: string): Promise<string> {
  mkdirSync(join(dir, 'videos'))
  const file = (at: number) => join(dir, at === 0 ? 'videos' : '.', `camera-${at + 1}.mp4`)
  AHEAD.forEach((ahead, at) => makeCamera(file(at), ahead, SECONDS, PICTURE))
  const core = await testCore(dir)
  const api = createRouterClient(core.router, { context: {} })
  const corpus = join(dir, 'Cameras.signwright')
  await api.corpus.create({ dir: corpus, name: 'Cameras' })
  await core.settled((await api.importing.start({ source: join(dir, 'videos') })).id, () => {})
  const [clipId] = await api.clip.ids({})
  if (clipId === undefined) throw new Error('The first camera was not imported.')
  const { recordingId } = await api.clip.get({ clipId })
  for (const [at, ahead] of AHEAD.entries())
    if (at > 0) {
      const offsetMs = Math.round((((AHEAD[0] ?? 0) - ahead) * 1000) / FPS)
      await api.media.add({ recordingId, path: file(at), offsetMs })
    }
  await core.close()
  return corpus
}

/** Frames between the earliest and the latest picture on screen. */
function spreadOf(numbers: readonly (number | null)[]): number {
  const shown = numbers.filter(number => number !== null)
  return Math.max(...shown) - Math.min(...shown)
}

interface Row {
  act: string
  samples: number[]
  /** Times that the videos differed at rest. */
  wrong: number | null
}

async function whilePlaying(
  videos: Locator,
  seconds: number,
  act = async (_at: number) => {},
): Promise<number[]> {
  const samples: number[] = []
  const end = performance.now() + seconds * 1000
  for (let at = 0; performance.now() < end; at++) {
    samples.push(spreadOf(await readCounters(videos)))
    await act(at)
  }
  return samples
}

/** How far apart they are when they have come to rest, which they are not before two looks in a row say the same. */
async function atRest(page: Page, videos: Locator): Promise<number> {
  await page.locator('output[data-frame]:not([data-frame=""])').waitFor()
  const end = performance.now() + REST_MS
  let last = await readCounters(videos)
  for (;;) {
    await page.waitForTimeout(80)
    const now = await readCounters(videos)
    if (performance.now() > end) return spreadOf(now)
    if (String(now) === String(last) && spreadOf(now) === 0) return 0
    last = now
  }
}

async function resting(page: Page, videos: Locator, name: string, times: number, act: () => Promise<void>) {
  const row: Row = { act: name, samples: [], wrong: 0 }
  for (let at = 0; at < times; at++) {
    await act()
    const spread = await atRest(page, videos)
    row.samples.push(spread)
    if (spread > 0) row.wrong = (row.wrong ?? 0) + 1
  }
  return row
}

/** Plays through without a jump, and a look every second; then at rest. */
async function longPlay(page: Page, videos: Locator): Promise<Row[]> {
  const samples: number[] = []
  await page.keyboard.press('Home')
  await atRest(page, videos)
  await page.keyboard.press('Space')
  for (let at = 1; at <= minutes; at++) {
    const look = () => page.waitForTimeout(LOOK_MS)
    samples.push(...(await whilePlaying(videos, 60, look)))
    const load = loadavg()[0]?.toFixed(1)
    console.error(
      `${at} minutes: ${percentile(samples, 0.95)} frames at p95, ${Math.max(...samples)} at most; load ${load}`,
    )
  }
  await page.keyboard.press('k')
  const spread = await atRest(page, videos)
  const rest = { act: `at rest after ${minutes} minutes`, samples: [spread], wrong: Number(spread > 0) }
  return [{ act: `playing for ${minutes} minutes`, samples, wrong: null }, rest]
}

async function measure(page: Page): Promise<Row[]> {
  const videos = page.locator('.views video')
  const { keyboard } = page
  const box = await page.locator('.timeline .ruler').boundingBox()
  if (!box) throw new Error('There is no ruler.')
  const rows: Row[] = minutes > 0 ? await longPlay(page, videos) : []
  const jump = () => page.mouse.click(box.x + 4 + random() * (box.width - 8), box.y + box.height / 2)
  rows.push(await resting(page, videos, 'at rest after a jump', Number(values.jumps), jump))

  for (const wanted of RATES) {
    await keyboard.press('Home')
    await atRest(page, videos)
    await setRate(page, wanted)
    await keyboard.press('Space')
    await page.waitForTimeout(400)
    rows.push({
      act: `playing at ${wanted}×`,
      samples: await whilePlaying(videos, Number(values.seconds)),
      wrong: null,
    })
    await keyboard.press('k')
  }
  await setRate(page, 1)
  await keyboard.press('Home')
  await atRest(page, videos)
  await keyboard.press('Space')
  const change = async (at: number) => {
    if (at % 6 === 5) await keyboard.press(random() < 0.5 ? '.' : ',')
  }
  rows.push({
    act: 'playing, the rate changing',
    samples: await whilePlaying(videos, 12, change),
    wrong: null,
  })
  await keyboard.press('k')
  await setRate(page, 1)
  const playAndPause = async () => {
    if (random() < 0.2) await jump()
    await keyboard.press('Space')
    await page.waitForTimeout(200 + random() * 600)
    await keyboard.press('k')
  }
  rows.push(await resting(page, videos, 'at rest after a pause', Number(values.jumps) / 4, playAndPause))
  return rows
}

async function setRate(page: Page, wanted: number): Promise<void> {
  const speed = page.getByRole('combobox', { name: 'Speed' })
  await speed.selectOption(String(wanted))
  await page.locator('#content').focus()
}

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
try {
  const corpus = await makeCorpus(dir)
  const workstation = await startWorkstation(dir, ['--corpus', corpus])
  const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(workstation.url)
    await page.goto(new URL('/review', workstation.url).href)
    await page
      .locator('.views video')
      .nth(AHEAD.length - 1)
      .waitFor({ timeout: 120_000 })
    await page.locator('#content').focus()
    await atRest(page, page.locator('.views video'))
    const rows = await measure(page)
    console.log(`Load ${loadavg()[0]?.toFixed(0)}. Frames between the first and the last of six videos:\n`)
    console.log('| act | samples | p50 | p95 | most | not together at rest |\n|---|---|---|---|---|---|')
    for (const { act, samples, wrong } of rows)
      console.log(
        `| ${act} | ${samples.length} | ${percentile(samples, 0.5)} | ${percentile(samples, 0.95)} | ${Math.max(...samples)} | ${wrong ?? ''} |`,
      )
  } finally {
    await browser.close()
    await workstation.stop()
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
