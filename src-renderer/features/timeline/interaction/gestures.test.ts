import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { drag, dragMany, frameBand, type GestureStage, select, sweep } from './gestures.ts'

const tier = 3 as TierId
const item = { id: 9, tierId: tier, startMs: 1000, endMs: 2000, value: 'SONNE' } as Annotation
const room = { startMs: 500, endMs: 4000 }

const at = (x: number, y = 0, isFree = false) => ({ x, y, isFree })

/** 10 ms a pixel, frames of 40 ms; everything that is asked for is written down. */
function setup() {
  const asked: unknown[][] = []
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void asked.push([name, ...values])
  const stage: GestureStage = {
    view: () => ({ startMs: 0, msPerPx: 10, widthPx: 1000, durationMs: 10_000 }),
    snap: () => timeMs => Math.round(timeMs / 40) * 40,
    seek: note('seek'),
    setSelection: note('select'),
    setMoving: note('moving'),
    setBand: note('band'),
    chooseWithin: note('choose'),
    pick: note('pick'),
    unpick: note('unpick'),
    create: note('create'),
    change: note('change'),
    shift: note('shift'),
    tellBlocked: note('blocked'),
    pan: note('pan'),
  }
  return { stage, asked }
}

test('a press that hardly moves goes there and makes nothing', () => {
  const { stage, asked } = setup()

  const gesture = sweep(stage, at(300), tier, room)
  gesture.move(at(302))
  gesture.end(at(302))

  expect(asked).toEqual([
    ['moving', null],
    ['unpick', tier],
    ['select', null],
    ['seek', 3000],
  ])
})

test('a drag over free room makes an annotation on frame boundaries', () => {
  const { stage, asked } = setup()

  const gesture = sweep(stage, at(250), tier, { startMs: 2000, endMs: 4000 })
  gesture.move(at(331))
  gesture.end(at(331))

  expect(asked.at(-1)).toEqual(['create', tier, { startMs: 2520, endMs: 3320 }])
})

test('an annotation is stored once, when it is let go', () => {
  const { stage, asked } = setup()

  const gesture = drag(stage, at(150), { item, grip: 'body', room })
  gesture.move(at(160))
  gesture.move(at(170))
  gesture.end(at(170))

  expect(asked).toMatchObject([
    ['moving', { items: [{ tierId: tier, span: { startMs: 1120, endMs: 2120 } }], edges: [1120, 2120] }],
    ['moving', { items: [{ tierId: tier, span: { startMs: 1200, endMs: 2200 } }], edges: [1200, 2200] }],
    ['moving', null],
    ['pick', { ...item, startMs: 1200, endMs: 2200 }],
    ['change', item, { startMs: 1200, endMs: 2200 }],
  ])
})

test('a click on an annotation picks it and stores nothing', () => {
  const { stage, asked } = setup()

  drag(stage, at(150), { item, grip: 'end', room }).end(at(150))

  expect(asked).toEqual([
    ['moving', null],
    ['pick', item],
  ])
})

test('several chosen annotations keep their distances and are stored as one edit', () => {
  const { stage, asked } = setup()
  const other = { ...item, id: 10, tierId: 4, startMs: 2010, endMs: 2510 } as Annotation

  const gesture = dragMany(stage, at(150), { item, items: [item, other], room: { fromMs: -300, toMs: 900 } })
  gesture.move(at(161))
  gesture.move(at(100))
  gesture.move(at(90))
  gesture.end(at(90))

  const spans = asked.map(([name, now]) => [
    name,
    (now as { items?: { span: unknown }[] } | null)?.items?.map(({ span }) => span),
  ])
  expect(spans.slice(0, 4)).toEqual([
    [
      'moving',
      [
        { startMs: 1120, endMs: 2120 },
        { startMs: 2130, endMs: 2630 },
      ],
    ],
    [
      'moving',
      [
        { startMs: 700, endMs: 1700 },
        { startMs: 1710, endMs: 2210 },
      ],
    ],
    ['blocked', undefined],
    [
      'moving',
      [
        { startMs: 700, endMs: 1700 },
        { startMs: 1710, endMs: 2210 },
      ],
    ],
  ])
  expect(asked.slice(4)).toEqual([
    ['moving', null],
    ['shift', [item, other], -300],
  ])
})

test('pulling past a neighbour says once that there is no room', () => {
  const { stage, asked } = setup()

  const gesture = drag(stage, at(199), { item, grip: 'end', room })
  for (const x of [399, 410, 430, 450]) gesture.move(at(x))

  expect(asked.filter(([name]) => name === 'blocked')).toHaveLength(1)
  expect(asked.at(-1)).toMatchObject(['moving', { edges: [4000] }])
})

test('a cancelled drag leaves everything as it was', () => {
  const { stage, asked } = setup()

  const gesture = drag(stage, at(199), { item, grip: 'end', room })
  gesture.move(at(250))
  gesture.cancel()

  expect(asked.at(-1)).toEqual(['moving', null])
})

test('a drag over a curve selects in both directions', () => {
  const { stage, asked } = setup()

  const gesture = select(stage, at(400), null)
  gesture.move(at(300))
  gesture.end(at(300))

  expect(asked).toEqual([['select', { startMs: 3000, endMs: 4000 }]])
})

test('the modifier turns snapping off while it is held', () => {
  const { stage, asked } = setup()

  const gesture = drag(stage, at(150), { item, grip: 'end', room })
  gesture.move(at(161, 0, true))
  gesture.end(at(161, 0, true))

  expect(asked.at(-1)).toEqual(['change', item, { startMs: 1000, endMs: 2110 }])
})

test('a frame chooses what it touches when it is let go', () => {
  const { stage, asked } = setup()

  const gesture = frameBand(stage, at(10, 5))
  gesture.move(at(90, 60))
  gesture.end(at(90, 60))

  const band = { from: at(10, 5), to: at(90, 60) }
  expect(asked).toEqual([
    ['band', band],
    ['band', null],
    ['choose', band],
  ])
})
