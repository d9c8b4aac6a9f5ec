import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PredictionSource } from '#shared/contract/predictions.ts'
import { createEditing } from '../../edit/edit.service.ts'
import { createPredictionsService } from '../../import/predictions/predictions.service.ts'
import { testContext } from '../../testing/corpus.ts'
import { createRatingResults } from './results.service.ts'

const WMT = resolve(import.meta.dirname, '../../../../../shared/corpora/text/wmt_slt23')
const hasWmt = existsSync(WMT)
if (!hasWmt) process.stderr.write(`Tests on WMT-SLT 2023 are skipped: ${WMT} is not there.\n`)

/** The import takes seconds, and nothing here changes what it made. */
let imported: ReturnType<typeof importRatings> | undefined
const setup = () => (imported ??= importRatings())

async function importRatings() {
  const context = testContext()
  const predictions = createPredictionsService(context, { editing: createEditing(context) })
  await predictions.run(
    PredictionSource.parse({ source: WMT, makeClips: true, split: 'test', language: 'de' }),
  )
  return createRatingResults(context)
}

/** Values recomputed from the released ratings, independently of this program. */
describe.skipIf(!hasWmt)('the ratings of WMT-SLT 2023', () => {
  test('α over all, without and on the human reference; κ of each rater with themselves', async () => {
    const results = await setup()
    const report = await results.results({ source: { kind: 'ratings' }, of: 'both' })
    const alphaOf = (part: string, run: string | null) => {
      const found = report.agreement.find(each => each.part === part && each.run === run)
      return found && { units: found.units, alpha: found.alpha.interval!.toFixed(3) }
    }
    expect(alphaOf('all', null)).toEqual({ units: 2730, alpha: '0.975' })
    expect(alphaOf('without', 'translator-A')?.alpha).toBe('0.851')
    expect(alphaOf('only', 'translator-A')?.alpha).toBe('0.792')
    const [whole] = report.agreement
    expect(whole!.interval!.low).toBeLessThan(whole!.alpha.interval!)
    expect(whole!.interval!.high).toBeGreaterThan(whole!.alpha.interval!)
    expect(report.raters.map(({ annotator, repeats }) => [annotator, repeats])).toEqual([
      ['A', 134],
      ['B', 134],
      ['C', 134],
    ])
    for (const { repeatKappa } of report.raters) {
      expect(repeatKappa).toBeGreaterThan(0.79)
      expect(repeatKappa).toBeLessThan(0.8)
    }
  })

  test('systems stand in the published order with the published means', async () => {
    const results = await setup()
    const { systems } = await results.results({ source: { kind: 'ratings' }, of: 'clips' })
    expect(systems.map(({ run, mean }) => [run, mean.toFixed(1)]).slice(0, 2)).toEqual([
      ['translator-A', '84.1'],
      ['TTIC', '0.7'],
    ])
    for (const { mean } of systems.slice(2)) expect(mean.toFixed(1)).toBe('0.0')
    expect(systems.map(({ rankFrom }) => rankFrom).slice(0, 2)).toEqual([1, 2])
    expect(systems.every(({ bins, judgements }) => bins.reduce((a, b) => a + b) === judgements)).toBe(true)
  })

  test('every number opens what it was made of', async () => {
    const results = await setup()
    const scope = { source: { kind: 'ratings' }, of: 'clips' } as const
    const { systems } = await results.results(scope)
    const ttic = systems.find(({ run }) => run === 'TTIC')!
    const page = { offset: 0, limit: 1000 }
    expect(results.units({ ...scope, ...page, filter: { runId: ttic.runId, only: 'all' } }).total).toBe(496)
    const apart = results.units({ ...scope, ...page, filter: { only: 'disagreements' } })
    expect(apart.rows[0]!.spread).toBeGreaterThanOrEqual(apart.rows.at(-1)!.spread)
    expect(apart.rows.at(-1)!.spread).toBeGreaterThan(0)
    const again = results.units({ ...scope, ...page, filter: { annotators: ['A'], only: 'repeats' } })
    expect(again.total).toBe(120)
  })
})
