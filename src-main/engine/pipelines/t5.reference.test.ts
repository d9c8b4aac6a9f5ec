import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildT5Graphs } from '../bundle/spamo-graphs.ts'
import { writeModel } from '../graph/onnx-file.ts'
import { T5Config } from '../graph/t5-config.ts'
import { difference, temporaryFolder } from '../testing/golden.ts'
import { openModelFolder, readJson } from '../weights/open-weights.ts'
import { StrictWeights } from '../weights/strict.ts'
import { ignoreTiedEmbeddings, plainT5Weights } from '../weights/t5-weights.ts'
import { Sessions } from './sessions.ts'
import { T5Runtime } from './t5-runtime.ts'

const python = process.env['SIGNWRIGHT_PYTHON'] ?? ''
const script = join(import.meta.dirname, '../testing/t5_reference.py')
const hasTransformers =
  python !== '' && spawnSync(python, ['-c', 'import torch, transformers, safetensors']).status === 0
if (!hasTransformers)
  process.stderr.write(
    'T5 and mT5 are not compared with transformers here: set SIGNWRIGHT_PYTHON to a Python that has it.\n',
  )

/** No token: the reference goes on past the end token too. */
const NEVER = -1

interface Reference {
  inputs: number[][]
  tokens: number[][]
  scores: number[]
  /** Of each sentence [steps][rows]: cross-attention, mean over the heads of the upper half of the layers. */
  attention: number[][][]
}

test.skipIf(!hasTransformers).each(['t5', 'mt5'])(
  '%s says the same as in transformers, and looked at the same rows while it did',
  { timeout: 120_000 },
  async kind => {
    using folder = temporaryFolder()
    using bundle = temporaryFolder()
    const said = execFileSync(python, [script, kind, folder.path], { stdio: ['ignore', 'pipe', 'ignore'] })
    const expected = JSON.parse(said.toString()) as Reference
    const config = T5Config.parse(readJson(join(folder.path, 'config.json')))
    expect(config.tie_word_embeddings).toBe(kind === 't5')
    using store = openModelFolder(folder.path)
    const weights = new StrictWeights(store)
    for (const graph of buildT5Graphs(plainT5Weights(weights), config, 'fp32'))
      await writeModel(graph, bundle.path)
    ignoreTiedEmbeddings(weights, config.tie_word_embeddings)
    weights.finish()
    const sessions = new Sessions(bundle.path, { device: 'cpu', threads: 1 })
    const t5 = new T5Runtime(sessions, {
      model: config.d_model,
      heads: config.num_heads,
      headWidth: config.d_kv,
      decoderLayers: config.num_decoder_layers,
      vocabulary: config.vocab_size,
    })

    const encoded = await t5.encode(expected.inputs.map(rows => Float32Array.from(rows)))
    const maxLength = expected.tokens[0]?.length ?? 0
    const search = { beams: 1, nBest: 1, maxLength, lengthPenalty: 1, startId: 0, endId: NEVER }
    const found = (await t5.generate(encoded, [search, search])).map(([best]) => best)
    await sessions.releaseAllBut([])

    expect(found.map(best => best?.tokens)).toEqual(expected.tokens)
    for (const [at, best] of found.entries()) {
      expect(best?.sumLogProbability).toBeCloseTo(expected.scores[at] ?? NaN, 3)
      const theirs = Float32Array.from(expected.attention[at]?.flat() ?? [])
      const ours = Float32Array.from(best?.attention.flatMap(row => [...row]) ?? [])
      expect(difference(ours, theirs).maxAbs).toBeLessThan(1e-5)
      // Even attention would agree whatever layers were read.
      expect(Math.max(...theirs)).toBeGreaterThan(0.3)
    }
  },
)
