import { expect, test } from 'vitest'
import { CampaignPlan } from '#shared/contract/campaign.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { RatingProtocol } from '#shared/domain/rating-protocols.ts'
import { createEditing } from '../../edit/edit.service.ts'
import { addClip, addRecording, addRun, testContext } from '../../testing/corpus.ts'
import { createRatingResults } from '../results/results.service.ts'
import { createCampaignService } from './campaign.service.ts'
import { createJudgingService } from './judging.service.ts'

const WORDS = 'am morgen scheint im norden die sonne und dann regnet es im süden lange'.split(' ')
const sentence = (at: number, run: number) =>
  Array.from({ length: 6 }, (_, word) => WORDS[(at * 3 + word * (run + 1)) % WORDS.length]).join(' ')

function setup(clips = 30, runs = 3) {
  let author = 'Ada'
  const context = { ...testContext(), author: () => author }
  const place = addRecording(context.db)
  const clipIds: ClipId[] = Array.from({ length: clips }, (_, at) =>
    addClip(context.db, place, { name: `clip-${at}`, references: [sentence(at, 9)] }),
  )
  const runIds: RunId[] = Array.from({ length: runs }, (_, run) =>
    addRun(context.db, `system ${run}`, new Map(clipIds.map((id, at) => [id, [sentence(at, run)]]))),
  )
  const editing = createEditing(context)
  const campaigns = {
    ...createCampaignService(context, { editing }),
    ...createJudgingService(context, { editing }),
  }
  let started = 0
  const start = (protocol: RatingProtocol, more: Partial<CampaignPlan> = {}) =>
    campaigns.create({
      ...CampaignPlan.parse({ runIds, protocol }),
      ...more,
      name: `campaign ${(started += 1)}`,
    })
  return {
    context,
    campaigns,
    editing,
    start,
    results: createRatingResults(context),
    as: (name: string) => (author = name),
  }
}

type Setup = ReturnType<typeof setup>

/** Judges every open screen; `value` sees the texts alone, as a rater does. */
function judgeAll(
  { campaigns }: Setup,
  campaignId: Parameters<Setup['campaigns']['open']>[0],
  value: (text: string) => number,
) {
  for (let screen = campaigns.open(campaignId); screen; screen = campaigns.open(campaignId)) {
    const judged = screen.outputs.map(({ outputId, text }) => ({ outputId, value: value(text), marks: [] }))
    campaigns.judge({ itemId: screen.itemId, judged, startedAt: 0, isFinished: true })
  }
}

test('a campaign is planned by its seed alone, repeats and checks included', () => {
  const { context, start } = setup()
  const order = (id: number) =>
    context.db
      .prepare(
        `SELECT place, clip_id, kind, (SELECT group_concat(text || coalesce(damage, ''), '|' ORDER BY slot)
           FROM campaign_output WHERE item_id = campaign_item.id) FROM campaign_item WHERE campaign_id = ? ORDER BY place`,
      )
      .raw()
      .all(id)
  const [first, other] = [start('da'), start('da', { seed: 2 })]
  expect(first).toMatchObject({ clips: 30, runs: 3, screens: 90 + 9 + 9, finished: 0, progress: [] })
  expect(order(first.id)).not.toEqual(order(other.id))
  const again = setup()
  const same = again.start('da')
  expect(
    again.context.db
      .prepare(`SELECT place, clip_id FROM campaign_item WHERE campaign_id = ? ORDER BY place`)
      .raw()
      .all(same.id),
  ).toEqual(order(first.id).map(row => (row as unknown[]).slice(0, 2)))
  const gaps = context.db
    .prepare(
      `SELECT item.kind, abs(item.place - origin.place) FROM campaign_item AS item
       JOIN campaign_item AS origin ON origin.id = item.origin_id WHERE item.campaign_id = ?`,
    )
    .raw()
    .all(first.id) as [string, number][]
  expect(gaps.length).toBe(18)
  expect(Math.min(...gaps.map(([, gap]) => gap))).toBeGreaterThanOrEqual(20)
})

