import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { drag, type GestureStage, select, sweep } from './gestures.ts'

const tier = 3 as TierId
const item = { id: 9, tierId: tier, startMs: 1000, endMs: 2000, value: 'SONNE' } as Annotation
const room = { startMs: 500, endMs: 4000 }

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
    pick: note('pick'),
    unpick: note('unpick'),
    create: note('create'),
    change: note('change'),
    pan: note('pan'),
  }
  return { stage, asked }
}

test('a press that hardly moves goes there and makes nothing', () => {
  const { stage, asked } = setup()

  const gesture = sweep(stage, 300, tier, room)
  gesture.move(302)
  gesture.end(302)

  expect(asked).toEqual([
    ['moving', null],
    ['unpick', tier],
    ['select', null],
    ['seek', 3000],
  ])
})

test('a drag over free room makes an annotation on frame boundaries', () => {
  const { stage, asked } = setup()

  const gesture = sweep(stage, 250, tier, { startMs: 2000, endMs: 4000 })
  gesture.move(331)
  gesture.end(331)

  expect(asked.at(-1)).toEqual(['create', tier, { startMs: 2520, endMs: 3320 }])
})

test('an annotation is stored once, when it is let go', () => {
  const { stage, asked } = setup()

  const gesture = drag(stage, 150, { item, grip: 'body', room })
  gesture.move(160)
  gesture.move(170)
  gesture.end(170)

  expect(asked).toEqual([
    ['moving', { tierId: tier, id: 9, span: { startMs: 1120, endMs: 2120 } }],
    ['moving', { tierId: tier, id: 9, span: { startMs: 1200, endMs: 2200 } }],
    ['moving', null],
    ['pick', { ...item, startMs: 1200, endMs: 2200 }],
    ['change', item, { startMs: 1200, endMs: 2200 }],
  ])
})

test('a click on an annotation picks it and stores nothing', () => {
  const { stage, asked } = setup()

  drag(stage, 150, { item, grip: 'end', room }).end(150)

  expect(asked).toEqual([
    ['moving', null],
    ['pick', item],
  ])
})

test('a cancelled drag leaves everything as it was', () => {
  const { stage, asked } = setup()

  const gesture = drag(stage, 199, { item, grip: 'end', room })
  gesture.move(250)
  gesture.cancel()

  expect(asked.at(-1)).toEqual(['moving', null])
})

test('a drag over a curve selects in both directions', () => {
  const { stage, asked } = setup()

  const gesture = select(stage, 400, null)
  gesture.move(300)
  gesture.end(300)

  expect(asked).toEqual([['select', { startMs: 3000, endMs: 4000 }]])
})
