import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMatrix } from '../formats/npy.ts'
import { convertSpamo } from './bundle/convert-spamo.ts'
import { type CallOptions, createEngineClient, type EngineClient } from './client.ts'
import { ffmpeg, scratch } from './frames/testing/clips.ts'
import { difference, GOLDEN, goldenArray, hasGolden } from './testing/golden.ts'

const files = scratch()
afterAll(() => files[Symbol.dispose]())

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

test('a bundle that is not there is told, and the engine goes on', async () => {
  await using engine = createEngineClient()
  const request = {
    bundleDir: files.path('no bundle'),
    clips: [{ features: {} }],
    device: 'cpu',
  } as const

  await expect(engine.translate(request)).rejects.toMatchObject({ code: 'not-found' })
  const pid = engine.pid()
  await expect(engine.translate(request)).rejects.toMatchObject({ code: 'not-found' })
  expect(engine.pid()).toBe(pid)
})

test('the CPU passes its self-test, and what is not there says why', async () => {
  await using engine = createEngineClient()
  const reports = await engine.devices()
  const cpu = reports.find(report => report.id === 'cpu')

  expect(cpu).toMatchObject({ isAvailable: true })
  expect(cpu?.gflops).toBeGreaterThan(1)
  for (const report of reports) expect(report.note).not.toBe('')
  expect(engine.pid()).toBe(null)
})

