import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchItems } from './match.ts'
import type { Item, MergeDocument } from './merge-types.ts'
import { applied, resolveMerge, type Resolution } from './resolve.ts'
import { planMerge } from './three-way.ts'

const tier = { key: 'Gloss', name: 'Gloss', stereotype: 'none' as const, typeName: '', parent: null }
const TIERS = [{ ...tier, participant: '', annotator: '', language: '' }]

function doc(items: readonly Item[]): MergeDocument {
  return { tiers: TIERS, items: [...items] }
}

function item(id: string, slot: number, value: string, length = 100): Item {
  return { id, tier: 'Gloss', parentId: null, startMs: slot * 100, endMs: slot * 100 + length, value }
}

/** Ids of the copies are those of base. */
function byIds(base: MergeDocument, ours: MergeDocument, theirs: MergeDocument) {
  const matches = (copy: MergeDocument) =>
    new Map(copy.items.filter(({ id }) => base.items.some(each => each.id === id)).map(({ id }) => [id, id]))
  return { ours: matches(ours), theirs: matches(theirs) }
}

function merge(
  base: MergeDocument,
  ours: MergeDocument,
  theirs: MergeDocument,
  choice?: Resolution['choice'],
) {
  const plan = planMerge(base, ours, theirs, byIds(base, ours, theirs))
  const answers = new Map(plan.conflicts.map(({ id }) => [id, { choice: choice ?? 'ours' }]))
  return { plan, items: facts(applied(ours, resolveMerge(plan, theirs, answers))) }
}

function facts(items: readonly Item[]) {
  return items
    .map(({ startMs, endMs, value }) => ({ startMs, endMs, value }))
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.value.localeCompare(b.value))
}

type Act = { kind: 'keep' | 'value' | 'shorten' | 'remove'; text: string }

const SLOTS = 12
const anyAct: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('keep', 'keep', 'value', 'shorten', 'remove'),
  text: fc.string({ maxLength: 3 }),
})
const anyActs = fc.array(anyAct, { minLength: SLOTS, maxLength: SLOTS })
/** Every second slot is empty in base, for what is new. */
const anyNew = fc.uniqueArray(fc.nat(SLOTS - 1), { maxLength: 5 })

const base = doc(Array.from({ length: SLOTS }, (_, n) => item(`b${n}`, n * 2, `v${n}`)))

function edited(
  acts: readonly Act[],
  made: readonly number[],
  side: string,
  may: (slot: number) => boolean = () => true,
) {
  const kept = base.items.flatMap((each, n) => {
    const act = acts[n] as Act
    if (!may(n) || act.kind === 'keep') return [each]
    if (act.kind === 'remove') return []
    return [
      act.kind === 'value' ? { ...each, value: `${side}${act.text}` } : { ...each, endMs: each.endMs - 30 },
    ]
  })
  const added = made.filter(may).map(slot => item(`${side}${slot}`, slot * 2 + 1, `${side}${slot}`, 80))
  return doc([...kept, ...added])
}

test('a copy that was not touched takes nothing and gives nothing', () => {
  fc.assert(
    fc.property(anyActs, anyNew, (acts, made) => {
      const copy = edited(acts, made, 'a')
      expect(merge(base, copy, base)).toEqual({
        plan: { operations: [], conflicts: [] },
        items: facts(copy.items),
      })
      expect(merge(base, base, copy).items).toEqual(facts(copy.items))
      expect(merge(base, copy, copy).plan.conflicts).toEqual([])
    }),
  )
})

test('work on different annotations is merged without a question, the same from either side', () => {
  fc.assert(
    fc.property(anyActs, anyActs, anyNew, anyNew, (acts, others, made, otherMade) => {
      const ours = edited(acts, made, 'a', slot => slot % 2 === 0)
      const theirs = edited(others, otherMade, 'c', slot => slot % 2 === 1)
      const there = merge(base, ours, theirs)
      expect(there.plan.conflicts).toEqual([])
      expect(there.items).toEqual(merge(base, theirs, ours).items)
      const slotOf = ({ id }: Item) => Number(id.slice(1))
      const whole = [
        ...ours.items.filter(each => slotOf(each) % 2 === 0),
        ...theirs.items.filter(each => slotOf(each) % 2 === 1),
      ]
      expect(there.items).toEqual(facts(whole))
    }),
  )
})

