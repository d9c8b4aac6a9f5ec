/**
 * Comparing runs over many segments: how soon every chart and the list have followed a filter, in a real browser on the
 * server shell; and what buckets and n-gram differences cost beside the same definitions in plain Python.
 *
 *   node bench/compare.bench.ts [--segments 100000] [--rounds 60]
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Locator, type Page } from '@playwright/test'
import { AnalysisFilter, AnalysisScope } from '#shared/contract/analysis.ts'
import { RunId } from '#shared/contract/ids.ts'
import { createAnalysis } from '#main/core/analysis/analysis.ts'
import { fillCorpus } from '#main/core/testing/large-corpus.ts'
import { openDatabase } from '#main/db/open.ts'
import type { WriteDb } from '#main/db/types.ts'
import { tokenizerNamed } from '#main/metrics/tokenizers.ts'
import { signwright } from '../e2e/command-line.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { findBrowser } from '../scripts/browser.ts'
import { quantile } from './frame-monitor.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    segments: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '60' },
  },
})
const [segments, rounds] = [Number(values.segments), Number(values.rounds)]
const LIST = 'Segments with the outputs of each run'

using work = workFolder()
const dir = work.path
const corpus = makeCorpus(dir)
await measureComputing(corpus)
await measureWindow(corpus)

function makeCorpus(root: string): string {
  const corpus = join(root, 'Large.signwright')
  const made = signwright(root, 'create', corpus, '--name', 'Large')
  if (made.status !== 0) throw new Error(made.stderr)
  const db = openDatabase(join(corpus, 'corpus.sqlite'), { create: false })
  fillCorpus(db, { clips: segments, annotations: 0 })
  makeOutputs(db)
  db.close()
  return corpus
}

/** Outputs that are the reference with words lost, doubled and exchanged, fewer of them in the second run. */
function makeOutputs(db: WriteDb): void {
  const rows = db
    .prepare(
      `SELECT hypothesis.id, hypothesis.run_id AS run, reference.text FROM hypothesis JOIN reference USING (clip_id)`,
    )
    .all() as { id: number; run: number; text: string }[]
  const update = db.prepare('UPDATE hypothesis SET text = ? WHERE id = ?')
  let state = 1
  const chance = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
  db.transaction(() => {
    for (const { id, run, text } of rows) {
      const rate = run === 1 ? 0.3 : 0.2
      const words = text.split(' ')
      const noisy = words.flatMap(word => {
        const at = chance()
        if (at < rate / 3) return []
        if (at < (2 * rate) / 3) return [word, word]
        return [at < rate ? words[Math.floor(chance() * words.length)]! : word]
      })
      update.run(noisy.join(' '), id)
    }
  })()
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`
}

function tell(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const [middle, high] = [quantile(sorted, 0.5), quantile(sorted, 0.95)]
  console.log(
    `${what.padEnd(40)} p50 ${milliseconds(middle)}, p95 ${milliseconds(high)}, most ${milliseconds(sorted.at(-1) ?? 0)} (${times.length} times)`,
  )
}

async function processorSeconds(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

async function measureComputing(corpus: string): Promise<void> {
  const db = openDatabase(join(corpus, 'corpus.sqlite'), { create: false })
  const analysis = createAnalysis(db)
  const [from, to] = [RunId.parse(1), RunId.parse(2)]
  const scope = AnalysisScope.parse({ runIds: [from, to], tokenize: '13a' })
  const question = { scope, version: 0, filter: AnalysisFilter.parse({}), pair: { from, to } }
  const task = { signal: new AbortController().signal, progress: () => {} }
  const prepared = await processorSeconds(() => analysis.prepare(question, task))
  const buckets = await processorSeconds(() =>
    analysis.view(
      {
        ...question,
        scope: { ...scope, cutOffs: { ...scope.cutOffs, duration: [3] } },
        kinds: ['length', 'frequency'],
      },
      task,
    ),
  )
  const ngrams = await processorSeconds(() =>
    analysis.ngrams({ ...question, orders: [1, 2, 3, 4], limit: 20 }, task),
  )
  console.log(
    `${segments} segments, 2 runs: read and scored (BLEU) in ${prepared.toFixed(1)} s of processor time; load ${loadavg()[0]?.toFixed(1)}`,
  )
  const peer = peerSeconds(db)
  db.close()
  console.log(
    `buckets of nine kinds, two of them drawn: ${buckets.toFixed(2)} s; Python, those two: ${peer.buckets.toFixed(2)} s`,
  )
  console.log(`n-grams of orders 1 to 4: ${ngrams.toFixed(2)} s; Python: ${peer.ngrams.toFixed(2)} s`)
}

/** The same lines, tokenised, through the plain Python statement of compare-mt's definitions. */
function peerSeconds(db: WriteDb): { buckets: number; ngrams: number } {
  const { text } = tokenizerNamed('13a')
  const lines = (sql: string) =>
    (db.prepare(sql).pluck().all() as string[]).map(line => text(line)).join('\n')
  const write = (name: string, sql: string) => writeFileSync(join(dir, `${name}.txt`), lines(sql))
  write('ref', 'SELECT text FROM reference ORDER BY clip_id')
  write('a', 'SELECT text FROM hypothesis WHERE run_id = 1 ORDER BY clip_id')
  write('b', 'SELECT text FROM hypothesis WHERE run_id = 2 ORDER BY clip_id')
  write('train', `SELECT text FROM reference JOIN clip ON clip.id = clip_id WHERE split = 'train'`)
  const peer = new URL('peer_compare_mt.py', import.meta.url).pathname
  const { stdout, stderr, status } = spawnSync('python3', [peer, dir], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as { buckets: number; ngrams: number }
}

async function measureWindow(corpus: string): Promise<void> {
  const workstation = await startWorkstation(dir, ['--corpus', corpus])
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(workstation.url)
    await page.goto(new URL('/compare', workstation.url).href)
    const began = performance.now()
    await page.getByRole('tab', { name: 'Segments' }).click()
    await page.getByRole('region', { name: LIST }).getByRole('article').first().waitFor({ timeout: 600_000 })
    console.log(`first shown after ${((performance.now() - began) / 1000).toFixed(1)} s`)
    await measureFilters(page)
  } finally {
    await browser.close()
    await workstation.stop()
  }
}

/** A button that was pressed is called otherwise, so the first of those left is the next. */
async function showTables(charts: Locator): Promise<void> {
  const button = charts.getByRole('button', { name: 'Show as a table' })
  for (let left = await button.count(); left > 0; left--) await button.first().click()
}

async function measureFilters(page: Page): Promise<void> {
  const charts = page.getByRole('complementary', { name: 'Charts of the segments' })
  await showTables(charts)
  tell('bucket picked, four charts of buckets', await pickTimes(page))
  await charts.getByRole('tab', { name: 'Scores' }).click()
  await showTables(charts)
  tell('bin picked, distributions and four buckets', await pickTimes(page))
  console.log(`load ${loadavg()[0]?.toFixed(1)}`)
}

/** Presses marks in turn. Timed in the page, from the press to the frame in which the counts and charts have changed. */
function pickTimes(page: Page): Promise<number[]> {
  return page.evaluate(async times => {
    const status = () => [...document.querySelectorAll('[role=status]')].map(each => each.textContent).join()
    const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
    const taken: number[] = []
    for (let at = 0; at < times; at++) {
      const marks = [...document.querySelectorAll<HTMLElement>('aside figure button[aria-pressed]')].filter(
        mark => Number(mark.closest('tr')?.querySelector('td')?.textContent?.replaceAll(/\D/g, '')) > 0,
      )
      const mark = marks[(at * 7) % marks.length]
      const before = status()
      const began = performance.now()
      mark?.click()
      while (status() === before && performance.now() - began < 5000) await frame()
      taken.push(performance.now() - began)
      await new Promise(resolve => setTimeout(resolve, 250))
      const clear = [...document.querySelectorAll<HTMLElement>('.chips > button')].at(-1)
      clear?.click()
      await new Promise(resolve => setTimeout(resolve, 350))
    }
    return taken
  }, rounds)
}
