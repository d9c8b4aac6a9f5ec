/**
 * The published way from video to text against the original PyTorch computation: same seeded weights, same frames,
 * same number of threads, taking turns; the best round of each counts. Prints a line for each of
 *
 *   spatial    a frame through CLIP ViT-L/14 with S2, from decoded pixels
 *   motion     a window of 16 frames through VideoMAE-L, from decoded pixels
 *   translate  T5's encoder over 100 rows and beam search, for each token
 *   clip       a short video from its file to text: decoding, resizing, both towers, adapter, language model
 *
 * with the ratio to PyTorch in float32, how close the features are, operations and their share of this machine's
 * float32 matrix peak (measured in the same run, by ONNX Runtime and by PyTorch), and for the clip the share of the time
 * that is spent inside ONNX Runtime.
 *
 *   node bench/extraction.bench.ts [--layers 4 | --full] [--minutes 30] [--threads 2] [--rounds 3]
 *                            [--acts spatial,motion,translate,clip] [--precisions fp32,fp16,int8]
 *                            [--frames 24] [--video FILE] [--python PATH] [--dir DIR]
 *
 * --full has the 24 layers of the published towers, and T5-base (16 GB of disk, 8 GB of memory). Our graphs compute the
 * last block for the one token that is read, which saves more of few layers than the 3.5 % of 24: claim only what --full
 * shows. After --minutes nothing new is begun. Without a Python that has torch and transformers only our own times are
 * printed.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { syntheticFrames } from '#main/engine/bundle/check-frames.ts'
import { convertSpamo } from '#main/engine/bundle/convert-spamo.ts'
import { Sessions } from '#main/engine/pipelines/sessions.ts'
import { openSpamo } from '#main/engine/pipelines/spamo.ts'
import { T5Runtime } from '#main/engine/pipelines/t5-runtime.ts'
import { difference } from '#main/engine/testing/golden.ts'
import { gemmPeak } from './gemm.ts'
import { type BenchSizes, benchSizes, PUBLISHED_LAYERS, writeSeededWeights } from './seeded-weights.ts'
import { type PythonPeer, startPeerIfAny } from './python-peer.ts'
import { type BenchVideo, type ClipAnswer, cutVideo, ourClip, promptIds } from './whole-clip.ts'
import { workFolder } from './work-folder.ts'

const { values: flags } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    layers: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '30' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    acts: { type: 'string', default: 'spatial,motion,translate,clip' },
    precisions: { type: 'string', default: 'fp32,fp16,int8' },
    frames: { type: 'string', default: '24' },
    video: { type: 'string' },
    python: { type: 'string', default: process.env['SIGNWRIGHT_PYTHON'] ?? 'python3' },
    dir: { type: 'string' },
  },
})
const threads = Number(flags.threads)
const rounds = Number(flags.rounds)
const sizes = benchSizes(flags.full ? PUBLISHED_LAYERS : Number(flags.layers))
const ACTS = ['spatial', 'motion', 'translate', 'clip'] as const
const PRECISIONS = ['fp32', 'fp16', 'int8'] as const
type Act = (typeof ACTS)[number]
type Precision = (typeof PRECISIONS)[number]
const acts = ACTS.filter(act => flags.acts.split(',').includes(act))
const precisions = PRECISIONS.filter(precision => flags.precisions.split(',').includes(precision))
const INPUT = { spatial: 'frame.raw', motion: 'window.raw', translate: 'embeds.raw' } as const
const TOKENS = 40
const BEAMS = 5
const ENCODER_ROWS = 100
const WINDOW = 16
const STRIDE = 8
const NEVER = -1
const PEER = 'PyTorch fp32'
/** A warm run before each that counts. */
const RUNS_A_ROUND = 2

interface Answer {
  seconds: number
  values: number[]
  clip?: ClipAnswer
}

const began = performance.now()
using work = workFolder(flags.dir)
const dir = work.path
await run()

async function run(): Promise<void> {
  const peaks = { ort: await gemmPeak(dir, threads), torch: 0 }
  const video = cutVideo(dir, Number(flags.frames), flags.video)
  announceTime(peaks.ort, video)
  const sources = writeSeededWeights(dir, sizes)
  for (const precision of precisions) await convert(sources, precision)
  writeInputs()
  await using peer = await startPeerIfAny(flags.python, 'peer_spamo.py', [dir, String(threads)])
  if (peer) console.log(`peer: PyTorch ${peer.version}, ${threads} threads`)
  for (const act of acts) {
    const best = new Map<string, Answer>()
    for (let round = 0; round < rounds && hasTime(act); round += 1) {
      peaks.ort = Math.max(peaks.ort, await gemmPeak(dir, threads))
      for (const precision of precisions) keepBest(best, precision, await ours(act, precision, video))
      if (!peer) continue
      peaks.torch = Math.max(peaks.torch, (await peer.ask<{ gflops: number }>({ act: 'gemm' })).gflops)
      keepBest(best, PEER, await theirs(peer, act, video, best))
    }
    report(act, best, peaks, video)
  }
  console.log(
    `float32 matrix peak: ONNX Runtime ${peaks.ort.toFixed(0)}, PyTorch ${peaks.torch.toFixed(0)} GFLOP/s; ${minutesSince().toFixed(1)} min in all`,
  )
}

