import { existsSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { readMatrix } from '../formats/npy.ts'
import { convertSpamo } from './bundle/convert-spamo.ts'
import { createEngineClient, type DeviceName } from './client.ts'
import { scratch } from './frames/testing/clips.ts'
import { smallestCosine } from './pipelines/cosine.ts'
import { writeSeededModel } from './testing/seeded-model.ts'

/** Chromium's software Vulkan driver, from Debian's package `chromium`. */
const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'
const hasDriver = existsSync(DRIVER)
if (!hasDriver) console.log(`WebGPU is not tested: there is no ${DRIVER} (Debian: apt install chromium).`)

const files = scratch()
afterAll(() => files[Symbol.dispose]())

test.skipIf(!hasDriver)(
  'features from WebGPU are those of the CPU, and its speed is measured',
  { timeout: 180_000 },
  async () => {
    process.env['VK_DRIVER_FILES'] = DRIVER
    const bundleDir = files.path('bundle')
    const model = writeSeededModel(files.path('sources'))
    await convertSpamo({ ...model, outDir: bundleDir, precision: 'fp32', card: { name: 'seeded' } })
    const path = files.make('clip.mp4', 'testsrc2=s=64x64:r=25:d=1', ['-pix_fmt', 'yuv420p'])
    await using engine = createEngineClient()

    const report = (await engine.devices()).find(({ id }) => id === 'webgpu')
    const measured = await engine.measure(bundleDir, 'webgpu')
    const features = async (device: DeviceName) => {
      const [spatialOut, motionOut] = [files.path(`${device}-s.npy`), files.path(`${device}-m.npy`)]
      const source = { kind: 'video', path } as const
      await engine.extract({ bundleDir, source, out: { spatial: spatialOut, motion: motionOut }, device })
      return { spatial: await readMatrix(spatialOut), motion: await readMatrix(motionOut) }
    }
    const [theirs, ours] = [await features('webgpu'), await features('cpu')]

    expect(report).toMatchObject({ isAvailable: true })
    expect(measured).toMatchObject({ isSafe: true })
    expect(measured.framesPerSecond).toBeGreaterThan(0)
    expect(theirs.spatial.shape).toEqual(ours.spatial.shape)
    for (const kind of ['spatial', 'motion'] as const)
      expect(smallestCosine(theirs[kind].data, ours[kind].data, ours[kind].shape[0])).toBeGreaterThanOrEqual(
        0.999,
      )
  },
)
