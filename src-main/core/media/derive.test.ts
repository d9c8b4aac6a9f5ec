import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { timeOf } from '#shared/domain/frame-index.ts'
import { openSource } from '#main/engine/frames/source.ts'
import { ffmpeg, md5, picturePixels, scratch, sequentialHashes } from '#main/engine/frames/testing/clips.ts'
import { audioPeaks, downsamplePeaks, motionCurve } from './curves.ts'
import { exactFrame, makeProxy, makeThumbnail } from './derive.ts'
import { proxyReason } from './playable.ts'
import { probeMedia } from './probe.ts'

const files = scratch()
afterAll(() => files[Symbol.dispose]())

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const x265 = ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p']
const mpeg4 = ['-c:v', 'mpeg4', '-bf', '2']

describe('what gets a proxy', () => {
  test.each([
    ['H.264 in MP4', 'h264.mp4', x264, null],
    ['H.264 in Matroska', 'h264.mkv', x264, null],
    ['VP8 in WebM', 'vp8.webm', ['-c:v', 'libvpx', '-deadline', 'realtime'], null],
    ['HEVC', 'hevc.mp4', x265, 'the video codec hevc'],
    ['MPEG-4 part 2', 'mpeg4.mp4', mpeg4, 'the video codec mpeg4'],
    ['AVI', 'a.avi', mpeg4, 'the container avi'],
    ['GIF', 'a.gif', [], 'the container gif'],
    ['a transport stream', 'a.ts', x264, 'the container mpegts'],
    ['4:4:4 colour', 'full.mp4', ['-c:v', 'libx264', '-pix_fmt', 'yuv444p'], 'the pixel format yuv444p'],
    [
      'sound that Chromium cannot play',
      'ac3.mkv',
      ['-f', 'lavfi', '-i', 'sine=d=1', ...x264, '-c:a', 'ac3'],
      'the audio codec ac3',
    ],
  ])('%s', async (_name, file, options, reason) => {
    expect(proxyReason(await probeMedia(files.make(file, 'testsrc2=s=96x64:r=25:d=1', options)))).toBe(reason)
  })
})

describe('a proxy has the frames of its original at their times', () => {
  test.each([
    ['HEVC that starts late', 'late.mkv', [...x265, '-output_ts_offset', '0.041']],
    [
      'a variable rate',
      'vfr.mkv',
      ['-vf', "select='not(mod(n,3))+eq(mod(n,5),1)'", '-fps_mode', 'passthrough', ...x265],
    ],
    ['29.97', 'ntsc.avi', ['-r', '30000/1001', ...mpeg4]],
    ['a transport stream, whose stamps start at 1.48 s', 'b.ts', x264],
    ['GIF of an odd size', 'odd.gif', ['-vf', 'scale=95:63']],
    ['no usable stamps', 'neg.mkv', [...x264, '-output_ts_offset', '-0.2', '-avoid_negative_ts', 'disabled']],
  ])('%s', async (name, file, options) => {
    const source = await openSource(files.make(file, 'testsrc2=s=96x64:r=25:d=1', options))
    const out = files.path(`proxy of ${name}.mp4`)

    const proxy = await makeProxy(source, out)

    const worst = source.index.pts.reduce(
      (most, _, frame) => Math.max(most, Math.abs(timeOf(proxy.index, frame) - timeOf(source.index, frame))),
      0,
    )
    expect(proxy.index.pts.length).toBe(source.index.pts.length)
    expect(worst).toBeLessThan(0.002)
    expect(proxyReason(await probeMedia(out))).toBe(null)
  })

  test('every frame of a proxy is a key frame, and its head comes first', async () => {
    const source = await openSource(files.make('keys.avi', 'testsrc2=s=96x64:r=25:d=1', mpeg4))
    await makeProxy(source, files.path('keys.mp4'))

    const { head, keys } = {
      head: readFileSync(files.path('keys.mp4')).indexOf('moov'),
      keys: keyFrames(files.path('keys.mp4')),
    }

    expect(head).toBeLessThan(100)
    expect(keys).toBe(25)
  })

  test('a frame folder plays as a proxy', async () => {
    ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.4', files.path('%03d.png')])
    const proxy = await makeProxy(await openSource(files.dir), files.path('folder proxy.mp4'))

    expect(proxy.frames).toBe(10)
  })
})

