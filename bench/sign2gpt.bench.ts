/**
 * Sign2GPT against PyTorch, with seeded weights, the same inputs and threads, taking turns; the best round of each
 * counts. Frames: picture to Z*, ViT-S/14 at its published size. Decoding: beam 4 without an end; the release feeds all
 * ids again in every step, which the peer does too. By default XGLM has 2 of its 24 layers and 8,000 of its tokens.
 *
 *   node bench/sign2gpt.bench.ts [--threads 2] [--rounds 3] [--layers 2] [--vocabulary 8000] [--python PATH] [--dir DIR]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Tensor } from 'onnxruntime-node'
import { syntheticFrames } from '#main/engine/bundle/check-frames.ts'
import { convertSign2gpt } from '#main/engine/bundle/convert-sign2gpt.ts'
import { Sessions } from '#main/engine/pipelines/sessions.ts'
import { openSign2gpt } from '#main/engine/pipelines/sign2gpt.ts'
import { decode } from '#main/engine/pipelines/step-decoder.ts'
import { int64 } from '#main/engine/pipelines/tensors.ts'
import { difference } from '#main/engine/testing/golden.ts'
import { startPeer } from './python-peer.ts'
import { workFolder } from './work-folder.ts'

const { values: flags } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    layers: { type: 'string', default: '2' },
    vocabulary: { type: 'string', default: '8000' },
    python: { type: 'string', default: process.env['SIGNWRIGHT_PYTHON'] ?? 'python3' },
    dir: { type: 'string' },
  },
})
const threads = Number(flags.threads)
const SIZES = {
  vision: { width: 384, depth: 12, heads: 6, stored: 256, image: 224, lora_blocks: 3 },
  encoder: { width: 512, heads: 8, mlp: 2048 },
  language: { width: 2048, layers: Number(flags.layers), heads: 16, mlp: 8192, positions: 2048 },
  vocabulary: Number(flags.vocabulary),
}
const FRAMES = 8
const CELLS = 28
const TOKENS = 20
const BEAMS = 4
/** No token: as with the peer, no sentence ends. */
const NEVER = -1
const START = 2
const PRECISIONS = ['fp32', 'int8'] as const

interface Answer {
  seconds: number
  values: number[]
}

using work = workFolder(flags.dir)
const dir = work.path
await run()

async function run(): Promise<void> {
  mkdirSync(dir, { recursive: true })
  const checkpoint = join(dir, 'stage2.pt')
  const frames = syntheticFrames(FRAMES)
  const cells = Float32Array.from({ length: CELLS * SIZES.encoder.width }, (_, at) => Math.sin(at * 0.37))
  writeFileSync(join(dir, 'frames.u8'), frames.pixels)
  writeFileSync(join(dir, 'cells.f32'), cells)
  await using peer = await startPeer(flags.python, 'peer_sign2gpt.py', [
    checkpoint,
    String(threads),
    JSON.stringify(SIZES),
  ])
  const bundles = new Map<string, string>()
  for (const precision of PRECISIONS) bundles.set(precision, await convert(checkpoint, precision))

  const orders = {
    frames: { kind: 'frames', file: join(dir, 'frames.u8'), count: FRAMES },
    search: { kind: 'search', file: join(dir, 'cells.f32'), cells: CELLS, beams: BEAMS, tokens: TOKENS },
  }
  const ours = {
    frames: (bundle: string) => encode(bundle, frames),
    search: (bundle: string) => search(bundle, cells),
  }
  process.stdout.write(`${peer.version}, ${threads} threads, ${SIZES.language.layers} layers of XGLM\n`)
  for (const kind of ['frames', 'search'] as const) {
    const best: Record<string, Answer> = {}
    const keep = (name: string, answer: Answer) => {
      const known = best[name]
      if (!known || answer.seconds < known.seconds) best[name] = answer
    }
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      keep('PyTorch', await peer.ask(orders[kind]))
      for (const [precision, bundle] of bundles) keep(precision, await ours[kind](bundle))
    }
    report(kind, best)
  }
}

function report(kind: 'frames' | 'search', best: Record<string, Answer>): void {
  const theirs = best['PyTorch']
  const [unit, count] = kind === 'frames' ? ['frame', FRAMES] : ['token', TOKENS]
  for (const [name, { seconds, values }] of Object.entries(best)) {
    const ms = (1000 * seconds) / count
    const same =
      kind === 'frames'
        ? `cosine ${difference(Float32Array.from(values), Float32Array.from(theirs?.values ?? []), SIZES.encoder.width).cosine.toFixed(6)}`
        : `${values.filter((id, at) => id === theirs?.values[at]).length} of ${values.length} tokens equal`
    process.stdout.write(
      `${kind} ${name}: ${ms.toFixed(1)} ms a ${unit}, ${((theirs?.seconds ?? 0) / seconds).toFixed(2)} × PyTorch, ${same}\n`,
    )
  }
}

async function convert(stage2: string, precision: (typeof PRECISIONS)[number]): Promise<string> {
  const xglmDir = join(dir, 'xglm')
  mkdirSync(xglmDir, { recursive: true })
  const { width, mlp, layers, heads, positions } = SIZES.language
  const config = {
    model_type: 'xglm',
    d_model: width,
    ffn_dim: mlp,
    num_layers: layers,
    attention_heads: heads,
    vocab_size: SIZES.vocabulary,
    max_position_embeddings: positions,
  }
  writeFileSync(join(xglmDir, 'config.json'), JSON.stringify(config))
  // No text is made here.
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) writeFileSync(join(xglmDir, name), '{}')
  const outDir = join(dir, precision)
  await convertSign2gpt({ stage2, xglmDir, outDir, precision, card: { name: precision } })
  return outDir
}

async function encode(bundle: string, frames: ReturnType<typeof syntheticFrames>): Promise<Answer> {
  const pipeline = await openSign2gpt(bundle, { device: 'cpu', threads })
  // The first run loads the graph.
  await pipeline.spatial({
    ...frames,
    count: 1,
    pixels: frames.pixels.slice(0, frames.pixels.length / FRAMES),
  })
  const start = performance.now()
  const values = await pipeline.spatial(frames)
  const seconds = (performance.now() - start) / 1000
  await pipeline.release()
  return { seconds, values: [...values] }
}

async function search(bundle: string, data: Float32Array): Promise<Answer> {
  const sessions = new Sessions(bundle, { device: 'cpu', threads })
  const { layers, width } = SIZES.language
  const names = Array.from({ length: layers }, (_, layer) => [`cross_k_${layer}`, `cross_v_${layer}`]).flat()
  const options = { beams: BEAMS, nBest: 1, lengthPenalty: 1, startId: START, endId: NEVER }
  const once = async (tokens: number) => {
    const cross = await sessions.run(
      'sight',
      { cells: new Tensor('float32', data, [1, CELLS, SIZES.encoder.width]) },
      names,
    )
    const mask = int64(
      [1, CELLS],
      Array.from({ length: CELLS }, () => 1),
    )
    const source = { rows: [CELLS], longest: CELLS, mask, cross }
    const sizes = { layers, width, vocabulary: SIZES.vocabulary }
    const [found] = await decode(sessions, sizes, source, [{ ...options, maxLength: tokens + 1 }])
    return found?.[0]?.tokens ?? []
  }
  await once(1)
  const start = performance.now()
  const values = await once(TOKENS)
  const seconds = (performance.now() - start) / 1000
  await sessions.releaseAllBut([])
  return { seconds, values }
}
