/**
 * T5's beam search against transformers' `generate`: Flan-T5-base's sizes with seeded weights, the same
 * inputs and threads, taking turns; the best round of each counts. Encoder and search together.
 *
 *   node bench/decoding.bench.ts [--threads 2] [--rounds 3] [--python PATH] [--dir DIR]
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildT5Graphs } from '#main/engine/bundle/spamo-graphs.ts'
import { writeModel } from '#main/engine/graph/onnx-file.ts'
import { T5Config } from '#main/engine/graph/t5-config.ts'
import { Sessions } from '#main/engine/pipelines/sessions.ts'
import { T5Runtime } from '#main/engine/pipelines/t5-runtime.ts'
import { openModelFolder, readJson } from '#main/engine/weights/open-weights.ts'
import { StrictWeights } from '#main/engine/weights/strict.ts'
import { plainT5Weights } from '#main/engine/weights/t5-weights.ts'
import { startPeer } from './python-peer.ts'
import { benchSizes, writeSeededT5 } from './seeded-weights.ts'
import { workFolder } from './work-folder.ts'

const { values: flags } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: process.env['SIGNWRIGHT_PYTHON'] ?? 'python3' },
    dir: { type: 'string' },
  },
})
const threads = Number(flags.threads)
const TOKENS = 40
const BEAMS = 5
const ROWS = 100
/** No token: as with the peer, no sentence ends early. */
const NEVER = -1
const PRECISIONS = ['fp32', 'int8'] as const

interface Answer {
  seconds: number
  tokens: number[]
}

using work = workFolder(flags.dir)
const dir = work.path
await run()

async function run(): Promise<void> {
  const { t5: sizes } = benchSizes()
  const t5Dir = join(dir, 't5')
  mkdirSync(t5Dir, { recursive: true })
  if (!existsSync(join(t5Dir, 'config.json'))) writeSeededT5(t5Dir, benchSizes())
  const config = T5Config.parse(readJson(join(t5Dir, 'config.json')))
  for (const precision of PRECISIONS) await convert(t5Dir, config, precision)
  const embeds = Float32Array.from(
    { length: ROWS * sizes.model },
    (_, at) => 0.1 * Math.sin(at * 0.37 + (at % 13)),
  )
  const file = join(dir, 'embeds.raw')
  writeFileSync(file, new Uint8Array(embeds.buffer))
  const best = new Map<string, Answer>()
  await using peer = await startPeer(flags.python, 'peer_t5.py', [t5Dir, String(threads)])
  console.log(`peer: ${peer.version}, ${threads} threads`)
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    keepBest(best, 'transformers fp32', await peer.ask({ file, rows: ROWS, tokens: TOKENS, beams: BEAMS }))
    for (const precision of PRECISIONS)
      keepBest(best, precision, await ours(join(dir, precision), config, embeds))
  }
  report(best)
}

async function convert(
  t5Dir: string,
  config: T5Config,
  precision: (typeof PRECISIONS)[number],
): Promise<void> {
  const outDir = join(dir, precision)
  if (existsSync(outDir)) return
  mkdirSync(outDir)
  using store = openModelFolder(t5Dir)
  for (const graph of buildT5Graphs(plainT5Weights(new StrictWeights(store)), config, precision))
    await writeModel(graph, outDir)
}

/** The sessions are opened and run once before the clock starts. */
async function ours(bundle: string, config: T5Config, embeds: Float32Array): Promise<Answer> {
  const sessions = new Sessions(bundle, { device: 'cpu', threads })
  try {
    const runtime = new T5Runtime(sessions, {
      model: config.d_model,
      heads: config.num_heads,
      headWidth: config.d_kv,
      decoderLayers: config.num_decoder_layers,
      vocabulary: config.vocab_size,
    })
    const search = { beams: BEAMS, lengthPenalty: 1, nBest: 1, startId: 0, endId: NEVER }
    const work = async (maxLength: number) =>
      runtime.generate(await runtime.encode([embeds]), [{ ...search, maxLength }])
    await work(3)
    const start = performance.now()
    const [[found] = []] = await work(TOKENS + 1)
    return { seconds: (performance.now() - start) / 1000, tokens: found?.tokens ?? [] }
  } finally {
    await sessions.releaseAllBut([])
  }
}

function keepBest(best: Map<string, Answer>, name: string, answer: Answer): void {
  if (answer.seconds < (best.get(name)?.seconds ?? Infinity)) best.set(name, answer)
}

function report(best: ReadonlyMap<string, Answer>): void {
  const peer = best.get('transformers fp32')
  for (const [name, { seconds, tokens }] of best) {
    const ratio = peer ? (peer.seconds / seconds).toFixed(2) : '–'
    const equal = tokens.filter((token, at) => token === peer?.tokens[at]).length
    console.log(
      `${name.padEnd(18)} ${((1000 * seconds) / TOKENS).toFixed(1)} ms a token  ${ratio} x  ${equal}/${peer?.tokens.length} equal tokens`,
    )
  }
}
