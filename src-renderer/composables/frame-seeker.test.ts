import { expect, test } from 'vitest'
import { createFrameSeeker } from './frame-seeker.ts'

/** A decoder that finishes a seek when told to. */
function setup(answer: (frame: number, attempt: number) => number | null = frame => frame) {
  const asked: [frame: number, attempt: number][] = []
  let finish = () => {}
  const seeker = createFrameSeeker(async (frame, attempt) => {
    asked.push([frame, attempt])
    await new Promise<void>(resolve => (finish = resolve))
    return answer(frame, attempt)
  })
  const step = async () => {
    finish()
    await new Promise(resolve => setTimeout(resolve))
  }
  return { seeker, asked, step }
}

test('drops every wish that a newer one replaced', async () => {
  const { seeker, asked, step } = setup()

  const first = seeker.seek(10)
  for (const frame of [11, 12, 13]) void seeker.seek(frame)
  await step()
  await step()
  await first

  expect(asked).toEqual([
    [10, 0],
    [13, 0],
  ])
})

test('tries other places in a frame that did not come up', async () => {
  const { seeker, asked, step } = setup((frame, attempt) => (attempt === 2 ? frame : frame - 1))

  const done = seeker.seek(144)
  await step()
  await step()
  await step()
  await done

  expect(asked).toEqual([
    [144, 0],
    [144, 1],
    [144, 2],
  ])
})

test('gives up on a frame that never comes, and goes on with the next wish', async () => {
  const { seeker, asked, step } = setup(() => null)

  const done = seeker.seek(5)
  for (let n = 0; n < 4; n += 1) await step()
  await done
  void seeker.seek(6)

  expect({ wanted: seeker.wanted(), asked: asked.map(([frame]) => frame) }).toEqual({
    wanted: 6,
    asked: [5, 5, 5, 5, 6],
  })
})

test('a cancelled wish is not tried again', async () => {
  const { seeker, asked, step } = setup(() => null)

  const done = seeker.seek(5)
  seeker.cancel()
  await step()
  await done

  expect(asked).toEqual([[5, 0]])
})
