/**
 * Whether the frame number that is shown is the frame on screen: random steps, seeks and pauses on every video of the
 * test corpora, in a real browser, each picture compared with ffmpeg's sequential decode of the file. Prints wrong
 * frames per 10,000 steps, the time from key to picture, and the seam of a loop.
 *
 *   node bench/frames.bench.ts [--steps 300] [--only h264] [--seed 1] [--results FILE]
 *
 * With `--results` each file's tally is kept as soon as it is made: what was stopped goes on where it was, other seeds
 * add steps, and the table printed at the end has everything that the file holds.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { type BenchClip, flatName, VIDEOS, videosIn, withCorpus } from './frames/corpus.ts'
import { clickRuler, installProbe, measureSeam, readShown, type Seam } from './frames/page.ts'
import { percentile, randomNumbers } from './frames/numbers.ts'
import { decodeTruth, judge } from './frames/truth.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '300' },
    only: { type: 'string', default: '.' },
    seed: { type: 'string', default: '1' },
    results: { type: 'string' },
  },
})
const steps = Number(values.steps)

interface Tally {
  file: string
  seed: string
  kind: BenchClip['kind']
  frames: number
  steps: number
  wrong: number
  /** Steps by one frame that did not arrive at the next frame. */
  missed: number
  alike: number
  warm: number[]
  cold: number[]
  seam: Seam | null
}

type Act = 'on' | 'back' | 'seek' | 'play' | 'reverse' | 'end'

const ACTS: readonly Act[] = [...'oooobbbbssssssssppppre'].map(
  letter => ({ o: 'on', b: 'back', s: 'seek', p: 'play', r: 'reverse', e: 'end' })[letter] as Act,
)

async function act(page: Page, what: Act, random: () => number): Promise<void> {
  const { keyboard } = page
  const pause = () => page.waitForTimeout(30 + random() * 250)
  if (what === 'on') return keyboard.press('ArrowRight')
  if (what === 'back') return keyboard.press('ArrowLeft')
  if (what === 'seek') return clickRuler(page, random())
  if (what === 'end') return keyboard.press(random() < 0.5 ? 'Home' : 'End')
  if (random() < 0.5) await keyboard.press(random() < 0.5 ? '.' : ',')
  await keyboard.press(what === 'reverse' ? 'j' : 'Space')
  await pause()
  return keyboard.press('k')
}

function expected(what: Act, from: number, { firstFrame, lastFrame }: BenchClip): number | null {
  if (what === 'on') return Math.min(lastFrame, from + 1)
  return what === 'back' ? Math.max(firstFrame, from - 1) : null
}

async function walk(page: Page, clip: BenchClip, truth: readonly Float32Array[]): Promise<Tally> {
  const tally: Tally = {
    file: clip.name,
    seed: values.seed,
    kind: clip.kind,
    frames: truth.length,
    steps,
    wrong: 0,
    missed: 0,
    alike: 0,
    warm: [],
    cold: [],
    seam: null,
  }
  const random = randomNumbers(Number(values.seed) * 7919 + clip.id)
  let { said } = await readShown(page)
  for (let step = 0; step < steps; step++) {
    const what = ACTS[Math.floor(random() * ACTS.length)] ?? 'on'
    await act(page, what, random)
    const shown = await readShown(page)
    const verdict = judge(shown.colours, shown.said, truth)
    if (verdict.kind === 'alike') tally.alike += 1
    if (verdict.kind === 'wrong') {
      tally.wrong += 1
      console.error(`  ${clip.name}: step ${step} (${what}) says ${shown.said}, shows ${verdict.shown}`)
    }
    const wanted = expected(what, said, clip)
    if (wanted !== null && shown.said !== wanted) {
      tally.missed += 1
      console.error(`  ${clip.name}: step ${step} (${what} from ${said}) came to ${shown.said}`)
    }
    if (shown.latencyMs !== null && wanted !== null) tally.warm.push(shown.latencyMs)
    if (shown.latencyMs !== null && what === 'seek') tally.cold.push(shown.latencyMs)
    said = shown.said
  }
  return tally
}

