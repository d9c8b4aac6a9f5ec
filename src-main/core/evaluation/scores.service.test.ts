import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { EvaluationChoice, SignificanceEvent } from '#shared/contract/evaluation.ts'
import type { ClipId, ReferenceId, RunId } from '#shared/contract/ids.ts'
import { bleu } from '#main/metrics/bleu.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { createScoresService } from './scores.service.ts'

const WORDS =
  'am tag im norden regen wind schnee süden kommt zieht bleibt heute morgen nacht warm kühl'.split(' ')

/** Deterministic sentences; `quality` of ten words are right. */
function sentence(seed: number, quality: number, length = 6 + (seed % 5)): string {
  const words = Array.from({ length }, (_, i) => {
    const right = WORDS[(seed * 7 + i * 3) % WORDS.length]!
    return (seed * 5 + i * 11) % 10 < quality ? right : WORDS[(seed + i * 5 + quality) % WORDS.length]!
  })
  return `${words.join(' ')} .`
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function setup(clips = 40) {
  const folder = mkdtempSync(join(tmpdir(), 'signwright-scores-'))
  const db = openDatabase(join(folder, 'corpus.sqlite'), { create: true })
  migrate(db)
  const place = addRecording(db)
  const ids: ClipId[] = []
  for (let i = 0; i < clips; i++)
    ids.push(
      addClip(db, place, { name: `clip-${String(i).padStart(3, '0')}`, references: [sentence(i, 10)] }),
    )
  const runs = [8, 5, 8].map((quality, n) =>
    addRun(db, `run ${n}`, new Map(ids.map((clipId, i) => [clipId, [sentence(i, quality)]]))),
  )
  const context = testContext(db, folder)
  const editing = createEditing(context)
  const opened: ReturnType<typeof createScoresService>[] = []
  const reopened = () => {
    const service = createScoresService(context, { editing, findTokenizer: () => null })
    opened.push(service)
    return service
  }
  const scores = reopened()
  closers.push(async () => {
    for (const service of opened) await service.close()
    db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const references = createReferenceService(context, { editing })
  return { db, context, editing, scores, reopened, ids, runs, references }
}

const NECCAM: EvaluationChoice = { recipe: 'neccam2020', normalisers: [] }
const scopeOf = (runIds: RunId[]) => ({ runIds, split: null })

async function reportOf(events: AsyncGenerator<SignificanceEvent>) {
  for await (const event of events) if (event.kind === 'report') return event.report
  throw new Error('no report came')
}

test('scores runs by the recipe of the corpus, and keeps the statistics', async () => {
  const { db, scores, runs } = setup()
  const sheet = await scores.scores(scopeOf(runs))
  expect(sheet).toMatchObject({ recipe: 'sacrebleu', normalisers: [], clips: 40, leftOut: 0 })
  const segments = Array.from({ length: 40 }, (_, i) => ({
    hypothesis: sentence(i, 8),
    references: [sentence(i, 10)],
  }))
  const line = sheet.lines.find(({ metric }) => metric === 'BLEU')!
  expect(line.scores[0]).toBe(bleu().corpus(segments).score)
  expect(line.scores[2]).toBe(line.scores[0])
  expect(line.slt).toMatch(/^order:4\|.*recipe:sacrebleu/)
  const families = db.prepare('SELECT count(*) FROM statistics_kind').pluck().get() as number
  expect(db.prepare('SELECT count(*) FROM segment_statistics').pluck().get()).toBe(families * 40 * 3)
})

test('an edited reference changes every score, as if all had been scored anew', async () => {
  const { db, scores, references, ids, runs, editing } = setup()
  const before = await scores.scores(scopeOf(runs))
  const [clipId] = ids.slice(3) as [ClipId]
  const referenceId = db
    .prepare('SELECT id FROM reference WHERE clip_id = ?')
    .pluck()
    .get(clipId) as ReferenceId
  references.save({ clipId, referenceId, text: 'ganz anders heute .' })
  const after = await scores.scores(scopeOf(runs))
  expect(after.lines.map(({ scores: of }) => of)).not.toEqual(before.lines.map(({ scores: of }) => of))
  const fresh = await scores.scores({ runIds: [...runs], split: 'test' })
  expect(fresh.lines).toEqual(after.lines)
  editing.undo()
  expect((await scores.scores(scopeOf(runs))).lines).toEqual(before.lines)
})

test('the recipe is remembered with the corpus and can be undone', async () => {
  const { scores, editing, runs } = setup(5)
  scores.choose({ recipe: 'spamo2025' })
  scores.choose({ normalisers: ['stop'] })
  const sheet = await scores.scores(scopeOf(runs))
  expect([sheet.recipe, sheet.normalisers]).toEqual(['spamo2025', ['stop']])
  expect(sheet.lines.every(({ slt }) => slt.includes('stop:strip') && slt.includes('recipe:spamo2025'))).toBe(
    true,
  )
  editing.undo()
  expect(scores.choice()).toEqual({ recipe: 'spamo2025', normalisers: [] })
  editing.undo()
  expect(scores.choice()).toEqual({ recipe: 'sacrebleu', normalisers: [] })
})

test('tests every pair, leaves equal scores untested, and answers the second time from memory', async () => {
  const { scores, runs } = setup()
  const input = { ...scopeOf(runs), test: 'ar' as const, seed: 12_345, samples: 500, choice: NECCAM }
  const report = await reportOf(scores.significance(input))
  const table = report.tables.find(({ metric }) => metric === 'BLEU')!
  expect(table.signature).toBe(
    'nrefs:1|ar:500|seed:12345|case:mixed|eff:no|tok:none|smooth:floor[0.00]|version:2.6.0',
  )
  const [first, same, second] = table.pairs
  expect([first!.first, first!.second, same!.first, same!.second]).toEqual([0, 1, 0, 2])
  expect(same).toMatchObject({ difference: 0, p: null, pHolm: null, detectable: null })
  expect(first!.p).toBe(second!.p)
  expect(first!.pHolm).toBe(Math.min(1, first!.p! * 2))
  expect(first!.detectable).toBeGreaterThan(0)
  const again = await reportOf(scores.significance(input))
  expect(again).toEqual(report)
})

test('a test is found again by its runs and recipe after the corpus was opened anew', async () => {
  const { scores, runs, reopened, references, ids } = setup()
  const [first, second, third] = runs as [RunId, RunId, RunId]
  const input = { ...scopeOf([first, second]), test: 'ar' as const, seed: 7, samples: 200 }
  expect(scores.tested(scopeOf([first, second]))).toBeNull()
  const report = await reportOf(scores.significance(input))
  const after = reopened()
  expect(after.tested(scopeOf([second, first]))).toEqual(report)
  expect(after.tested(scopeOf([first, third]))).toBeNull()
  expect(after.tested(scopeOf(runs))).toBeNull()
  expect(after.tested({ ...scopeOf([first, second]), split: 'test' })).toBeNull()
  expect(after.tested({ ...scopeOf([first, second]), choice: NECCAM })).toBeNull()
  references.save({ clipId: ids[0]!, referenceId: 1 as ReferenceId, text: 'ganz anders heute .' })
  expect(after.tested(scopeOf([first, second]))).toEqual(report)
  const later = await reportOf(after.significance({ ...input, seed: 8 }))
  expect(after.tested(scopeOf([first, second]))).toEqual(later)
})

test('a test stops when nobody wants it any more', async () => {
  const { scores, runs } = setup()
  const abort = new AbortController()
  const input = { ...scopeOf(runs), test: 'ar' as const, seed: 1, samples: 100_000 }
  const events = scores.significance(input, abort.signal)
  const drained = (async () => {
    for await (const event of events) if (event.kind === 'progress') abort.abort()
  })()
  await expect(drained).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
})

test('splits the gap to a published number into steps', async () => {
  const { scores, runs } = setup()
  const gap = await scores.explain({
    runId: runs[0]!,
    split: null,
    metric: 'bleu',
    to: 'neccam2020',
    published: 30,
  })
  const sum = gap.steps.reduce((total, { points }) => total + Math.round(points * 100), 0)
  expect(sum).toBe(Math.round(gap.gap * 100))
  expect(gap.steps.at(-1)).toMatchObject({ key: 'system', score: 30 })
  await expect(
    scores.explain({ runId: runs[0]!, split: null, metric: 'chrf', to: 'spamo2025' }),
  ).rejects.toMatchObject({ code: 'invalid-input' })
})
