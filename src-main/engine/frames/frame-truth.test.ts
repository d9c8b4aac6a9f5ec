import { basename } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { frameTimesUs, timeOf } from '#shared/domain/frame-index.ts'
import { encodePicture } from './picture.ts'
import { readFrames } from './read-frames.ts'
import { type FrameSource, openSource } from './source.ts'
import {
  corpusVideos,
  countedFrames,
  ffmpeg,
  md5,
  picturePixels,
  scratch,
  sequentialHashes,
} from './testing/clips.ts'

const CHECKED_FRAMES = process.env['SIGNWRIGHT_THOROUGH'] ? 30 : 2
const files = scratch()
afterAll(() => files[Symbol.dispose]())

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

/** Evenly spread with a stride that hits no key frame grid; always the first and the last. */
function someFrames(total: number, count: number): number[] {
  const inner = Array.from({ length: count }, (_, at) => Math.floor((((at + 1) * 0.618_034) % 1) * total))
  return [...new Set([0, ...inner, total - 1])]
}

async function hashOf(source: FrameSource, frame: number): Promise<string> {
  for await (const batch of readFrames(source, { first: frame, last: frame, batchSize: 1, format: 'rgb24' }))
    return md5(batch.pixels)
  return 'nothing'
}

async function expectFrameTruth(path: string): Promise<FrameSource> {
  const source = await openSource(path)
  const { stream } = source.video
  const truth = sequentialHashes(path, stream)
  const frames = someFrames(truth.length, CHECKED_FRAMES)
  const found = []
  for (const frame of frames) found.push(await hashOf(source, frame))

  expect({ frames: source.index.pts.length, found }).toEqual({
    frames: countedFrames(path, stream),
    found: frames.map(frame => truth[frame]),
  })
  return source
}

describe('random access gives the frames that decoding from the start gives', () => {
  test.each(corpusVideos().map(path => [basename(path), path]))('%s', async (_name, path) => {
    await expectFrameTruth(path)
  })

  test.each([
    ['B-frames and an edit list', 'b.mp4', 'testsrc2=s=96x64:r=25:d=2', [...x264, '-bf', '3']],
    [
      'B-frames without an edit list',
      'n.mp4',
      'testsrc2=s=96x64:r=25:d=2',
      [...x264, '-bf', '3', '-use_editlist', '0'],
    ],
    ['a start at 5 s', 'late.mkv', 'testsrc2=s=96x64:r=25:d=2', [...x264, '-output_ts_offset', '5']],
    ['a transport stream', 'a.ts', 'testsrc2=s=96x64:r=25:d=2', x264],
    ['AVI with B-frames and no stamps', 'a.avi', 'testsrc2=s=96x64:r=25:d=2', ['-c:v', 'mpeg4', '-bf', '2']],
    [
      'no usable stamps',
      'neg.mkv',
      'testsrc2=s=96x64:r=25:d=2',
      [...x264, '-output_ts_offset', '-0.2', '-avoid_negative_ts', 'disabled'],
    ],
    [
      'ten-bit HEVC',
      'a.mov',
      'testsrc2=s=96x64:r=50:d=1',
      ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p10le'],
    ],
    [
      'a minute with open groups of pictures',
      'long.mp4',
      'testsrc2=s=96x64:r=25:d=60',
      [...x264, '-g', '250', '-bf', '3', '-x264-params', 'open-gop=1:scenecut=0'],
    ],
    [
      'a minute of intra refresh',
      'refresh.mp4',
      'testsrc2=s=96x64:r=25:d=60',
      [...x264, '-g', '60', '-x264-params', 'intra-refresh=1'],
    ],
    ['a minute in a transport stream', 'long.ts', 'testsrc2=s=96x64:r=25:d=60', [...x264, '-g', '60']],
  ])('%s', async (_name, file, source, options) => {
    await expectFrameTruth(files.make(file, source, options))
  })

  test('a stream copy that begins between key frames shows only what its edit list shows', async () => {
    files.make('whole.mkv', 'testsrc2=s=96x64:r=25:d=3', [...x264, '-g', '12', '-bf', '2'])
    ffmpeg(['-ss', '0.7', '-i', files.path('whole.mkv'), '-c', 'copy', files.path('cut.mp4')])

    const source = await expectFrameTruth(files.path('cut.mp4'))

    expect(timeOf(source.index, 0)).toBe(0)
  })

  test('of two video streams the first counts, though the second is larger', async () => {
    const two = files.path('two.mkv')
    const inputs = ['testsrc2=s=96x64:r=25:d=1', 'testsrc=s=320x240:r=30:d=1'].flatMap(source => [
      '-f',
      'lavfi',
      '-i',
      source,
    ])
    ffmpeg([...inputs, '-map', '0', '-map', '1', ...x264, two])

    const source = await expectFrameTruth(two)

    expect([source.video.width, source.index.pts.length]).toEqual([96, 25])
  })
})

test('a variable rate keeps every stamp', async () => {
  const path = files.make('vfr.mp4', 'testsrc2=s=96x64:r=1000:d=0.4', [
    '-vf',
    "select='eq(n,0)+eq(n,17)+eq(n,50)+eq(n,51)+eq(n,300)'",
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '1/1000',
    ...x264,
  ])
  const { index } = await openSource(path)

  expect(frameTimesUs(index).slice(0, -1)).toEqual([0, 17_000, 50_000, 51_000, 300_000])
})

test('the PNG of a frame has the pixels of the frame, turned upright', async () => {
  files.make('flat.mp4', 'testsrc2=s=96x64:r=25:d=1', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'])
  ffmpeg([
    '-i',
    files.path('flat.mp4'),
    '-c',
    'copy',
    '-metadata:s:v:0',
    'rotate=90',
    files.path('turned.mp4'),
  ])
  const source = await openSource(files.path('turned.mp4'))

  const png = await encodePicture(source, 7, { codec: ['-c:v', 'png'], pixelFormat: 'rgb24' })

  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 96])
  expect(md5(picturePixels(png))).toBe(sequentialHashes(files.path('turned.mp4'), 0)[7])
})

test('a span in batches is the whole span, each batch in a buffer of its own', async () => {
  const source = await openSource(
    files.make('span.mp4', 'testsrc2=s=32x32:r=25:d=2', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']),
  )
  const truth = sequentialHashes(files.path('span.mp4'), 0)
  const batches = []
  for await (const batch of readFrames(source, { first: 5, last: 27, batchSize: 10, format: 'rgb24' }))
    batches.push(batch)

  const hashes = batches.flatMap(({ pixels, count }) =>
    Array.from({ length: count }, (_, at) => md5(pixels.subarray(at * 3072, (at + 1) * 3072))),
  )
  expect(
    batches.map(({ firstFrame, count, pixels }) => [firstFrame, count, pixels.buffer.byteLength]),
  ).toEqual([
    [5, 10, 30_720],
    [15, 10, 30_720],
    [25, 3, 9216],
  ])
  expect(hashes).toEqual(truth.slice(5, 28))
})