async function measure(page: Page, url: string, clip: BenchClip): Promise<Tally> {
  const truth = await decodeTruth(clip.path, clip.picture)
  await page.goto(url)
  await page.getByRole('status', { name: 'Frame' }).waitFor({ timeout: 60_000 })
  await installProbe(page, clip.picture)
  await page.keyboard.press('Control+Alt+r')
  const tally = await walk(page, clip, truth)
  return { ...tally, seam: await measureSeam(page, clip.lastFrame - clip.firstFrame + 1) }
}

/** What several rounds on the same file, or on several files, come to. */
function total(file: string, tallies: readonly Tally[]): Tally {
  const sum = (value: (tally: Tally) => number) => tallies.reduce((all, tally) => all + value(tally), 0)
  const seams = tallies.flatMap(({ seam }) => seam ?? [])
  return {
    file,
    seed: '',
    kind: tallies[0]?.kind ?? 'native',
    frames: Math.max(...tallies.map(({ frames }) => frames)),
    steps: sum(each => each.steps),
    wrong: sum(each => each.wrong),
    missed: sum(each => each.missed),
    alike: sum(each => each.alike),
    warm: tallies.flatMap(each => each.warm),
    cold: tallies.flatMap(each => each.cold),
    seam: seams.length === 0 ? null : worst(seams),
  }
}

function worst(seams: readonly Seam[]): Seam {
  return {
    held: Math.max(...seams.map(({ held }) => held)),
    beyond: Math.max(...seams.map(({ beyond }) => beyond)),
  }
}

function row(tally: Tally): string {
  const ms = (times: number[], share: number) => percentile(times, share)?.toFixed(0) ?? '–'
  const cells = [
    tally.file,
    tally.kind,
    tally.frames,
    tally.steps,
    tally.wrong,
    tally.missed,
    tally.alike,
    `${ms(tally.warm, 0.5)}, ${ms(tally.warm, 0.95)}`,
    `${ms(tally.cold, 0.5)}, ${ms(tally.cold, 0.95)}`,
    tally.seam ? `${tally.seam.held.toFixed(1)}, ${tally.seam.beyond}` : '–',
  ]
  return `| ${cells.join(' | ')} |`
}

function table(tallies: readonly Tally[]): string {
  const titles =
    'file|played|frames|steps|wrong|missed|alike|step ms p50, p95|seek ms p50, p95|seam held, beyond'.split(
      '|',
    )
  const files = Map.groupBy(tallies, ({ file }) => file)
  const rows = [...files].toSorted().map(([file, each]) => row(total(file, each)))
  const all = row({ ...total(`${files.size} files`, tallies), frames: 0 })
  return [`| ${titles.join(' | ')} |`, `|${titles.map(() => '---|').join('')}`, ...rows, all].join('\n')
}

function keptTallies(): Tally[] {
  if (!values.results || !existsSync(values.results)) return []
  const lines = readFileSync(values.results, 'utf8').split('\n').filter(Boolean)
  return lines.map(line => JSON.parse(line) as Tally)
}

if (!existsSync(VIDEOS)) {
  console.log(`The test corpora are not on this machine (${VIDEOS}): nothing was measured.`)
  process.exit(0)
}
const tallies = keptTallies()
const isDone = (name: string) => tallies.some(({ file, seed }) => file === name && seed === values.seed)
const files = ['video', 'derived']
  .flatMap(part => videosIn(`${VIDEOS}/${part}`, new RegExp(values.only, 'i')))
  .filter(file => !isDone(flatName(file)))
const failures: string[] = []
await withCorpus(files, async ({ clips, page, urlOf }) => {
  for (const clip of clips) {
    if (isDone(clip.name)) continue
    try {
      const tally = await measure(page, urlOf(clip), clip)
      tallies.push(tally)
      console.error(row(tally))
      if (values.results) appendFileSync(values.results, `${JSON.stringify(tally)}\n`)
    } catch (error) {
      failures.push(`${clip.name}: ${String(error)}`)
      console.error(failures.at(-1))
    }
  }
})
console.log(table(tallies))
if (failures.length > 0) throw new Error(`Not measured:\n${failures.join('\n')}`)
