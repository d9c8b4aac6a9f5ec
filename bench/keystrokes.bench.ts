/**
 * A recording of so many minutes with known sign boundaries, segmented, glossed, played again and corrected by keyboard in a
 * real browser with two keymaps: keys pressed for each step of the work beside those that ELAN 7.0's key table asks for, and
 * how far off the boundaries are before and after one pass of nudging. Prints two Markdown tables.
 *
 *     node bench/keystrokes.bench.ts [minutes] [keymap]      SIGNWRIGHT_BROWSER=/usr/bin/chromium
 *
 * The annotator is a script that knows the true boundaries: it presses the key when the frame of a boundary is on screen,
 * late by a reaction drawn from a normal distribution (mean 220 ms, standard deviation 45 ms, the simple visual reaction
 * time that handbooks give; seed 1), and while nudging moves each boundary until it is right, three frames at most. So the
 * key counts are those of the program, and the errors are those of its timing, not of an eye. Every step is checked by what
 * it did: stored annotations, the tier that is active, the frame on which playing stopped.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { chromium, type Page } from '@playwright/test'
import { makeLongCorpus, type Sign } from '../e2e/long-recording.ts'
import { startWorkstation } from '../e2e/workstation.ts'
import { BROWSER_FLAGS } from '../scripts/browser.ts'
import { createReactions, median, REACTION, waitForBoundary } from './annotator.ts'
import { workFolder } from './work-folder.ts'

const FRAME_MS = 40
const MOST_NUDGES = 3

/** How many signs are played again and corrected; a key more or less would show in the first. */
const MOST_AGAIN = 40
const TIER_CHANGES = 20

interface Keys {
  play: string
  mark: string
  next: string
  commit: string
  nudge: { startEarlier: string; startLater: string; endEarlier: string; endLater: string }
  tierDown: string
  tierUp: string
  playSelection: string
  edit: string
}

const NUDGE = {
  startEarlier: 'Control+j',
  startLater: 'Control+u',
  endEarlier: 'Control+Shift+j',
  endLater: 'Control+Shift+u',
}
const KEYMAPS: Record<string, Keys> = {
  signwright: {
    play: 'Space',
    mark: 's',
    next: 'Alt+ArrowRight',
    commit: 'Enter',
    nudge: NUDGE,
    tierDown: 'ArrowDown',
    tierUp: 'ArrowUp',
    playSelection: 'r',
    edit: 'F2',
  },
  elan: {
    play: 'Control+Space',
    mark: 'Enter',
    next: 'Alt+ArrowRight',
    commit: 'Enter',
    nudge: NUDGE,
    tierDown: 'ArrowDown',
    tierUp: 'ArrowUp',
    playSelection: 'Shift+Space',
    edit: 'Alt+m',
  },
}

const STEPS = ['segment', 'nudge', 'gloss', 'tier change', 'play again', 'correct'] as const
type Step = (typeof STEPS)[number]

/** Keys of a step, how often it was done, and how many keys ELAN's table asks for as often. */
interface Count {
  keys: number
  times: number
  elan: number
}