test('a cancelled proxy leaves nothing behind', async () => {
  const source = await openSource(files.make('slow.avi', 'testsrc2=s=640x480:r=25:d=20', mpeg4))
  const abort = new AbortController()
  const making = makeProxy(source, files.path('cancelled/out.mp4'), {
    signal: abort.signal,
    onProgress: () => abort.abort(),
  })

  await expect(making).rejects.toMatchObject({ name: 'AbortError' })
  expect(readdirSync(files.path('cancelled'))).toEqual([])
})

test.skipIf(!existsSync('/dev/full'))('a full disk is told as such', async () => {
  const source = await openSource(files.make('any.avi', 'testsrc2=s=96x64:r=25:d=1', mpeg4))
  const { outputError, runFfmpeg } = await import('#main/engine/frames/tool.ts')

  const result = await runFfmpeg(() => ['-y', '-i', source.path, '-f', 'avi', '/dev/full'])

  expect(outputError('/disk/proxy.mp4', result)).toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('Free some space'),
  })
})

test('a thumbnail is a small upright JPEG with square pixels', async () => {
  files.make('wide.mp4', 'testsrc2=s=640x480:r=25:d=1', [...x264, '-vf', 'setsar=2/3'])
  ffmpeg([
    '-i',
    files.path('wide.mp4'),
    '-c',
    'copy',
    '-metadata:s:v:0',
    'rotate=90',
    files.path('wide turned.mp4'),
  ])

  await makeThumbnail(await openSource(files.path('wide.mp4')), files.path('wide.jpg'))
  await makeThumbnail(await openSource(files.path('wide turned.mp4')), files.path('turned.jpg'))

  const pixels = ['wide.jpg', 'turned.jpg'].map(
    name => picturePixels(readFileSync(files.path(name))).length / 3,
  )
  // 426×480 at most 320 wide, and the same turned: 480×426, where the stored width is the shown height.
  expect(pixels[0]).toBe(320 * 360)
  expect(readFileSync(files.path('wide.jpg')).subarray(0, 2).toString('hex')).toBe('ffd8')
  expect(pixels[1]).toBeGreaterThan(0)
})

test('the exact frame is the frame that a plain decode gives', async () => {
  const path = files.make('exact.mp4', 'testsrc2=s=96x64:r=25:d=2', [...x264, '-bf', '3'])

  expect(md5(picturePixels(await exactFrame(path, 33)))).toBe(sequentialHashes(path, 0)[33])
  await expect(exactFrame(path, 50)).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('frames 0 to 49'),
  })
})

test('the motion curve is still while the picture is still, and highest where it changes', async () => {
  const still = 'color=red:s=96x64:r=25:d=1'
  const path = files.path('cut.mp4')
  ffmpeg([
    ...[still, 'testsrc2=s=96x64:r=25:d=1'].flatMap(input => ['-f', 'lavfi', '-i', input]),
    ...['-filter_complex', '[0][1]concat'].concat(x264, path),
  ])
  const seen: number[] = []

  const { perFrame, greatest } = await motionCurve(await openSource(path), {
    onProgress: done => seen.push(done),
  })

  expect([perFrame.length, perFrame.indexOf(1), Math.max(...perFrame.subarray(0, 24)) < 0.01]).toEqual([
    50,
    25,
    true,
  ])
  expect(greatest).toBeGreaterThan(10)
  expect(seen.at(-1)).toBe(50)
  expect([...downsamplePeaks(perFrame, 2)].map(Math.round)).toEqual([0, 1])
})

test('audio peaks stand where the sound is, and silent video has none', async () => {
  const beep = "aevalsrc='if(between(t,1,1.5),0.5*sin(2000*t),0)':d=2"
  const path = files.make('beep.mp4', 'testsrc2=s=96x64:r=25:d=2', [
    '-f',
    'lavfi',
    '-i',
    beep,
    ...x264,
    '-c:a',
    'aac',
  ])
  writeFileSync(files.path('none'), '')

  const sound = await audioPeaks(await openSource(path))
  const loud = Array.from(sound?.peaks ?? []).flatMap((peak, at) => (peak > 0.2 ? [at / 100] : []))

  expect(sound?.peaks.length).toBe(200)
  expect([loud[0], loud.at(-1)].map(second => Math.round((second ?? 0) * 10) / 10)).toEqual([1, 1.5])
  expect(await audioPeaks(await openSource(files.path('cut.mp4')))).toBe(null)
})

function keyFrames(path: string): number {
  const statistics = ffmpeg([
    '-skip_frame',
    'nokey',
    '-i',
    path,
    '-map',
    '0:v',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ]).toString()
  return statistics.split('\n').filter(line => line !== '' && !line.startsWith('#')).length
}
