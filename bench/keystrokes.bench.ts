/**
 * A recording of so many minutes with known sign boundaries, segmented and glossed by keyboard in a real browser with two
 * keymaps: keys pressed for each step beside those that ELAN 7.0's key table asks for, and how far off the boundaries are before and
 * after one pass of nudging. Prints a Markdown table.
 *
 *     node bench/keystrokes.bench.ts [minutes] [keymap]      SIGNWRIGHT_BROWSER=/usr/bin/chromium
 *
 * The annotator is a script that knows the true boundaries: it presses the key when the frame of a boundary is on screen,
 * late by a reaction drawn from a normal distribution (mean 220 ms, standard deviation 45 ms, the simple visual reaction
 * time that handbooks give; seed 1), and while nudging moves each boundary until it is right, three frames at most. So the
 * key counts are those of the program, and the errors are those of its timing, not of an eye.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { chromium, type Page } from '@playwright/test'
import { makeLongCorpus, type Sign } from '../e2e/long-recording.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { BROWSER_FLAGS } from '../scripts/browser.ts'
import { workFolder } from './work-folder.ts'

const FRAME_MS = 40
const MOST_NUDGES = 3
const REACTION = { meanMs: 220, deviationMs: 45 }

interface Keys {
  mark: string
  next: string
  commit: string
  nudge: { startEarlier: string; startLater: string; endEarlier: string; endLater: string }
}

const NUDGE = {
  startEarlier: 'Control+j',
  startLater: 'Control+u',
  endEarlier: 'Control+Shift+j',
  endLater: 'Control+Shift+u',
}
const KEYMAPS: Record<string, Keys> = {
  signwright: { mark: 's', next: 'Alt+ArrowRight', commit: 'Enter', nudge: NUDGE },
  elan: { mark: 'Enter', next: 'Alt+ArrowRight', commit: 'Enter', nudge: NUDGE },
}

interface Outcome {
  keymap: string
  signs: number
  segmentKeys: number
  nudgeKeys: number
  glossKeys: number
  letters: number
  before: number
  after: number
}

/** Keys pressed, chords counted as one. */
function createKeyboard(page: Page) {
  let count = 0
  return {
    press: async (key: string) => {
      count += 1
      await page.keyboard.press(key)
    },
    take: () => {
      const taken = count
      count = 0
      return taken
    },
  }
}

/** Normal numbers from a linear congruential generator: the same on every machine. */
function createReactions(seed: number): () => number {
  let state = seed
  const uniform = () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    return Math.max(0, REACTION.meanMs + REACTION.deviationMs * normal)
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function stored(corpus: string): Sign[] {
  const db = new Database(join(corpus, 'corpus.sqlite'), { readonly: true })
  const rows = db
    .prepare(
      `SELECT start_ms AS startMs, end_ms AS endMs, annotation.value AS gloss
       FROM annotation JOIN tier ON tier.id = tier_id WHERE tier.name = 'Signs' ORDER BY start_ms`,
    )
    .all() as Sign[]
  db.close()
  return rows
}

function errorsOf(made: readonly Sign[], truth: readonly Sign[]): number[] {
  return truth.flatMap(({ startMs, endMs }, at) => {
    const sign = made[at]
    return sign
      ? [Math.abs(sign.startMs - startMs), Math.abs(sign.endMs - endMs)].map(ms => ms / FRAME_MS)
      : []
  })
}

/** Waits in the page until the video shows a time, then for the reaction. */
async function waitForBoundary(page: Page, timeMs: number, reactionMs: number): Promise<void> {
  await page.evaluate(
    ([seconds, later]) =>
      new Promise<void>(resolve => {
        const video = document.querySelector('video')
        const look = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
          if (mediaTime >= (seconds ?? 0) - 0.001) setTimeout(resolve, later)
          else video?.requestVideoFrameCallback(look)
        }
        video?.requestVideoFrameCallback(look)
      }),
    [timeMs / 1000, reactionMs],
  )
}

async function chooseMode(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).click()
  await page.locator('#content').focus()
}

async function nudge(
  press: (key: string) => Promise<void>,
  keys: Keys,
  made: Sign,
  truth: Sign,
): Promise<void> {
  const steps = (from: number, to: number) => Math.round((to - from) / FRAME_MS)
  const pairs = [
    [steps(made.startMs, truth.startMs), keys.nudge.startEarlier, keys.nudge.startLater],
    [steps(made.endMs, truth.endMs), keys.nudge.endEarlier, keys.nudge.endLater],
  ] as const
  for (const [frames, earlier, later] of pairs)
    for (let at = 0; at < Math.min(MOST_NUDGES, Math.abs(frames)); at += 1)
      await press(frames < 0 ? earlier : later)
}