function hasTime(act: Act): boolean {
  const isLeft = minutesSince() < Number(flags.minutes)
  if (!isLeft) console.log(`${act}: not measured further, --minutes ${flags.minutes} are over`)
  return isLeft
}

function minutesSince(): number {
  return (performance.now() - began) / 60_000
}

/** From the operations and the peak; PyTorch and ours in 32 bits near the peak, eight bits three times as fast. */
function announceTime(peak: number, video: BenchVideo): void {
  const relative =
    precisions.reduce((sum, precision) => sum + (precision === 'int8' ? 0.4 : 1), 0) * RUNS_A_ROUND
  const seconds = acts.reduce((sum, act) => sum + (1.2 * (relative + 1) * gigaFlops(act, video)) / peak, 0)
  const conversion = precisions.length * sizes.vision.layers * 3
  console.log(
    `${sizes.vision.layers} layers, ${rounds} rounds: about ${((rounds * seconds + conversion) / 60).toFixed(0)} min on a quiet machine; nothing new is begun after ${flags.minutes}`,
  )
}

async function convert(sources: ReturnType<typeof writeSeededWeights>, precision: Precision): Promise<void> {
  const outDir = join(dir, precision)
  if (existsSync(outDir)) return
  const start = performance.now()
  const manifest = await convertSpamo({ ...sources, outDir, precision, card: { name: 'bench' } })
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const kept = `spatial ${manifest.spatial.storage}, motion ${manifest.motion.storage}, t5 ${manifest.t5.storage}`
  console.log(
    `converted to ${precision} in ${((performance.now() - start) / 1000).toFixed(1)} s: ${(bytes / 1e6).toFixed(0)} MB (${kept})`,
  )
}

function writeInputs(): void {
  const frames = syntheticFrames(WINDOW)
  writeFileSync(join(dir, INPUT.spatial), frames.pixels.subarray(0, frames.width * frames.height * 3))
  writeFileSync(join(dir, INPUT.motion), frames.pixels)
  writeFileSync(join(dir, INPUT.translate), new Uint8Array(embeds().buffer))
}

function embeds(): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: ENCODER_ROWS * sizes.t5.model },
    (_, at) => 0.1 * Math.sin(at * 0.37 + (at % 13)),
  )
}

async function theirs(
  peer: PythonPeer,
  act: Act,
  video: BenchVideo,
  best: ReadonlyMap<string, Answer>,
): Promise<Answer> {
  if (act !== 'clip') {
    const { width, height } = syntheticFrames(1)
    const file = join(dir, INPUT[act])
    return peer.ask<Answer>({ act, file, width, height, rows: ENCODER_ROWS, tokens: TOKENS, beams: BEAMS })
  }
  // As many tokens as ours, which may end early: seeded weights know no sentences.
  const tokens = Math.max(1, ([...best.values()][0]?.values.length ?? TOKENS + 1) - 1)
  const prompt = promptIds(join(dir, precisions[0] ?? ''))
  const { path, width, height } = video
  const clip = await peer.ask<ClipAnswer>({ act, video: path, width, height, prompt, tokens, beams: BEAMS })
  return { seconds: clip.seconds, values: clip.values, clip }
}

/** One warm run: the sessions are open and were run once before the clock starts. */
async function ours(act: Act, precision: Precision, video: BenchVideo): Promise<Answer> {
  const bundle = join(dir, precision)
  if (act === 'clip') {
    const clip = await ourClip(bundle, video, { dir, threads, beams: BEAMS, maxLength: TOKENS + 1 })
    return { seconds: clip.seconds, values: clip.values, clip }
  }
  return act === 'translate' ? ourTranslation(bundle) : ourFeatures(bundle, act)
}

async function ourFeatures(bundle: string, act: 'spatial' | 'motion'): Promise<Answer> {
  const pipeline = await openSpamo(bundle, { device: 'cpu', threads })
  try {
    const frames = syntheticFrames(WINDOW)
    const one = { ...frames, count: 1, pixels: frames.pixels.slice(0, frames.width * frames.height * 3) }
    const work = () => (act === 'spatial' ? pipeline.spatial(one) : pipeline.motion(frames))
    await work()
    const start = performance.now()
    const features = await work()
    return { seconds: (performance.now() - start) / 1000, values: [...features] }
  } finally {
    await pipeline.release()
  }
}