describe.skipIf(!hasGolden)('with a bundle', () => {
  const bundleDir = files.path('bundle')
  beforeAll(() =>
    convertSpamo({
      clipDir: join(GOLDEN, 'clip-tiny'),
      videomaeDir: join(GOLDEN, 'videomae-tiny'),
      t5Dir: join(GOLDEN, 't5-tiny'),
      checkpoint: join(GOLDEN, 'spamo-tiny.ckpt'),
      config: join(GOLDEN, 'spamo-tiny.config.json'),
      outDir: bundleDir,
      precision: 'fp32',
      card: { name: 'tiny' },
    }),
  )

  function extract(
    engine: EngineClient,
    path: string,
    span: { firstFrame?: number; lastFrame?: number } = {},
    call: CallOptions = {},
  ) {
    const out = { spatial: files.path('out/spatial.npy'), motion: files.path('out/motion.npy') }
    return engine.extract({ bundleDir, source: { kind: 'video', path, ...span }, out, device: 'cpu' }, call)
  }

  /** Long enough to be interrupted. */
  function longClip(): string {
    return files.make('long.mp4', 'testsrc2=s=160x120:r=25:d=40', x264)
  }

  test('features of a frame folder are those of the original, and their translation too', async () => {
    await using engine = createEngineClient()
    const seen: number[] = []
    const [spatialOut, motionOut] = [files.path('golden/s.npy'), files.path('golden/m.npy')]
    const source = { kind: 'frames', dir: join(GOLDEN, 'frames/clip_a') } as const

    const outcome = await engine.extract(
      { bundleDir, source, out: { spatial: spatialOut, motion: motionOut }, device: 'cpu' },
      { onProgress: ({ done }) => seen.push(done) },
    )
    const features = { spatial: spatialOut, motion: motionOut }
    const { results } = await engine.translate({
      bundleDir,
      clips: [{ features, options: { beams: 5 } }],
      device: 'cpu',
    })

    const expected = {
      s: goldenArray('clip-tiny/expected/spatial_s2_clip_a.npy'),
      m: goldenArray('videomae-tiny/expected/motion_clip_a.npy'),
    }
    const found = { s: await readMatrix(spatialOut), m: await readMatrix(motionOut) }
    expect(outcome).toMatchObject({
      frames: 42,
      shapes: { spatial: expected.s.shape, motion: expected.m.shape },
      device: 'cpu',
    })
    expect(difference(found.s.data, expected.s.data).maxAbs).toBeLessThan(2e-5)
    expect(difference(found.m.data, expected.m.data).maxAbs).toBeLessThan(2e-5)
    expect(results[0]?.hypotheses[0]?.text).not.toBe('')
    expect([seen[0], seen.at(-1)]).toEqual([0, 42])
  })

  test('a span of a video gives one row a frame, the same rows as the whole', async () => {
    await using engine = createEngineClient()
    const path = files.make('span.mp4', 'testsrc2=s=96x64:r=25:d=1', x264)
    await extract(engine, path)
    const whole = await readMatrix(files.path('out/spatial.npy'))

    const outcome = await extract(engine, path, { firstFrame: 5, lastFrame: 14 })

    const part = await readMatrix(files.path('out/spatial.npy'))
    const width = whole.shape[1]
    expect(outcome.frames).toBe(10)
    expect(difference(part.data, whole.data.subarray(5 * width, 15 * width)).maxAbs).toBeLessThan(1e-5)
    expect(readdirSync(files.path('out')).sort()).toEqual(['motion.npy', 'spatial.npy'])
  })

  test('an engine killed midway fails its call only: the next one starts a fresh process', async () => {
    await using engine = createEngineClient()
    const exits: unknown[] = []
    engine.onExit(exit => exits.push(exit.signal))
    let killed: number | null = null
    const onProgress = ({ done }: { done: number }) => {
      if (done === 0 || killed !== null) return
      killed = engine.pid()
      if (killed !== null) process.kill(killed, 'SIGKILL')
    }

    await expect(extract(engine, longClip(), {}, { onProgress })).rejects.toMatchObject({
      code: 'engine-crashed',
      details: { signal: 'SIGKILL' },
      message: expect.stringContaining('SIGKILL'),
    })
    const next = await extract(engine, files.path('long.mp4'), { lastFrame: 3 })

    expect(next.frames).toBe(4)
    expect(exits).toEqual(['SIGKILL'])
    expect(engine.pid()).not.toBe(killed)
  })

  test('an engine killed while idle is not noticed by the next call', async () => {
    await using engine = createEngineClient()
    const path = longClip()
    await extract(engine, path, { lastFrame: 1 })
    const gone = new Promise<void>(resolve => engine.onExit(() => resolve()))
    process.kill(engine.pid() ?? 0, 'SIGKILL')
    await gone

    expect((await extract(engine, path, { lastFrame: 1 })).frames).toBe(2)
  })

  test('a cancelled call stops between batches, writes nothing, and leaves the engine running', async () => {
    await using engine = createEngineClient()
    const abort = new AbortController()
    const before = Date.now()
    const call = {
      signal: abort.signal,
      onProgress: ({ done }: { done: number }) => void (done > 0 && abort.abort()),
    }
    const source = { kind: 'video', path: longClip() } as const

    await expect(
      engine.extract(
        { bundleDir, source, out: { spatial: files.path('cancelled.npy') }, device: 'cpu' },
        call,
      ),
    ).rejects.toMatchObject({ name: 'AbortError' })

    expect(Date.now() - before).toBeLessThan(20_000)
    expect(readdirSync(files.dir)).not.toContain('cancelled.npy')
    const pid = engine.pid()
    expect((await extract(engine, source.path, { lastFrame: 3 })).frames).toBe(4)
    expect(engine.pid()).toBe(pid)
  })

  test('an engine that does not hear a cancel in time is killed', async () => {
    await using engine = createEngineClient({ graceMs: 0 })
    const abort = new AbortController()
    const onProgress = () => abort.abort()
    const path = longClip()

    await expect(extract(engine, path, {}, { signal: abort.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    })

    expect((await extract(engine, path, { lastFrame: 3 })).frames).toBe(4)
  })

  test('a call that is running when the engine is stopped counts as cancelled', async () => {
    const engine = createEngineClient()
    const stopping: Promise<void>[] = []
    const onProgress = () => void stopping.push(engine.stop())

    await expect(extract(engine, longClip(), {}, { onProgress })).rejects.toMatchObject({ code: 'cancelled' })
    await Promise.all(stopping)
    expect(engine.pid()).toBe(null)
  })

  test('a frame that does not decode, a missing video and a wrong span fail with their reasons', async () => {
    await using engine = createEngineClient()
    const dir = files.path('pictures')
    ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.4', files.path('p%02d.png')])
    truncateSync(files.path('p07.png'), 200)
    const source = { kind: 'frames', dir: files.dir } as const
    const request = {
      bundleDir,
      out: { spatial: `${dir}.npy` },
      device: 'cpu',
    } as const

    await expect(engine.extract({ ...request, source })).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringContaining('p07.png'),
    })
    await expect(extract(engine, files.path('gone.mp4'))).rejects.toMatchObject({ code: 'media-missing' })
    await expect(extract(engine, files.path('long.mp4'), { lastFrame: 100_000 })).rejects.toMatchObject({
      code: 'invalid-input',
    })
  })
})
