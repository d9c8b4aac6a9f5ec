import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readFrames } from '#main/engine/frames/read-frames.ts'
import { openSource } from '#main/engine/frames/source.ts'
import { CORPORA, ffmpeg, hasCorpora, scratch } from '#main/engine/frames/testing/clips.ts'
import { contentHash } from './content-hash.ts'
import { exactFrame } from './derive.ts'
import { type MediaProbe, probeMedia } from './probe.ts'

const files = scratch()
afterAll(() => files[Symbol.dispose]())

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

function picked(probe: MediaProbe, ...names: (keyof MediaProbe)[]): unknown[] {
  return names.map(name => probe[name])
}

function frameFolder(name: string, count: number, extension = 'png'): string {
  const dir = files.path(name)
  mkdirSync(dir)
  ffmpeg([
    '-f',
    'lavfi',
    '-i',
    `testsrc2=s=64x48:r=25:d=${count / 25}`,
    '-start_number',
    '1',
    join(dir, `f%d.${extension}`),
  ])
  return dir
}

test('a video tells what it is', async () => {
  const path = files.make('facts.mp4', 'testsrc2=s=96x64:r=30000/1001:d=2', [
    ...'-f lavfi -i sine=d=2 -vf setsar=2/3 -c:a aac -shortest'.split(' '),
    ...x264,
  ])
  const { index, bytes, mtimeMs, ...facts } = await probeMedia(path)

  expect({ ...facts, hasStamps: index.pts.length, isWritten: bytes > 1000 && mtimeMs > 0 }).toEqual({
    kind: 'video',
    frames: 60,
    durationMs: 2002,
    fps: 30_000 / 1001,
    variableFrameRate: false,
    firstPtsMs: 0,
    width: 96,
    height: 64,
    displayWidth: 64,
    displayHeight: 64,
    rotation: 0,
    sampleAspectRatio: '2:3',
    videoCodec: 'h264',
    audioCodec: 'aac',
    hasAudio: true,
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    pixelFormat: 'yuv420p',
    hasLength: true,
    problem: null,
    hasStamps: 60,
    isWritten: true,
  })
})

describe.skipIf(!hasCorpora)('real files', () => {
  test.each([
    ['video/how2sign_nc/_0fO5ETSwyg_0-5-rgb_front.mp4', [102, 4250, 24, false, 41.016, 1280, 720]],
    ['video/intel_asl/again.mkv', [77, 2567, 30, false, 33, 640, 480]],
    ['video/signbank/video.mp4', [99, 6600, 15, false, 0, 640, 480]],
    ['video/codec_edge/video_90.mov', [3, 100, 30, false, 0, 320, 568]],
    ['video/fsl_kamaynikasyon/Address.mp4', [280, 9333, 30, false, 0, 480, 480]],
    ['video/gif/asl_wrong_what.gif', [97, 3230, 30, false, 0, 320, 240]],
    ['video/codec_edge/nasa_13013.mp4', [325, 13_000, 25, false, 0, 320, 180]],
    ['derived/asl_sentence/vp9_opus_30.webm', [492, 16_400, 30, false, 7, 640, 480]],
  ])('%s', async (name, facts) => {
    const probe = await probeMedia(join(CORPORA, name))
    const names = [
      'frames',
      'durationMs',
      'fps',
      'variableFrameRate',
      'firstPtsMs',
      'displayWidth',
      'displayHeight',
    ] as const

    expect(picked(probe, ...names)).toEqual(facts)
  })

  test('a live recording without length and with repeated stamps has a variable rate', async () => {
    const probe = await probeMedia(join(CORPORA, 'video/codec_edge/chrome57.webm'))

    expect(picked(probe, 'frames', 'variableFrameRate', 'hasLength')).toEqual([185, true, false])
  })
})