async function ourTranslation(bundle: string): Promise<Answer> {
  const { model, heads, width: headWidth, layers: decoderLayers, vocabulary } = sizes.t5
  const sessions = new Sessions(bundle, { device: 'cpu', threads })
  try {
    const runtime = new T5Runtime(sessions, { model, heads, headWidth, decoderLayers, vocabulary })
    const search = { beams: BEAMS, lengthPenalty: 1, nBest: 1, startId: 0, endId: NEVER }
    const work = async (maxLength: number) =>
      runtime.generate(await runtime.encode([embeds()]), [{ ...search, maxLength }])
    await work(3)
    const start = performance.now()
    const [[best] = []] = await work(TOKENS + 1)
    return { seconds: (performance.now() - start) / 1000, values: best?.tokens ?? [] }
  } finally {
    await sessions.releaseAllBut([])
  }
}

function keepBest(best: Map<string, Answer>, name: string, answer: Answer): void {
  if (answer.seconds < (best.get(name)?.seconds ?? Infinity)) best.set(name, answer)
}

function report(
  act: Act,
  best: ReadonlyMap<string, Answer>,
  peaks: { ort: number; torch: number },
  video: BenchVideo,
): void {
  const peer = best.get(PEER)
  const peak = Math.max(peaks.ort, peaks.torch)
  const operations = gigaFlops(act, video)
  for (const [name, answer] of best) {
    const parts = [`${act.padEnd(9)}  ${name.padEnd(12)}  ${speedOf(act, answer, video)}`]
    if (peer && peer !== answer) parts.push(`${(peer.seconds / answer.seconds).toFixed(2)} x PyTorch`)
    if (act !== 'translate')
      parts.push(
        `${operations.toFixed(0)} GFLOP, ${((100 * operations) / answer.seconds / peak).toFixed(0)} % of ${peak.toFixed(0)} GFLOP/s`,
      )
    console.log([...parts, ...closeness(act, answer, peer), ...modelShare(answer)].join('  '))
  }
}

function speedOf(act: Act, { seconds, values }: Answer, { frames }: BenchVideo): string {
  if (act === 'spatial') return `${seconds.toFixed(3)} s/frame (S2, 5 crops)`
  if (act === 'motion') return `${seconds.toFixed(3)} s/window (${WINDOW} frames)`
  if (act === 'translate')
    return `${((1000 * seconds) / TOKENS).toFixed(1)} ms/token (${TOKENS} tokens, beam ${BEAMS}, encoder included)`
  return `${seconds.toFixed(2)} s/clip (${frames} frames, ${values.length - 1} tokens)`
}

function closeness(act: Act, answer: Answer, peer: Answer | undefined): string[] {
  if (!peer || peer === answer) return []
  if (act === 'spatial' || act === 'motion') return [`cosine ${cosine(answer.values, peer.values)}`]
  const equal = answer.values.filter((token, at) => token === peer.values[at]).length
  const tokens = `${equal}/${peer.values.length} equal tokens (random weights: near ties)`
  if (!answer.clip || !peer.clip) return [tokens]
  const { spatial, motion } = peer.clip
  const { hidden } = sizes.vision
  return [
    `cosine spatial ${cosine(answer.clip.spatial, spatial, 2 * hidden)}, motion ${cosine(answer.clip.motion, motion, hidden)}`,
    tokens,
  ]
}

function cosine(ours: readonly number[], other: readonly number[], width = other.length): string {
  return difference(Float32Array.from(ours), Float32Array.from(other), width).cosine.toFixed(7)
}

function modelShare({ clip }: Answer): string[] {
  if (!clip?.modelShare) return []
  const { extract, translate } = clip.modelShare
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  return [`inside ONNX Runtime: extraction ${percent(extract)}, translation ${percent(translate)}`]
}

/** Of the two vision towers; a clip's language model is small beside them. */
function gigaFlops(act: Act, { frames }: BenchVideo): number {
  if (act === 'translate') return 0
  if (act !== 'clip') return towerGigaFlops(act, sizes)
  const windows = Math.max(1, Math.floor((frames - WINDOW) / STRIDE) + 1)
  return frames * towerGigaFlops('spatial', sizes) + windows * towerGigaFlops('motion', sizes)
}

/** Matrix products that our graphs do: the last block has keys and values of all tokens, the rest of one. */
function towerGigaFlops(
  tower: 'spatial' | 'motion',
  { vision: { hidden, wide, layers } }: BenchSizes,
): number {
  const [tokens, passes, patch] = tower === 'spatial' ? [257, 5, 3 * 14 * 14] : [1568, 1, 3 * 2 * 16 * 16]
  const perToken = 2 * (2 * hidden * hidden + 2 * hidden * wide) + 4 * tokens * hidden
  const keysAndValues = 4 * tokens * hidden * hidden
  const whole = keysAndValues + tokens * perToken
  const last = keysAndValues + perToken
  return (passes * ((layers - 1) * whole + last + 2 * tokens * patch * hidden)) / 1e9
}
