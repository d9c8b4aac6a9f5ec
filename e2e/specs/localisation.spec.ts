import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { signwright, signwrightJson } from '../command-line.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

/** Clips that are extracted and translated here; three are what a bootstrap can resample at the least. */
const CLIPS = ['test-0001', 'test-0002', 'test-0003', 'test-0004']
const RUNS = { SpaMo: 'demo', Sign2GPT: 'demo-sign2gpt' }

function makeCorpus(dataDir: string): string {
  const corpus = join(dataDir, 'Demo.signwright')
  expect(signwright(dataDir, 'demo', corpus).status).toBe(0)
  return corpus
}

/** A corpus is open in one program at a time: what the command line does comes before or after. */
async function atDesk(page: Page, dataDir: string, act: (lane: Locator) => Promise<void>): Promise<void> {
  const workstation = await startWorkstation(dataDir, ['--corpus', join(dataDir, 'Demo.signwright')])
  try {
    await page.goto(workstation.url)
    await act(page.getByRole('region', { name: 'Localisation' }))
  } finally {
    await workstation.stop()
  }
}

const screen = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name, exact: true }).click()
const gridOf = (lane: Locator) => lane.getByRole('application', { name: 'Where the model finds each word' })

async function openRecording(page: Page, name: string): Promise<void> {
  await screen(page, 'Annotate')
  await page.getByRole('grid', { name: 'Recordings' }).getByText(name, { exact: true }).click()
  await expect(page.getByRole('status', { name: 'Frame' })).toHaveAttribute('data-frame', /^\d+$/, {
    timeout: 90_000,
  })
}

test.setTimeout(600_000)
test.use({ actionTimeout: 40_000 })

test('words are found where they are signed, proposed, accepted by key, and only what was accepted is exported', async ({
  page,
  dataDir,
}) => {
  const corpus = makeCorpus(dataDir)
  await atDesk(page, dataDir, async lane => {
    const grid = gridOf(lane)
    const frame = page.getByRole('status', { name: 'Frame' })
    const marks = page.getByRole('button', { name: /^Suggestion: / })
    await openRecording(page, 'test-0001')

    await test.step('the lane offers to extract what it lacks, and shows the words of the sentence', async () => {
      await page.locator('#content').focus()
      await page.keyboard.press('h')
      await lane.getByRole('button', { name: 'Extract them' }).click()
      await expect(grid).toBeVisible({ timeout: 240_000 })
      await expect(lane.getByRole('listitem')).toHaveText([/mittwoch/, /fallen/, /küste/, /regen/])
    })

    await test.step('an inflected word is found by its lemma, and that is told', async () => {
      const source = lane.getByLabel('Which words are looked for')
      await source.selectOption('words')
      const typed = lane.getByRole('combobox', { name: 'Add a word' })
      await typed.fill('fällt Flugzeug')
      await typed.press('Enter')
      await expect(lane.getByRole('listitem')).toHaveText([/fallen/])
      await expect(lane.getByText('“fällt” is taken for fallen.')).toBeVisible()
      await expect(lane.getByText('The model has no prototype for: Flugzeug')).toBeVisible()
      await source.selectOption('sentence')
      await expect(lane.getByRole('listitem')).toHaveCount(4)
    })

    await test.step('the threshold decides what is named', async () => {
      const named = (word: string) => lane.getByRole('button', { name: word, exact: true })
      const threshold = lane.getByRole('slider', { name: /Threshold/ })
      await expect(named('küste')).toBeVisible()
      await threshold.fill('0.9')
      await expect(named('küste')).toHaveCount(0)
      await expect(named('regen')).toBeVisible()
      await threshold.fill('1')
      await expect(named('regen')).toHaveCount(0)
      await expect(lane.getByRole('button', { name: /^Propose segments/ })).toBeDisabled()
      await threshold.dblclick()
      await expect(lane.getByRole('status')).toHaveText('0.20')
      await lane.getByRole('radio', { name: 'A', exact: true }).click()
      await expect(named('mittwoch')).toBeVisible()
    })

    await test.step('arrows go from cell to cell and from word to word, Enter goes there in the video', async () => {
      const spoken = lane.locator('[aria-live]')
      await grid.focus()
      await page.keyboard.press('Home')
      await expect(spoken).toContainText('mittwoch: A =')
      await page.keyboard.press('ArrowDown')
      await expect(spoken).toContainText('fallen: A =')
      for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight')
      await expect(spoken).toContainText('frames 10–13')
      await page.keyboard.press('Enter')
      await expect(frame).toHaveAttribute('data-frame', /^1[0-3]$/)
    })

    await test.step('what is proposed is accepted with A and rejected with Q, each undone by Ctrl Z', async () => {
      await lane.getByRole('button', { name: /^Propose segments/ }).click()
      await expect(marks).toHaveText(['mittwoch', 'küste', 'fallen', 'regen'])
      await marks.nth(1).click()
      await expect(marks.nth(1)).toHaveAttribute('aria-pressed', 'true')
      await page.locator('#content').focus()
      await page.keyboard.press('a')
      await expect(marks).toHaveText(['mittwoch', 'fallen', 'regen'])
      await page.keyboard.press('q')
      await expect(marks).toHaveText(['mittwoch', 'regen'])
      await page.keyboard.press('Control+z')
      await expect(marks).toHaveText(['mittwoch', 'fallen', 'regen'])
    })
  })

  const out = join(dataDir, 'out')
  signwrightJson(dataDir, 'export-annotations', '--corpus', corpus, '--recording', 'test-0001', '--out', out)
  const eaf = readFileSync(join(out, 'test-0001.eaf'), 'utf8')
  const tier = /<TIER [^>]*TIER_ID="Model"[\s\S]*?<\/TIER>/.exec(eaf)?.[0] ?? ''
  expect([...tier.matchAll(/<ANNOTATION_VALUE>([^<]*)</g)].map(([, value]) => value)).toEqual(['küste'])
  const property = /<PROPERTY NAME="signwright:proposed:1">([^<]*)</.exec(eaf)?.[1] ?? ''
  expect(JSON.parse(property.replaceAll('&quot;', '"'))).toMatchObject({
    tier: 'Model',
    measure: 'A',
    threshold: 0.2,
    annotations: [{ value: 'küste' }],
  })
})