describe('frame folders', () => {
  test('are ordered as people number them', async () => {
    const probe = await probeMedia(frameFolder('numbered', 12))
    const source = await openSource(files.path('numbered'))

    expect(picked(probe, 'kind', 'frames', 'durationMs', 'fps', 'width', 'videoCodec')).toEqual([
      'frames',
      12,
      480,
      25,
      64,
      'png',
    ])
    expect(source.kind === 'frames' && source.files.slice(0, 3)).toEqual(['f1.png', 'f2.png', 'f3.png'])
  })

  test('give exactly the picture asked for', async () => {
    const dir = frameFolder('exact', 12)
    const pixels = (picture: Buffer) =>
      ffmpeg(
        ['-f', 'image2pipe', '-i', files.path('shown.png'), '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'].with(
          3,
          written(picture),
        ),
      )
    const written = (picture: Buffer) => {
      writeFileSync(files.path('shown.png'), picture)
      return files.path('shown.png')
    }

    expect(pixels(await exactFrame(dir, 9)).equals(pixels(readFileSync(join(dir, 'f10.png'))))).toBe(true)
  })

  test('name the picture that is damaged, of another size or missing', async () => {
    const read = async (dir: string) => {
      for await (const batch of readFrames(await openSource(dir), {
        batchSize: 4,
        format: 'rgb24',
        isStrict: true,
      }))
        void batch
    }
    const damaged = frameFolder('damaged', 6)
    truncateSync(join(damaged, 'f4.png'), 300)
    const resized = frameFolder('resized', 6)
    ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=32x32:d=0.04', join(resized, 'f3.png')])
    const fake = frameFolder('fake', 6)
    writeFileSync(join(fake, 'f5.png'), 'this is text')
    const empty = frameFolder('empty-picture', 3)
    truncateSync(join(empty, 'f2.png'), 0)

    await expect(read(damaged)).rejects.toThrow('Frame f4.png in damaged does not decode')
    await expect(read(resized)).rejects.toThrow('Frame f3.png in resized is 32×32, the first one 64×48')
    await expect(read(fake)).rejects.toThrow('Frame f5.png in fake is not the picture its name says')
    await expect(read(empty)).rejects.toThrow('Frame f2.png in empty-picture is empty')
  })

  test('without pictures are refused', async () => {
    mkdirSync(files.path('nothing'))
    writeFileSync(files.path('nothing/notes.txt'), 'x')

    await expect(probeMedia(files.path('nothing'))).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('files that are no usable video', () => {
  test.each([
    ['text with a video name', 'text.mp4', 'corrupt-file', /not a video that ffmpeg can read/],
    ['nothing', 'zero.mp4', 'corrupt-file', /is empty/],
    ['sound only', 'sound.m4a', 'invalid-input', /has no pictures, only audio/],
    ['gone', 'gone.mp4', 'media-missing', /is not there/],
    ['an MP4 without its end', 'headless.mp4', 'corrupt-file', /table of contents \(moov\) is missing/],
  ])('%s', async (_name, file, code, message) => {
    writeFileSync(files.path('text.mp4'), 'this is not a video\n'.repeat(50))
    writeFileSync(files.path('zero.mp4'), '')
    ffmpeg(['-f', 'lavfi', '-i', 'sine=d=1', files.path('sound.m4a')])
    files.make('headless.mp4', 'testsrc2=s=96x64:r=25:d=1', x264)
    truncateSync(files.path('headless.mp4'), 3000)

    await expect(probeMedia(files.path(file))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})

describe('damaged videos', () => {
  test('a cut file says where it ends, and its frames up to there can be read', async () => {
    const path = files.make('cut.mp4', 'testsrc2=s=320x240:r=25:d=4', [
      ...x264,
      '-g',
      '10',
      '-movflags',
      '+faststart',
    ])
    truncateSync(path, Math.round(readFileSync(path).length * 0.6))
    const probe = await probeMedia(path)
    const source = await openSource(path)
    let read = 0
    for await (const batch of readFrames(source, { batchSize: 8, format: 'gray' })) read += batch.count

    expect(probe.problem).toMatch(
      /^The video ends early at 00:0[12]\.\d+, after \d+ frames, though it says it lasts 00:04\.000/,
    )
    expect(probe.frames).toBeGreaterThan(30)
    expect(read).toBe(probe.frames)
  })

  test('a frame that does not decode is named when features are read', async () => {
    const path = files.make('hole.mp4', 'testsrc2=s=320x240:r=25:d=2', [
      ...x264,
      '-g',
      '1',
      '-x264-params',
      'slices=1',
    ])
    const bytes = readFileSync(path)
    const start = bytes.indexOf('mdat') + 4
    bytes.fill(
      0,
      start + Math.round((bytes.length - start) * 0.5),
      start + Math.round((bytes.length - start) * 0.53),
    )
    writeFileSync(path, bytes)
    const source = await openSource(path)
    const read = async () => {
      for await (const batch of readFrames(source, { batchSize: 8, format: 'rgb24', isStrict: true }))
        void batch
    }

    await expect(read()).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringMatching(/^hole\.mp4 is damaged: frame 2\d \(at 00:0[01]\.\d+\) does not decode/),
    })
  })
})

test('a missing ffmpeg is told with its remedy', async () => {
  const path = files.make('any.mp4', 'testsrc2=s=32x32:d=0.2', x264)
  process.env['SIGNWRIGHT_FFMPEG'] = '/nowhere/ffmpeg'
  try {
    await expect(probeMedia(path)).rejects.toMatchObject({
      code: 'ffmpeg-missing',
      message: expect.stringContaining('apt install ffmpeg'),
    })
  } finally {
    delete process.env['SIGNWRIGHT_FFMPEG']
  }
})

test('names with colons, spaces, percent signs and a leading dash are read', async () => {
  const plain = files.make('plain.mp4', 'testsrc2=s=32x32:r=25:d=0.2', x264)
  const names = ['12:30 x.mp4', '-i.mp4', '100%d é.mp4', "it's, [ok];=.mp4"]
  const counts = []
  for (const name of names) {
    copyFileSync(plain, files.path(name))
    counts.push((await probeMedia(files.path(name))).frames)
    await exactFrame(files.path(name), 4)
  }

  expect(counts).toEqual([5, 5, 5, 5])
})

test('content hashes name their scheme, follow content and not names', async () => {
  writeFileSync(files.path('one.bin'), 'content')
  copyFileSync(files.path('one.bin'), files.path('two.bin'))
  const dir = frameFolder('hashed', 3)
  const before = await contentHash(dir)
  writeFileSync(join(dir, 'f2.png'), 'other')

  expect(await contentHash(files.path('one.bin'))).toBe(await contentHash(files.path('two.bin')))
  expect(await contentHash(files.path('one.bin'))).toMatch(/^sha256:7:ed7002b439e9ac845f22357d822bac14/)
  expect(before).toMatch(/^folder64-sha256:\d+:[0-9a-f]{64}$/)
  expect(await contentHash(dir)).not.toBe(before)
})
