import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Preprocessor } from './preprocess.ts'
import {
  type ClipFacts,
  GOLDEN,
  difference,
  frameAt,
  goldenArray,
  goldenFrames,
  goldenJson,
  hasGolden,
} from '../testing/golden.ts'

interface Case {
  file: string
  processor: 'clip' | 'videomae'
  clip: string
  frame_index: number
  resized_size: [number, number]
  crop_left_top: [number, number]
  resized_u8: string
}

const FACTS = {
  clip: {
    edge: 224,
    crop: 224,
    resample: 'bicubic',
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
  videomae: {
    edge: 224,
    crop: 224,
    resample: 'bilinear',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
} as const

describe.skipIf(!hasGolden)('Preprocessing against Pillow', () => {
  const cases = hasGolden ? goldenJson<Case[]>('preprocess/index.json').filter(item => item.resized_u8) : []
  const clips = hasGolden ? goldenJson<ClipFacts[]>('frames/index.json') : []
  const frame = (item: Case) => {
    const clip = clips.find(({ name }) => name === item.clip)
    if (!clip) throw new Error(`no clip ${item.clip}`)
    return frameAt(goldenFrames(clip), item.frame_index)
  }
  const processor = (item: Case) =>
    new Preprocessor({
      ...FACTS[item.processor],
      mean: [...FACTS[item.processor].mean],
      std: [...FACTS[item.processor].std],
    })

  test.each(cases)('$file: the same grey levels', item => {
    const picture = frame(item)
    const ours = processor(item).resizeAndCrop(picture.pixels, picture.width, picture.height)
    const [left, top] = item.crop_left_top
    const resized = execFileSync(
      'ffmpeg',
      [
        '-v',
        'error',
        '-i',
        join(GOLDEN, 'preprocess', item.resized_u8),
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-',
      ],
      { maxBuffer: 1 << 26 },
    )
    const theirs = new Uint8Array(ours.length)
    for (let channel = 0; channel < 3; channel += 1)
      for (let y = 0; y < 224; y += 1)
        for (let x = 0; x < 224; x += 1)
          theirs[(channel * 224 + y) * 224 + x] =
            resized[3 * ((top + y) * item.resized_size[0] + left + x) + channel] ?? 0
    expect(Buffer.compare(ours, theirs)).toBe(0)
  })

  test.each(cases)('$file: the same numbers to the bit', item => {
    expect(
      difference(processor(item).run(frame(item)), goldenArray(`preprocess/${item.file}`).data).maxAbs,
    ).toBe(0)
  })
})