interface Outcome {
  keymap: string
  signs: number
  counts: Record<Step, Count>
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

/** What the steps of the protocol share. */
interface Desk {
  page: Page
  corpus: string
  keys: Keys
  truth: readonly Sign[]
  press: (key: string) => Promise<void>
  /** Keys pressed since it was last asked. */
  take: () => number
}

/** Two strokes a sign while the recording plays; ELAN's segmentation mode asks for the same. */
async function segment({ page, keys, truth, press, take }: Desk): Promise<Count> {
  const reaction = createReactions(1)
  await page.keyboard.press('Alt+0')
  for (const name of ['Signs', 'Comments']) {
    await page.locator('.icon-button[aria-label="Add a tier"]').click()
    await page.getByLabel('Name').fill(name)
    await page.keyboard.press('Enter')
  }
  await page.getByRole('button', { name: 'Signs', exact: true }).click()
  await chooseMode(page, 'Segmentation')
  await page.getByRole('combobox', { name: 'What a stroke means' }).selectOption('pairs')
  await page.getByLabel('ms reaction').fill(String(REACTION.meanMs))
  await page.locator('#content').focus()
  take()

  await press(keys.play)
  for (const { startMs, endMs } of truth) {
    await waitForBoundary(page, startMs, reaction())
    await press(keys.mark)
    await waitForBoundary(page, endMs, reaction())
    await press(keys.mark)
  }
  await press(keys.play)
  await page.waitForTimeout(1000)
  return { keys: take(), times: truth.length, elan: truth.length * 2 + 2 }
}

/** A key from tier to tier and back: Ctrl and an arrow, in ELAN's segmentation mode the arrow alone. */
async function changeTier({ page, keys, press, take }: Desk): Promise<Count> {
  const state = page.locator('output[data-count]')
  for (let at = 0; at < TIER_CHANGES; at += 1) {
    const isDown = at % 2 === 0
    await press(isDown ? keys.tierDown : keys.tierUp)
    await state.filter({ hasText: isDown ? 'Comments' : 'Signs' }).waitFor()
  }
  return { keys: take(), times: TIER_CHANGES, elan: TIER_CHANGES }
}

/** Where the next annotation is the first one; under load the picture comes later than the key. */
async function toFirstFrame(page: Page): Promise<void> {
  await page.keyboard.press('Home')
  await page.locator('output[data-frame="0"]').waitFor()
}

/** Next annotation, and a key a frame; ELAN's step is a pixel of the timeline, counted as a frame in its favour. */
async function nudgeAll({ page, corpus, keys, truth, press, take }: Desk): Promise<Count> {
  const rough = stored(corpus)
  await chooseMode(page, 'Annotation')
  await toFirstFrame(page)
  for (const [at, sign] of truth.entries()) {
    const made = rough[at]
    if (!made) break
    await press(keys.next)
    await nudge(press, keys, made, sign)
  }
  await page.waitForTimeout(1000)
  const pressed = take()
  return { keys: pressed, times: truth.length, elan: pressed }
}

/** A key opens the first row, Enter after each text opens the next; so in ELAN's transcription mode. */
async function gloss({ page, corpus, keys, truth, press, take }: Desk): Promise<Count> {
  await chooseMode(page, 'Transcription')
  await page.getByRole('combobox', { name: 'Rows' }).selectOption('Signs')
  await page.getByRole('button', { name: 'Play each row' }).click()
  await page.getByRole('grid', { name: 'Transcription' }).focus()
  await page.keyboard.press('Home')
  await press('Enter')
  const letters = truth.reduce((sum, each) => sum + each.gloss.length, 0)
  for (const each of truth) {
    await page.keyboard.type(each.gloss)
    await press(keys.commit)
  }
  await page.waitForTimeout(1500)
  const glossed = stored(corpus).filter((sign, at) => sign.gloss === truth[at]?.gloss).length
  if (glossed !== truth.length) throw new Error(`${glossed} of ${truth.length} glosses were stored`)
  return { keys: take() + letters, times: truth.length, elan: letters + truth.length + 1 }
}

/** Next annotation and play it: two keys here and in ELAN's table. */
async function playAgain({ page, corpus, keys, press, take }: Desk): Promise<Count> {
  const signs = stored(corpus).slice(0, MOST_AGAIN)
  await chooseMode(page, 'Annotation')
  await page.keyboard.press('Escape')
  await toFirstFrame(page)
  for (const { endMs } of signs) {
    await press(keys.next)
    await press(keys.playSelection)
    const last = String(Math.round(endMs / FRAME_MS) - 1)
    await page.locator(`output[data-frame="${last}"]`).waitFor()
  }
  return { keys: take(), times: signs.length, elan: signs.length * 2 }
}

/**
 * Next annotation, its editor, the text, and a key that keeps it; the old text is selected when the editor opens. ELAN asks
 * for the same four, its editor counted as if it selected the old text, too.
 */
async function correct({ page, corpus, keys, press, take }: Desk): Promise<Count> {
  const count = stored(corpus).slice(0, MOST_AGAIN).length
  const text = 'NEU'
  await page.keyboard.press('Escape')
  await toFirstFrame(page)
  for (let at = 0; at < count; at += 1) {
    await press(keys.next)
    await press(keys.edit)
    await page.getByLabel('Text of the annotation').waitFor()
    await page.keyboard.type(text)
    await press('Enter')
    await page.getByLabel('Text of the annotation').waitFor({ state: 'hidden' })
  }
  await page.waitForTimeout(1000)
  const corrected = stored(corpus).filter(sign => sign.gloss === text).length
  if (corrected !== count) throw new Error(`${corrected} of ${count} corrections were stored`)
  return { keys: take() + count * text.length, times: count, elan: count * (text.length + 3) }
}

async function protocol(
  page: Page,
  corpus: string,
  keymap: string,
  truth: readonly Sign[],
): Promise<Outcome> {
  const keys = KEYMAPS[keymap]
  if (!keys) throw new Error(`no keys for ${keymap}`)
  const desk = { page, corpus, keys, truth, ...createKeyboard(page) }
  const error = () => median(errorsOf(stored(corpus), truth))
  const segmented = await segment(desk)
  const before = error()
  const changed = await changeTier(desk)
  const nudged = await nudgeAll(desk)
  const after = error()
  const counts = {
    segment: segmented,
    nudge: nudged,
    gloss: await gloss(desk),
    'tier change': changed,
    'play again': await playAgain(desk),
    correct: await correct(desk),
  }
  return { keymap, signs: truth.length, counts, before, after }
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

const minutes = Number(process.argv[2] ?? 10)
const keymaps = process.argv[3] === undefined ? Object.keys(KEYMAPS) : [process.argv[3]]
const outcomes: Outcome[] = []
for (const keymap of keymaps) outcomes.push(await run(minutes, keymap))
const per = (keys: number, { times }: Count) => (keys / times).toFixed(2)

console.log(
  `${minutes} minutes, ${outcomes[0]?.signs} signs; keys each time. ELAN: counted from its key table, not run.\n`,
)
console.log(`| step | times | ${outcomes.map(each => `${each.keymap} | ELAN`).join(' | ')} |`)
console.log(`| --- | --- |${' --- | --- |'.repeat(outcomes.length)}`)
for (const step of STEPS) {
  const cells = outcomes.map(
    ({ counts: { [step]: count } }) => `${per(count.keys, count)} | ${per(count.elan, count)}`,
  )
  console.log(`| ${step} | ${outcomes[0]?.counts[step].times} | ${cells.join(' | ')} |`)
}
console.log('\n| keymap | median error before, frames | after |')
console.log('| --- | --- | --- |')
for (const { keymap, before, after } of outcomes)
  console.log(`| ${keymap} | ${before.toFixed(1)} | ${after.toFixed(1)} |`)
