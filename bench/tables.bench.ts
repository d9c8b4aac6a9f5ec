/**
 * How the tables of the Annotate screen feel when they are full: real keys into a real browser on the server shell, with
 * one tier of so many rows, and ten more tiers with a tenth as many together. For each act, what the page's main thread worked for one key, and
 * its longest task, in milliseconds on a processor: unlike a clock's, these do not grow with what else the machine does.
 *
 *   node bench/tables.bench.ts [--rows 100000]
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import { fillTimeline } from '#main/core/testing/large-corpus.ts'
import type { openDatabase } from '#main/db/open.ts'
import { makeFilmCorpus } from '../e2e/long-film.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { findBrowser } from '../scripts/browser.ts'
import { mainThreadWork } from './frame-monitor.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
const ROWS = Number(values.rows)
const DURATION_S = 10_000
const SETTLE_MS = 1500

using work = workFolder()
const dir = work.path
await main(dir)

function makeCorpus(root: string): string {
  return makeFilmCorpus(root, { seconds: DURATION_S, fps: 5 }, (db, recordingId) => {
    fillTimeline(db, { recordingId, durationMs: DURATION_S * 1000, tiers: 10, annotations: ROWS / 10 })
    fillLargest(db, recordingId)
  })
}

/** All rows on one tier, end to end. */
function fillLargest(db: ReturnType<typeof openDatabase>, recordingId: number): void {
  const tier = db.prepare(
    `INSERT INTO tier (recording_id, type_id, name, ordinal, participant, annotator, language)
     SELECT ?, type_id, 'Largest', 1000, '', '', '' FROM tier WHERE type_id IS NOT NULL LIMIT 1`,
  )
  const tierId = tier.run(recordingId).lastInsertRowid
  const add = db.prepare('INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)')
  const lengthMs = Math.floor((DURATION_S * 1000) / ROWS)
  db.transaction(() => {
    for (let n = 0; n < ROWS; n++) add.run(tierId, n * lengthMs, (n + 1) * lengthMs, `WETTER-${n % 900}`)
  })()
}

async function main(root: string): Promise<void> {
  const workstation = await startWorkstation(root, ['--corpus', makeCorpus(root)])
  const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update']
  const browser = await chromium.launch({ executablePath: findBrowser(), args })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    await page.goto(workstation.url)
    const began = performance.now()
    await page.keyboard.press('Alt+0')
    await page.getByRole('radio', { name: 'Transcription' }).click()
    await page.getByRole('combobox', { name: 'Rows' }).selectOption('Largest')
    await page.getByRole('grid', { name: 'Transcription' }).waitFor()
    console.log(
      `${ROWS} rows on one tier; shown after ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
    )
    await page.getByRole('button', { name: 'Play each row' }).click()
    await page.waitForTimeout(5000)
    console.log('| act | times | ms for each | longest task, ms | load |\n| --- | --- | --- | --- | --- |')
    await measureAll(page, await page.context().newCDPSession(page))
  } finally {
    await browser.close()
    await workstation.stop()
  }
}

async function measureAll(page: Page, devtools: CDPSession): Promise<void> {
  const measure = async (act: string, times: number, once: (at: number) => Promise<void>) => {
    const work = await mainThreadWork(devtools, async () => {
      for (let at = 0; at < times; at++) await once(at)
      await page.waitForTimeout(SETTLE_MS)
    })
    const sum = work.reduce((total, task) => total + task, 0)
    const cells = [
      act,
      times,
      (sum / times).toFixed(1),
      Math.max(...work).toFixed(1),
      loadavg()[0]?.toFixed(1),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  const transcription = page.getByRole('grid', { name: 'Transcription' })
  await transcription.hover()
  await measure('wheel through the rows', 200, async at => page.mouse.wheel(0, at % 100 < 50 ? 2000 : -1500))
  await transcription.focus()
  await page.keyboard.press('Home')
  await measure('one row down', 100, async () => page.keyboard.press('ArrowDown'))
  await page.keyboard.press('Enter')
  await measure('type a text and go on', 20, async at => {
    await page.keyboard.type(`NEU-${at}`)
    await page.keyboard.press('Enter')
    await page.waitForTimeout(400)
  })
  await page.keyboard.press('Escape')
  await measure('undo', 10, async () => {
    await page.keyboard.press('Control+z')
    await page.waitForTimeout(400)
  })

  await page.getByRole('radio', { name: 'Gloss grid' }).click()
  await page.getByRole('button', { name: 'All annotations' }).click()
  const all = page.getByRole('grid', { name: 'All annotations' })
  await all.hover()
  await measure('wheel through all annotations', 200, async at =>
    page.mouse.wheel(0, at % 100 < 50 ? 2000 : -1500),
  )
  const field = page.getByRole('searchbox', { name: 'Filter by text' })
  await field.focus()
  await measure('a letter of the filter', 5, async at => {
    await page.keyboard.type('wette'[at] ?? '')
    await page.waitForTimeout(400)
  })
}