test('whatever the answers, no annotation of either side is lost unless an answer or its own side removed it', () => {
  fc.assert(
    fc.property(
      anyActs,
      anyActs,
      anyNew,
      anyNew,
      fc.constantFrom('ours', 'theirs', 'both' as const),
      (acts, others, made, otherMade, choice) => {
        const [ours, theirs] = [edited(acts, made, 'a'), edited(others, otherMade, 'c')]
        const { plan, items } = merge(base, ours, theirs, choice as Resolution['choice'])
        const asked = new Set(
          plan.conflicts.flatMap(each => [each.theirs?.id, each.base?.id, ...each.ours.map(({ id }) => id)]),
        )
        for (const copy of [ours, theirs]) {
          const other = copy === ours ? theirs : ours
          for (const each of copy.items) {
            const isInBase = base.items.some(({ id }) => id === each.id)
            const isRemovedThere = isInBase && !other.items.some(({ id }) => id === each.id)
            if (asked.has(each.id) || isRemovedThere) continue
            expect(items.some(({ startMs }) => startMs === each.startMs)).toBe(true)
          }
        }
        for (const [at, each] of items.entries())
          expect((items[at + 1]?.startMs ?? Infinity) >= each.endMs || choice !== 'ours').toBe(true)
      },
    ),
  )
})

test('begin, end and value are merged each by itself', () => {
  const start = doc([item('b0', 0, 'A')])
  const ours = doc([{ ...item('b0', 0, 'A2') }])
  const theirs = doc([{ ...item('b0', 0, 'A'), endMs: 140 }])
  expect(merge(start, ours, theirs)).toMatchObject({
    plan: { conflicts: [] },
    items: [{ startMs: 0, endMs: 140, value: 'A2' }],
  })
})

test('a different value on both sides is a question with three answers', () => {
  const start = doc([item('b0', 0, 'A')])
  const [ours, theirs] = [doc([item('b0', 0, 'HIER')]), doc([item('b0', 0, 'DORT')])]
  const values = (choice: Resolution['choice']) =>
    merge(start, ours, theirs, choice).items.map(({ value }) => value)
  expect([values('ours'), values('theirs'), values('both')]).toEqual([['HIER'], ['DORT'], ['HIER / DORT']])
})

test('removed on one side and changed on the other is a question', () => {
  const start = doc([item('b0', 0, 'A'), item('b1', 2, 'B')])
  const [ours, theirs] = [doc([item('b1', 2, 'B2')]), doc([item('b0', 0, 'A2')])]
  expect(merge(start, ours, theirs).plan.conflicts.map(({ kind }) => kind)).toEqual([
    'removed-here',
    'removed-there',
  ])
  expect(merge(start, ours, theirs, 'theirs').items).toEqual([{ startMs: 0, endMs: 100, value: 'A2' }])
})

test('what hangs on a removed annotation is asked about once, and comes back with it', () => {
  const child = (id: string, value: string) => ({ ...item(id, 0, value), tier: 'Below', parentId: 'b0' })
  const start = doc([item('b0', 0, 'A'), child('k0', 'k')])
  const theirs = doc([item('b0', 0, 'A'), child('k0', 'k2'), { ...child('n0', 'new'), tier: 'Notes' }])
  const plan = planMerge(start, doc([]), theirs, byIds(start, doc([]), theirs))
  expect(plan).toMatchObject({ operations: [], conflicts: [{ kind: 'removed-here', base: { id: 'b0' } }] })
  const answer = new Map([['removed-here b0', { choice: 'theirs' as const }]])
  expect(applied(doc([]), resolveMerge(plan, theirs, answer)).map(({ value }) => value)).toEqual([
    'A',
    'k2',
    'new',
  ])
})

test('new annotations that share time are a question; both is what leaves each its own', () => {
  const ours = doc([item('a', 0, 'HIER', 100)])
  const theirs = doc([{ ...item('t', 0, 'DORT'), startMs: 60, endMs: 200 }])
  const nothing = doc([])
  expect(merge(nothing, ours, theirs, 'both').items).toEqual([
    { startMs: 0, endMs: 100, value: 'HIER' },
    { startMs: 100, endMs: 200, value: 'DORT' },
  ])
  expect(merge(nothing, ours, theirs, 'theirs').items).toEqual([{ startMs: 60, endMs: 200, value: 'DORT' }])
})

test('a text that is typed takes the place of the chosen one', () => {
  const start = doc([item('b0', 0, 'A')])
  const [ours, theirs] = [doc([item('b0', 0, 'HIER')]), doc([item('b0', 0, 'DORT')])]
  const plan = planMerge(start, ours, theirs, byIds(start, ours, theirs))
  for (const choice of ['ours', 'theirs', 'both'] as const) {
    const answer = new Map([['changed b0', { choice, value: 'WO' }]])
    expect(applied(ours, resolveMerge(plan, theirs, answer))).toMatchObject([{ value: 'WO' }])
  }
})

test('annotations without common ids are matched by span, then by common time and text', () => {
  const copy = doc([
    { ...item('x', 0, 'v0'), endMs: 130 },
    item('y', 2, 'other'),
    { ...item('z', 4, 'v2'), startMs: 470, endMs: 560 },
    item('new', 7, 'new'),
  ])
  const start = doc(base.items.slice(0, 3))
  expect([...matchItems(start, copy, { byId: false })].sort()).toEqual([
    ['b0', 'x'],
    ['b1', 'y'],
    ['b2', 'z'],
  ])
})