async function protocol(
  page: Page,
  corpus: string,
  keymap: string,
  truth: readonly Sign[],
): Promise<Outcome> {
  const keys = KEYMAPS[keymap]
  if (!keys) throw new Error(`no keys for ${keymap}`)
  const { press, take } = createKeyboard(page)
  const reaction = createReactions(1)

  await page.keyboard.press('Alt+0')
  await page.locator('.icon-button[aria-label="Add a tier"]').click()
  await page.getByLabel('Name').fill('Signs')
  await page.keyboard.press('Enter')
  await chooseMode(page, 'Segmentation')
  await page.getByRole('combobox', { name: 'What a stroke means' }).selectOption('pairs')
  await page.getByLabel('ms reaction').fill(String(REACTION.meanMs))
  await page.locator('#content').focus()

  await press(keymap === 'elan' ? 'Control+Space' : 'Space')
  for (const { startMs, endMs } of truth) {
    await waitForBoundary(page, startMs, reaction())
    await press(keys.mark)
    await waitForBoundary(page, endMs, reaction())
    await press(keys.mark)
  }
  await press(keymap === 'elan' ? 'Control+Space' : 'Space')
  await page.waitForTimeout(1000)
  const segmentKeys = take()
  const rough = stored(corpus)
  const before = median(errorsOf(rough, truth))

  await page.keyboard.press('Home')
  await chooseMode(page, 'Annotation')
  for (const [at, sign] of truth.entries()) {
    const made = rough[at]
    if (!made) break
    await press(keys.next)
    await nudge(press, keys, made, sign)
  }
  await page.waitForTimeout(1000)
  const nudgeKeys = take()
  const after = median(errorsOf(stored(corpus), truth))

  await chooseMode(page, 'Transcription')
  await page.getByRole('combobox', { name: 'Rows' }).selectOption('Signs')
  await page.getByRole('button', { name: 'Play each row' }).click()
  await page.getByRole('grid', { name: 'Transcription' }).focus()
  await page.keyboard.press('Home')
  await press('Enter')
  let letters = 0
  for (const { gloss } of truth) {
    await page.keyboard.type(gloss)
    letters += gloss.length
    await press(keys.commit)
  }
  await page.waitForTimeout(1500)
  const glossed = stored(corpus).filter((sign, at) => sign.gloss === truth[at]?.gloss).length
  if (glossed !== truth.length) throw new Error(`${glossed} of ${truth.length} glosses were stored`)
  return {
    keymap,
    signs: truth.length,
    segmentKeys,
    nudgeKeys,
    glossKeys: take() + letters,
    letters,
    before,
    after,
  }
}

async function run(minutes: number, keymap: string): Promise<Outcome> {
  using work = workFolder()
  const dataDir = work.path
  const { corpus, sentences } = makeLongCorpus(dataDir, minutes, false)
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  const browser = await chromium.launch({
    executablePath: process.env['SIGNWRIGHT_BROWSER'] ?? '/usr/bin/chromium',
    args: BROWSER_FLAGS,
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    await page.goto(workstation.url)
    await page.keyboard.press('Alt+9')
    await page.getByRole('combobox', { name: 'Keymap' }).selectOption(keymap)
    return await protocol(
      page,
      corpus,
      keymap,
      sentences.flatMap(({ signs }) => signs),
    )
  } finally {
    await browser.close()
    await workstation.stop()
  }
}

/**
 * What ELAN 7.0 asks for by its default bindings: two strokes a sign in segmentation mode; next annotation and a key a
 * step in annotation mode (there a step is a pixel of the timeline, counted as a frame in its favour); in transcription
 * mode a key to open the first cell and Enter after each text.
 */
function elanKeys({ signs, nudgeKeys, letters }: Outcome) {
  return { segmentKeys: signs * 2 + 2, nudgeKeys, glossKeys: letters + signs + 1 }
}

const minutes = Number(process.argv[2] ?? 10)
const keymaps = process.argv[3] === undefined ? Object.keys(KEYMAPS) : [process.argv[3]]
const rows: string[] = []
for (const keymap of keymaps) {
  const outcome = await run(minutes, keymap)
  const elan = elanKeys(outcome)
  const per = (keys: number) => (keys / outcome.signs).toFixed(2)
  rows.push(
    `| ${keymap} | ${outcome.signs} | ${per(outcome.segmentKeys)} (${per(elan.segmentKeys)}) ` +
      `| ${per(outcome.nudgeKeys)} (${per(elan.nudgeKeys)}) | ${per(outcome.glossKeys)} (${per(elan.glossKeys)}) ` +
      `| ${outcome.before.toFixed(1)} | ${outcome.after.toFixed(1)} |`,
  )
}
console.log(
  `${minutes} minutes; keys a sign, in brackets as counted from ELAN 7.0's key table (ELAN is not run)\n`,
)
console.log('| keymap | signs | segment | nudge | gloss | median error before, frames | after |')
console.log('| --- | --- | --- | --- | --- | --- | --- |')
console.log(rows.join('\n'))