test('a rater sees texts and no names, goes on where they stopped, and takes the last judgement back', () => {
  const { campaigns, editing, start, as } = setup()
  const { id } = start('esa', { isSideBySide: true })
  const screen = campaigns.open(id)!
  expect(JSON.stringify(screen)).not.toContain('system')
  expect(screen).toMatchObject({ place: 0, reference: null, judged: [], isFinished: false })
  const [first, second, third] = screen.outputs.map(({ outputId }) => outputId) as [number, number, number]
  const marks = [
    {
      startCp: 0,
      endCp: 2,
      isMissing: false,
      severity: 'major',
      category: null,
      comment: 'wrong day',
    } as const,
  ]
  const judge = (
    judged: { outputId: number; value: number | null; marks: typeof marks | [] }[],
    isFinished: boolean,
  ) => campaigns.judge({ itemId: screen.itemId, judged, startedAt: 5, isFinished })
  judge([{ outputId: first, value: 70, marks }], false)
  expect(campaigns.open(id)).toMatchObject({
    place: 0,
    judged: [{ outputId: first, value: 70, marks }],
    startedAt: 5,
  })

  const whole = [
    { outputId: first, value: 70, marks },
    { outputId: second, value: 20, marks: [] as [] },
    { outputId: third, value: 0, marks: [] as [] },
  ]
  expect(() => judge(whole.slice(0, 2), true)).toThrow('Not every output has been judged.')
  judge(whole, true)
  expect(campaigns.open(id)).toMatchObject({ place: 1, finished: 1 })
  as('Ben')
  expect(campaigns.open(id)).toMatchObject({ place: 0, finished: 0, judged: [] })
  as('Ada')
  editing.undo()
  expect(campaigns.open(id)).toMatchObject({ place: 0, finished: 0, judged: [{ value: 70, marks }] })
})

test('a judgement that does not fit its protocol is refused and changes nothing', () => {
  const { campaigns, start } = setup()
  const refused = (protocol: RatingProtocol, values: (number | null)[], isFinished = true) => {
    const { id } = start(protocol, { isSideBySide: true })
    const screen = campaigns.open(id)!
    const judged = screen.outputs.map(({ outputId }, at) => ({
      outputId,
      value: values[at] ?? null,
      marks: [],
    }))
    expect(() => campaigns.judge({ itemId: screen.itemId, judged, startedAt: 0, isFinished })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    )
    expect(campaigns.open(id)!.judged).toEqual([])
  }
  refused('da', [101, 0, 0], false)
  refused('sqm', [7, 0, 0], false)
  refused('mqm', [3, 0, 0], false)
  refused('da', [100, 50, null])
  refused('pairwise', [1, 1])
  refused('best-worst', [1, 1, -1])
})

test('results: systems in the order people see, repeats and checks apart from judgements', async () => {
  const all = setup()
  const { start, results, as } = all
  const { id } = start('da')
  // A rater who likes texts with many different words; the other is ten points stricter.
  const liking = (text: string) => 10 + new Set(text.split(' ')).size * 12 + (text.length % 5)
  judgeAll(all, id, liking)
  as('Ben')
  judgeAll(all, id, text => liking(text) - 10)
  const report = await results.results({ source: { kind: 'campaign', campaignId: id }, of: 'both' })
  expect(report).toMatchObject({ units: 90, judgements: 180 })
  const means = report.systems.map(({ mean }) => mean)
  expect(means).toEqual(means.toSorted((a, b) => b - a))
  expect(report.pairs).toMatchObject([{ first: 'Ada', second: 'Ben', units: 90, bias: -10 }])
  expect(report.raters.map(({ bias, repeats, repeatKappa }) => ({ bias, repeats, repeatKappa }))).toEqual([
    { bias: 10, repeats: 9, repeatKappa: 1 },
    { bias: -10, repeats: 9, repeatKappa: 1 },
  ])
  for (const { checks, checksPassed } of report.raters) {
    expect(checks).toBe(9)
    expect(checksPassed).toBeLessThanOrEqual(checks)
  }
  const opened = results.units({
    source: { kind: 'campaign', campaignId: id },
    of: 'both',
    filter: { only: 'repeats' },
    offset: 0,
    limit: 100,
  })
  expect(opened.total).toBe(9)
})

test('pairwise and best–worst give every system its share of wins', async () => {
  const all = setup(10, 3)
  const { campaigns, start, results } = all
  const pairs = start('pairwise', { repeatShare: 0, checkShare: 0 })
  expect(pairs.screens).toBe(30)
  for (let screen = campaigns.open(pairs.id); screen; screen = campaigns.open(pairs.id)) {
    const judged = screen.outputs.map(({ outputId }) => ({ outputId, value: 0.5, marks: [] }))
    campaigns.judge({ itemId: screen.itemId, judged, startedAt: 0, isFinished: true })
  }
  const even = await results.results({ source: { kind: 'campaign', campaignId: pairs.id }, of: 'both' })
  expect(even.systems.map(({ mean, rankFrom, rankTo }) => [mean, rankFrom, rankTo])).toEqual([
    [0.5, 1, 3],
    [0.5, 1, 3],
    [0.5, 1, 3],
  ])
  const best = start('best-worst', { repeatShare: 0, checkShare: 0 })
  const screen = campaigns.open(best.id)!
  const judged = screen.outputs.map(({ outputId }, at) => ({ outputId, value: [1, 0, -1][at]!, marks: [] }))
  campaigns.judge({ itemId: screen.itemId, judged, startedAt: 0, isFinished: true })
  const one = await results.results({ source: { kind: 'campaign', campaignId: best.id }, of: 'both' })
  expect(one.systems.map(({ mean }) => mean)).toEqual([1, 0, -1])
})
