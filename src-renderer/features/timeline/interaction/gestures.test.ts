import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { drag, frameBand, type GestureStage, select, sweep } from './gestures.ts'

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

  expect(asked).toEqual([
    ['moving', { tierId: tier, id: 9, span: { startMs: 1120, endMs: 2120 }, value: 'SONNE' }],
    ['moving', { tierId: tier, id: 9, span: { startMs: 1200, endMs: 2200 }, value: 'SONNE' }],
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
