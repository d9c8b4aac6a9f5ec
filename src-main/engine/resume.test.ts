import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { convertSpamo } from './bundle/convert-spamo.ts'
import { createEngineClient, type EngineClient } from './client.ts'
import { scratch } from './frames/testing/clips.ts'
import { writeSeededModel } from './testing/seeded-model.ts'

const files = scratch()
afterAll(() => files[Symbol.dispose]())

const FRAMES = 1000
const bundleDir = files.path('bundle')
let video = ''

beforeAll(async () => {
  const picture = `testsrc2=s=64x64:r=25:d=${FRAMES / 25}`
  video = files.make('long.mp4', picture, ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'])
  await convertSpamo({
    ...writeSeededModel(files.path('sources')),
    outDir: bundleDir,
    precision: 'fp32',
    card: { name: 'seeded' },
  })
})

interface Visit {
  name: string
  key?: string
  /** Kills the engine as soon as so many frames are done. */
  killAt?: number
}

/** Extracts the clip into a folder of this name; gives the frame numbers that it told. */
async function extract(
  engine: EngineClient,
  { name, key = 'clip', killAt = Infinity }: Visit,
): Promise<number[]> {
  const [spatialOut, motionOut] = [files.path(`${name}/spatial.npy`), files.path(`${name}/motion.npy`)]
  mkdirSync(dirname(spatialOut), { recursive: true })
  const seen: number[] = []
  const onProgress = ({ done }: { done: number }) => {
    seen.push(done)
    const pid = engine.pid()
    if (done >= killAt && pid !== null) process.kill(pid, 'SIGKILL')
  }
  const partial = { file: partialOf(name), key }
  const source = { kind: 'video', path: video } as const
  const out = { spatial: spatialOut, motion: motionOut }
  const request = { bundleDir, source, out, partial, device: 'cpu' } as const
  const outcome = await engine
    .extract(request, { onProgress })
    .catch((error: { code?: string }) => error.code)
  if (killAt !== Infinity) expect(outcome).toBe('engine-crashed')
  else expect(outcome).toMatchObject({ frames: FRAMES, shapes: { spatial: [FRAMES, expect.any(Number)] } })
  return seen
}

const partialOf = (name: string) => files.path(`${name}/features.partial`)
const featuresOf = (name: string) =>
  ['spatial.npy', 'motion.npy'].map(file => readFileSync(join(files.path(name), file)).toString('base64'))

test('an extraction that is killed twice within a clip goes on, and its features are those of an undisturbed one', async () => {
  await using engine = createEngineClient()
  await extract(engine, { name: 'undisturbed' })

  const first = await extract(engine, { name: 'killed', killAt: 300 })
  const second = await extract(engine, { name: 'killed', killAt: 700 })
  const third = await extract(engine, { name: 'killed' })

  expect(first[0]).toBe(0)
  expect(second[0]).toBeGreaterThan(200)
  expect(third[0]).toBeGreaterThan(600)
  expect(featuresOf('killed')).toEqual(featuresOf('undisturbed'))
  expect(existsSync(partialOf('killed'))).toBe(false)
})

test('a record that was cut off while it was written does not count', async () => {
  await using engine = createEngineClient()
  await extract(engine, { name: 'undisturbed' })
  await extract(engine, { name: 'torn', killAt: 500 })
  const file = openSync(partialOf('torn'), 'r+')
  ftruncateSync(file, statSync(partialOf('torn')).size - 7)
  closeSync(file)

  const [start] = await extract(engine, { name: 'torn' })

  expect(start).toBeGreaterThan(400)
  expect(featuresOf('torn')).toEqual(featuresOf('undisturbed'))
})

test('rows of other frames or another model are thrown away', async () => {
  await using engine = createEngineClient()
  await extract(engine, { name: 'undisturbed' })
  await extract(engine, { name: 'other', key: 'before', killAt: 500 })

  const [start] = await extract(engine, { name: 'other', key: 'after' })

  expect(start).toBe(0)
  expect(featuresOf('other')).toEqual(featuresOf('undisturbed'))
})
