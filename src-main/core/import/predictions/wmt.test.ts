import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PredictionSource } from '#shared/contract/predictions.ts'
import { createEditing } from '../../edit/edit.service.ts'
import { contentOf, testContext } from '../../testing/corpus.ts'
import { createPredictionsService } from './predictions.service.ts'

const WMT = resolve(import.meta.dirname, '../../../../../shared/corpora/text/wmt_slt23')
const hasWmt = existsSync(WMT)
if (!hasWmt) process.stderr.write(`Tests on WMT-SLT 2023 are skipped: ${WMT} is not there.\n`)

function setup() {
  const context = testContext()
  const editing = createEditing(context)
  return { context, db: context.db, editing, predictions: createPredictionsService(context, { editing }) }
}

const SOURCE = PredictionSource.parse({ source: WMT, makeClips: true, split: 'test', language: 'de' })

describe.skipIf(!hasWmt)('WMT-SLT 2023', () => {
  test('the folder gives clips, references, five systems and the ratings of three raters', async () => {
    const { db, predictions } = setup()
    const { systems, counts, newClips, references, ratings, issues } = await predictions.run(SOURCE)
    expect({ counts, newClips, references, issues }).toEqual({
      counts: { imported: 2480, repaired: 0, skipped: 0 },
      newClips: 496,
      references: { same: 0, formOnly: 0, different: 0, filled: 496 },
      issues: [],
    })
    expect(systems.map(({ name, clips, missing }) => [name, clips, missing])).toEqual(
      ['baseline_signsuisse', 'CASIA-SLT', 'knowcomp', 'TTIC', 'translator-A'].map(name => [name, 496, 0]),
    )
    // 8592 rows of scores: 3 raters × 496 × 5 outputs, their repetitions, and scores of whole documents.
    expect(ratings.annotators).toEqual(['A', 'B', 'C'])
    expect(ratings.segments).toBe(3 * 5 * 496)
    expect(ratings.segments + ratings.repeats + ratings.documents).toBe(8592)
    expect(db.prepare('SELECT count(*) FROM rating').pluck().get()).toBe(7440)
  })

  test('the means of the raters are the published ones', async () => {
    const { db, predictions } = setup()
    await predictions.run(SOURCE)
    const means = db
      .prepare(
        `SELECT run.name, round(avg(value), 1) FROM (
           SELECT run_id, value FROM rating JOIN hypothesis ON hypothesis.id = hypothesis_id
           UNION ALL SELECT run_id, value FROM document_rating
           UNION ALL SELECT run_id, repeated_rating.value FROM repeated_rating
             JOIN rating ON rating.id = rating_id JOIN hypothesis ON hypothesis.id = hypothesis_id)
         JOIN run ON run.id = run_id GROUP BY run.id`,
      )
      .raw()
      .all() as [string, number][]
    const published = new Map(
      readFileSync(join(WMT, 'results.txt'), 'utf8')
        .split('==>')[1]
        ?.split('\n')
        .flatMap(line => {
          const [, system, , mean] = line.replaceAll('\\', '').split(/\s+/)
          return system && mean && Number.isFinite(Number(mean)) ? [[system, Number(mean)] as const] : []
        }),
    )
    for (const [system, mean] of means) expect(mean).toBeCloseTo(published.get(system) ?? NaN, 0)
  })

  test('one undo takes all of it back, and redo brings it again', async () => {
    const { db, editing, predictions } = setup()
    const before = contentOf(db)
    await predictions.run(SOURCE)
    const after = contentOf(db)
    editing.undo()
    expect(contentOf(db)).toEqual(before)
    editing.redo()
    expect(contentOf(db)).toEqual(after)
  })
})
