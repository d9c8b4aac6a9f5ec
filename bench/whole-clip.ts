/** One clip from its video file to text in the engine's own process, as a job does it. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { assertKind, openBundle } from '#main/engine/bundle/open-bundle.ts'
import { createEngineClient } from '#main/engine/client.ts'
import { createT5Tokenizer } from '#main/engine/decoding/t5-tokenizer.ts'
import { readJson } from '#main/engine/weights/open-weights.ts'
import { readMatrix } from '#main/formats/npy.ts'

export interface BenchVideo {
  path: string
  width: number
  height: number
  frames: number
}

export interface ClipAnswer {
  seconds: number
  /** Token ids with the start token. */
  values: number[]
  spatial: number[]
  motion: number[]
  /** Share of the time that is spent inside ONNX Runtime: of extraction and of translation. */
  modelShare?: { extract: number; translate: number }
}

/** The first frames of a video of the demo corpus, or of the one that is named. */
export function cutVideo(dir: string, frames: number, video = demoVideo()): BenchVideo {
  const path = join(dir, 'clip.mp4')
  const wanted = `select=lt(n\\,${frames})`
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', video, '-vf', wanted, '-an', path])
  const facts = execFileSync(
    'ffprobe',
    ['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries'].concat(
      'stream=width,height,nb_read_frames',
      '-of',
      'csv=p=0',
      path,
    ),
    { encoding: 'utf8' },
  )
  const [width = 0, height = 0, count = 0] = facts.trim().split(',').map(Number)
  return { path, width, height, frames: count }
}

function demoVideo(): string {
  const clips = resolve(import.meta.dirname, '../resources/demo/clips')
  return join(clips, readdirSync(clips).sort()[0] ?? '')
}

export interface ClipOptions {
  dir: string
  threads: number
  beams: number
  maxLength: number
}

/** The engine has its sessions open, by one pass over the same clip, before the clock starts. */
export async function ourClip(
  bundleDir: string,
  video: BenchVideo,
  { dir, threads, beams, maxLength }: ClipOptions,
): Promise<ClipAnswer> {
  await using engine = createEngineClient()
  const [spatialOut, motionOut] = [join(dir, 'clip.spatial.npy'), join(dir, 'clip.motion.npy')]
  const common = { bundleDir, device: 'cpu', threads } as const
  const extract = (lastFrame: number) =>
    engine.extract({
      ...common,
      source: { kind: 'video', path: video.path, firstFrame: 0, lastFrame },
      out: { spatial: spatialOut, motion: motionOut },
    })
  const translate = () =>
    engine.translate({
      ...common,
      clips: [{ features: { spatial: spatialOut, motion: motionOut }, options: { beams, maxLength } }],
    })
  await extract(0)
  await translate()
  const start = performance.now()
  const extracted = await extract(video.frames - 1)
  const middle = performance.now()
  const [translated] = (await translate()).results
  const end = performance.now()
  return {
    seconds: (end - start) / 1000,
    values: translated?.hypotheses[0]?.tokens ?? [],
    spatial: [...(await readMatrix(spatialOut)).data],
    motion: [...(await readMatrix(motionOut)).data],
    modelShare: {
      extract: extracted.modelMs / (middle - start),
      translate: (translated?.modelMs ?? 0) / (end - middle),
    },
  }
}

/** What stands after the visual tokens, for the peer. */
export function promptIds(bundleDir: string): number[] {
  const bundle = openBundle(bundleDir)
  assertKind(bundle, 'spamo')
  const { dir, manifest } = bundle
  const [json, config] = ['tokenizer.json', 'tokenizer_config.json'].map(
    name => readJson(join(dir, name)) as object,
  )
  const tokenizer = createT5Tokenizer(json ?? {}, config ?? {}, manifest.t5.maxPromptTokens)
  return tokenizer.encode(manifest.generation.prompt.replace('{}', manifest.generation.language))
}
