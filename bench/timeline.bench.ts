/**
 * How the timeline feels when it is full: real input into a real browser on the server shell. For each act, the
 * work of the main thread in each drawn frame and the time between frames, and the heap before and after a session
 * as long as a working day.
 *
 *   node bench/timeline.bench.ts [--annotations 100000] [--tiers 100] [--rounds 400]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import { fillTimeline } from '#main/core/testing/large-corpus.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { findBrowser } from '../scripts/browser.ts'
import { growth, type HeapUse, heapUse } from './heap.ts'
import { monitorFrames, processorTimes, quantile, takeFrames } from './frame-monitor.ts'
import { makeFilmCorpus } from '../e2e/long-film.ts'

const { values } = parseArgs({
  options: {
    annotations: { type: 'string', default: '100000' },
    tiers: { type: 'string', default: '100' },
    /** Zooms, edits and undos of the session. */
    rounds: { type: 'string', default: '400' },
  },
})
const DURATION_S = 6000
const ROWS = [
  ['act', 18],
  ['frames', 7],
  ['processor p50', 14],
  ['p95', 7],
  ['p99', 7],
  ['clock p50', 10],
  ['p95', 7],
  ['p99', 7],
  ['interval p50', 13],
  ['p95', 7],
  ['p99', 7],
  ['load', 6],
] as const

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
try {
  await main(dir)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

/** A recording of a hundred minutes with the wanted tiers. */
function makeCorpus(root: string): string {
  const wanted = { tiers: Number(values.tiers), annotations: Number(values.annotations) }
  return makeFilmCorpus(root, { seconds: DURATION_S, fps: 10 }, (db, recordingId) =>
    fillTimeline(db, { ...wanted, recordingId, durationMs: DURATION_S * 1000 }),
  )
}

async function main(root: string): Promise<void> {
  const workstation = await startWorkstation(root, ['--corpus', makeCorpus(root)])
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await monitorFrames(page)
    await page.goto(workstation.url)
    const began = performance.now()
    await page.goto(new URL('/review', workstation.url).href)
    await page.getByRole('button', { name: 'Tier 1', exact: true }).waitFor()
    console.log(`${values.annotations} annotations on ${values.tiers} tiers; shown after ${seconds(began)} s`)
    await page.waitForTimeout(5000)
    await measureAll({ page, devtools: await page.context().newCDPSession(page) })
  } finally {
    await browser.close()
    await workstation.stop()
  }
}

interface Measured {
  page: Page
  devtools: CDPSession
}

async function measureAll(on: Measured): Promise<void> {
  const { page, devtools } = on
  const rounds = Number(values.rounds)
  // What is compiled and cached once is no growth.
  await session(page, 40)
  const before = await heapUse(devtools)
  console.log(ROWS.map(([name, width]) => name.padStart(width)).join(' '))
  await measure(on, 'zoom', () => zoom(page, 300))
  await measure(on, 'pan', () => pan(page, 300))
  await measure(on, 'scroll tiers', () => scrollTiers(page, 200))
  await measure(on, 'drag an edge', () => drag(page, 300))
  await measure(on, 'nudge and undo', () => editAndUndo(page, 40))
  const began = performance.now()
  await session(page, rounds)
  console.log(`session of ${rounds} edits, undos, zooms and pans: ${seconds(began)} s`)
  await measure(on, 'zoom, afterwards', () => zoom(page, 300))
  await measure(on, 'drag, afterwards', () => drag(page, 300))
  const after = await heapUse(devtools)
  console.log(`heap: ${describe('objects', before, after)}; ${describe('code', before, after)}`)
  printGrowth(before, after)
}

function printGrowth(before: HeapUse, after: HeapUse): void {
  for (const { name, count, bytes } of growth(before, after, 15))
    console.log(`  ${(bytes / 1024).toFixed(0).padStart(8)} KiB  ${String(count).padStart(8)}  ${name}`)
}

async function lanes(page: Page) {
  const box = await page.locator('.lanes').boundingBox()
  const body = await page.locator('.timeline .body').boundingBox()
  if (!box || !body) throw new Error('There is no timeline.')
  return { left: box.x, width: box.width, top: body.y, height: body.height }
}

async function zoom(page: Page, steps: number): Promise<void> {
  const { left, width, top, height } = await lanes(page)
  await page.mouse.move(left + width / 3, top + height / 2)
  await page.keyboard.down('Control')
  for (let step = 0; step < steps; step++)
    await page.mouse.wheel(0, Math.floor(step / 50) % 2 === 0 ? -70 : 70)
  await page.keyboard.up('Control')
}

async function pan(page: Page, steps: number): Promise<void> {
  await zoom(page, 25)
  for (let step = 0; step < steps; step++) await page.mouse.wheel(step % 100 < 50 ? 90 : -90, 0)
  await zoom(page, 0)
  await page.keyboard.press('0')
}

async function scrollTiers(page: Page, steps: number): Promise<void> {
  const { left, top } = await lanes(page)
  await page.mouse.move(left + 50, top + 100)
  for (let step = 0; step < steps; step++) await page.mouse.wheel(0, step < steps / 2 ? 40 : -40)
}

/** Zooms to some seconds and drags whatever edge or body is there back and forth; Escape leaves it as it was. */
async function drag(page: Page, steps: number): Promise<void> {
  await page.keyboard.press('0')
  await zoom(page, 40)
  const { left, width, top } = await lanes(page)
  const y = top + 90
  await page.mouse.move(left + width / 3, y)
  await page.mouse.down()
  for (let step = 0; step < steps; step++)
    await page.mouse.move(left + width / 3 + 60 * Math.sin(step / 9), y)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await page.keyboard.press('0')
}

async function editAndUndo(page: Page, rounds: number): Promise<void> {
  const { left, width, top } = await lanes(page)
  await page.mouse.click(left + width / 2, top + 90)
  await page.keyboard.press('ArrowRight')
  for (let round = 0; round < rounds; round++) {
    await page.keyboard.press(round % 2 ? 'Control+Shift+J' : 'Control+j')
    await page.keyboard.press('Control+z')
  }
}

async function session(page: Page, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 20) {
    await zoom(page, 20)
    await editAndUndo(page, 20)
    await pan(page, 20)
  }
}

async function measure(on: Measured, name: string, act: () => Promise<void>): Promise<void> {
  const { page, devtools } = on
  await takeFrames(page)
  const processor = await processorTimes(devtools, async () => {
    await act()
    await page.waitForTimeout(300)
  })
  const frames = await takeFrames(page)
  const work = frames.map(frame => frame.work)
  const interval = frames.map(frame => frame.interval)
  const cells = [
    name,
    String(frames.length),
    ...[0.5, 0.95, 0.99].map(share => quantile(processor, share).toFixed(1)),
    ...[0.5, 0.95, 0.99].map(share => quantile(work, share).toFixed(1)),
    ...[0.5, 0.95, 0.99].map(share => quantile(interval, share).toFixed(1)),
    (loadavg()[0] ?? 0).toFixed(1),
  ]
  console.log(cells.map((cell, at) => cell.padStart(ROWS[at]?.[1] ?? 8)).join(' '))
}

function describe(part: 'objects' | 'code', before: HeapUse, after: HeapUse): string {
  const growth = ((after[part] / before[part] - 1) * 100).toFixed(1)
  return `${part} ${mib(before[part])} before, ${mib(after[part])} after (${growth} %)`
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