test('both demo models translate, and Compare tells whether they differ', async ({ page, dataDir }) => {
  const corpus = makeCorpus(dataDir)
  const clips = CLIPS.join(',')
  for (const [run, model] of Object.entries(RUNS)) {
    const wish = ['--model', model, '--name', run]
    signwrightJson(dataDir, 'translate', '--corpus', corpus, '--clips', clips, ...wish)
  }

  await atDesk(page, dataDir, async lane => {
    await test.step('Review shows both outputs and, with the same key, the lane', async () => {
      await screen(page, 'Review')
      await page.getByRole('button', { name: /test-0001/ }).click()
      for (const run of Object.keys(RUNS))
        await expect(page.getByRole('article').filter({ hasText: run }).first()).toBeVisible()
      await page.locator('#content').focus()
      await page.keyboard.press('h')
      await expect(gridOf(lane)).toBeVisible({ timeout: 60_000 })
      await expect(lane.getByRole('button', { name: /^Propose segments/ })).toHaveCount(0)
    })

    await screen(page, 'Compare')
    const chips = page.getByRole('group', { name: 'Runs to compare' })
    for (const run of Object.keys(RUNS))
      await expect(chips.getByRole('button', { name: run })).toHaveAttribute('aria-pressed', 'true')
    await page.getByRole('button', { name: 'Test all pairs' }).click()
    const matrix = page.getByRole('region', { name: 'Differences of all pairs' })
    await expect(matrix).toBeVisible({ timeout: 120_000 })
    await expect(matrix.locator('span[title]').first()).toHaveAttribute('title', /\d\.\d+/)
  })
})

test('a model is compared with a manual tier, and a difference is opened on the timeline', async ({
  page,
  dataDir,
}) => {
  const corpus = makeCorpus(dataDir)
  const clips = CLIPS.slice(0, 2).join(',')
  signwrightJson(dataDir, 'extract', '--corpus', corpus, '--model', 'demo-sign2gpt', '--clips', clips)
  await atDesk(page, dataDir, async () => {
    await screen(page, 'Agreement')
    await page.getByText('A model with a tier').click()
    await page.getByLabel('Manual tier').selectOption('Gloss')
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await expect(page.getByText('Taken for one word: KUESTE = küste')).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText(/^Values without a prototype, in no figure: .*WEST/)).toBeVisible()
    await expect(
      page.getByText('2 clips with annotations on the tier; 0 without, not counted.'),
    ).toBeVisible()

    await page.getByRole('button', { name: /^Mean overlap/ }).click()
    const rows = page.getByRole('region', { name: 'Disagreements' }).getByRole('listitem')
    await expect(rows).not.toHaveCount(0)
    await rows.first().getByRole('button').click()
    await expect(page).toHaveURL(/annotate/)
  })
})
