/**
 * Whether the frame number that is shown is the frame on screen: random steps, seeks and pauses on every video of the
 * test corpora, in a real browser, each picture compared with ffmpeg's sequential decode of the file. Prints wrong
 * frames per 10,000 steps, the time from key to picture, and the seam of a loop.
 *
 *   node bench/frames.bench.ts [--steps 300] [--only h264] [--seed 1]
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { type BenchClip, VIDEOS, videosIn, withCorpus } from './frames/corpus.ts'
import { clickRuler, installProbe, measureSeam, readShown } from './frames/page.ts'
import { percentile, randomNumbers } from './frames/numbers.ts'
import { decodeTruth, judge } from './frames/truth.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '300' },
    only: { type: 'string', default: '.' },
    seed: { type: 'string', default: '1' },
  },
})
const steps = Number(values.steps)

interface Tally {
  file: string
  frames: number
  steps: number
  wrong: number
  /** Steps by one frame that did not arrive at the next frame. */
  missed: number
  alike: number
  warm: number[]
  cold: number[]
  seam: number | null
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
  return { ...tally, seam: await measureSeam(page) }
}

function line(tally: Tally): string {
  const per = ((tally.wrong * 10_000) / tally.steps).toFixed(1)
  const ms = (times: number[], share: number) => percentile(times, share)?.toFixed(0) ?? '–'
  return [
    tally.file.padEnd(44),
    String(tally.frames).padStart(6),
    String(tally.steps).padStart(6),
    per.padStart(8),
    String(tally.missed).padStart(7),
    String(tally.alike).padStart(6),
    `${ms(tally.warm, 0.5)}/${ms(tally.warm, 0.95)}`.padStart(10),
    `${ms(tally.cold, 0.5)}/${ms(tally.cold, 0.95)}`.padStart(10),
    (tally.seam === null ? '–' : tally.seam.toFixed(2)).padStart(7),
  ].join(' ')
}

if (!existsSync(VIDEOS)) {
  console.log(`The test corpora are not on this machine (${VIDEOS}): nothing was measured.`)
  process.exit(0)
}
const files = ['video', 'derived'].flatMap(part =>
  videosIn(`${VIDEOS}/${part}`, new RegExp(values.only, 'i')),
)
console.log(
  [
    'file'.padEnd(44),
    'frames',
    ' steps',
    'wrong/10k',
    'missed',
    'alike',
    'step ms',
    'seek ms p50/p95',
    'seam (frames)',
  ].join(' '),
)
await withCorpus(files, async ({ clips, page, urlOf }) => {
  const tallies: Tally[] = []
  for (const clip of clips) {
    const tally = await measure(page, urlOf(clip), clip)
    tallies.push(tally)
    console.log(line(tally))
  }
  const sum = (value: (tally: Tally) => number) => tallies.reduce((total, tally) => total + value(tally), 0)
  const all: Tally = {
    file: `${tallies.length} files`,
    frames: sum(each => each.frames),
    steps: sum(each => each.steps),
    wrong: sum(each => each.wrong),
    missed: sum(each => each.missed),
    alike: sum(each => each.alike),
    warm: tallies.flatMap(each => each.warm),
    cold: tallies.flatMap(each => each.cold),
    seam: Math.max(...tallies.map(each => each.seam ?? 0)),
  }
  console.log(line(all))
})
