import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { z } from 'zod'
import { buildSpatialModel, type Dinov2Sizes } from '../graph/dinov2.ts'
import type { GraphBuilder } from '../graph/builder.ts'
import { type Storage, unquantised } from '../graph/layers.ts'
import { buildPrototypeHead } from '../graph/prototype-head.ts'
import { buildSignEncoder, type SignEncoderSizes } from '../graph/sign-encoder.ts'
import { POSITION_OFFSET, type XglmSizes, XglmWeights } from '../graph/xglm.ts'
import { buildXglmSight } from '../graph/xglm-sight.ts'
import { buildXglmStep } from '../graph/xglm-step.ts'
import { under } from '../weights/strict.ts'
import { describedBy, storedAs } from './build-manifest.ts'
import { checkInputs } from './check-frames.ts'
import { GATES_NAME, type Gates } from './gates.ts'
import { type BundleManifest, Sign2gptManifest } from './manifest.ts'
import type { ManifestFacts, ModelSources, Storages } from './model-sources.ts'
import { VOCABULARY_NAME } from './pseudo-glosses.ts'
import { publishedLicences } from './published-parts.ts'
import type { StoredFrames } from '../pipelines/stored-frames.ts'
import type { LanguageSources, Sign2gptSources } from './sign2gpt-sources.ts'

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const
const HEAD_WIDTH = 64

/** What the conversion of a Sign2GPT model is made of. */
export function sign2gptModel(sources: Sign2gptSources): ModelSources {
  const tower = towerSizes(sources)
  const { settings, languageSettings, language, files } = sources
  return {
    files,
    settings: ['sign2gpt', settings, languageSettings, language?.config],
    towers: [
      {
        name: 'spatial',
        parts: [{ from: 0, to: tower.depth }],
        build: storage => buildSpatialModel(towerWeights(sources), tower, storage),
        inputs: () =>
          checkInputs('spatial', { kind: 'sign2gpt', spatial: { preprocessing: framesOf(sources) } }),
      },
    ],
    graphs: storages => buildSign2gptGraphs(sources, storages),
    companions: () => companions(sources),
    manifest: facts => sign2gptManifest(sources, facts),
    [Symbol.dispose]: () => sources[Symbol.dispose](),
  }
}

const towerWeights = ({ tower, sign }: Sign2gptSources) => ({ tower, head: under(sign, 'spatial_model.') })

/** All graphs of a bundle; afterwards every tensor of every source is accounted for. */
export function buildSign2gptGraphs(sources: Sign2gptSources, storages: Storages): GraphBuilder[] {
  const { sign, head } = sources
  const small = unquantised(storages.language)
  const { spatial = 'fp32' } = storages.towers
  const encoder = encoderSizes(sources)
  const graphs = [
    buildSpatialModel(towerWeights(sources), towerSizes(sources), spatial),
    buildSignEncoder(under(sign, 'encoder.'), encoder, small),
  ]
  if (head) graphs.push(buildPrototypeHead(head.weights, headSizes(sources), small))
  graphs.push(...languageGraphs(sources, storages.language))
  sources.finish()
  return graphs
}

function languageGraphs(sources: Sign2gptSources, storage: Storage): GraphBuilder[] {
  if (!sources.language) return []
  const xglm = new XglmWeights(sources.language.weights, languageSizes(sources, sources.language))
  return [buildXglmSight(sources.language.post, xglm, storage), buildXglmStep(xglm, storage)]
}

function towerSizes({ tower, sign, settings }: Sign2gptSources): Dinov2Sizes {
  const [, , width = 0] = tower.take('cls_token', [1, 1, -1]).shape
  const [, , , patch = 14] = tower.take('patch_embed.proj.weight', [width, 3, -1, -1]).shape
  const [, rows = 1] = tower.take('pos_embed', [1, -1, width]).shape
  const [mlp = 0] = tower.take('blocks.0.mlp.fc1.weight', [-1, width]).shape
  const [features = 0] = sign.take('spatial_model.lin.weight', [-1, width]).shape
  let depth = 0
  while (tower.has(`blocks.${depth}.norm1.weight`)) depth += 1
  const {
    image,
    vit_heads: heads = width / HEAD_WIDTH,
    vit_ln_eps: epsilon,
    vit_lora_alpha: loraAlpha,
  } = settings
  const grid = Math.sqrt(rows - 1)
  return { width, mlp, depth, heads, patch, image, grid, features, epsilon, loraAlpha }
}

function encoderSizes({ sign, settings }: Sign2gptSources): SignEncoderSizes {
  const [, positions = 0, width = 0] = sign.take('encoder.embedding_block.pos_emb.pos', [1, -1, -1]).shape
  const [mlp = 0] = sign.take('encoder.network_block.network.0.0.mlp.mlp.0.weight', [-1, width]).shape
  return {
    width,
    mlp,
    positions,
    heads: settings.encoder_heads ?? width / HEAD_WIDTH,
    window: settings.encoder_window,
    maxLength: settings.max_len,
    epsilon: settings.encoder_ln_eps,
    rotary: settings.rotary,
  }
}

function headSizes(sources: Sign2gptSources) {
  const { head, settings } = sources
  if (!head) throw new Error('A model without prototypes')
  const { width: cells } = encoderSizes(sources)
  const [width = 0] = head.weights.take('fc_hidden.weight', [-1, cells]).shape
  return { cells, width, glosses: head.glosses.length, temperatures: settings.temperature_clamp }
}

function languageSizes(sources: Sign2gptSources, { config, weights, post }: LanguageSources): XglmSizes {
  const { width: cells } = encoderSizes(sources)
  const { d_model: width, max_position_embeddings: places } = config
  const [vocabulary = 0] = weights.take('model.embed_tokens.weight', [-1, width]).shape
  const [, cellPositions = 0] = post.take('pos_encoder.pos', [1, -1, cells]).shape
  const stored = weights.shapeOf('model.embed_positions.weights')?.[0]
  return {
    width,
    mlp: config.ffn_dim,
    layers: config.num_layers,
    heads: config.attention_heads,
    vocabulary,
    positions: stored ?? places + POSITION_OFFSET,
    isScaled: config.scale_embedding,
    epsilon: sources.languageSettings.lm_ln_eps,
    loraAlpha: sources.languageSettings.lm_lora_alpha,
    cells,
    cellPositions,
  }
}

function framesOf({ settings: { stored, image, fit } }: Sign2gptSources) {
  return { stored, image, fit, mean: [...IMAGENET.mean], std: [...IMAGENET.std] } as StoredFrames
}

function companions(sources: Sign2gptSources): { path: string; bytes: Uint8Array }[] {
  const { head, language } = sources
  const files = language ? [...tokenizerFiles(language), gatesFile(sources, language)] : []
  if (!head) return files
  const { glosses, counts, sentences } = head
  const text = `${JSON.stringify({ sentences, glosses, counts })}\n`
  return [...files, { path: VOCABULARY_NAME, bytes: Buffer.from(text) }]
}

/** The graphs hold the gates folded into other weights. */
function gatesFile(sources: Sign2gptSources, language: LanguageSources) {
  const sizes = languageSizes(sources, language)
  const xglm = new XglmWeights(language.weights, sizes)
  const gates: Gates = Array.from({ length: sizes.layers }, (_, layer) => [...xglm.gates(layer).read()])
  return { path: GATES_NAME, bytes: new Uint8Array(Buffer.from(`${JSON.stringify(gates)}\n`)) }
}

/** The tokenizer with the tokens that training has added behind its own. */
function tokenizerFiles({ tokenizerFiles: files, replacements, config }: LanguageSources) {
  return files.map(path => {
    const bytes = readFileSync(path)
    if (replacements.length === 0 || basename(path) !== 'tokenizer.json')
      return { path: basename(path), bytes: new Uint8Array(bytes) }
    const tokenizer = JSON.parse(bytes.toString()) as { added_tokens?: object[] }
    const added = replacements.map(({ token }, index) => ({
      id: config.vocab_size + index,
      content: token,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: false,
    }))
    const extended = { ...tokenizer, added_tokens: [...(tokenizer.added_tokens ?? []), ...added] }
    return { path: basename(path), bytes: new Uint8Array(Buffer.from(JSON.stringify(extended))) }
  })
}

function sign2gptManifest(sources: Sign2gptSources, facts: ManifestFacts): BundleManifest {
  const { settings, languageSettings, head } = sources
  const tower = towerSizes(sources)
  const encoder = encoderSizes(sources)
  return Sign2gptManifest.parse({
    kind: 'sign2gpt',
    ...describedBy(facts, publishedLicences('sign2gpt')),
    spatial: {
      ...storedAs(facts, 'spatial'),
      dim: tower.features,
      layers: tower.depth,
      width: tower.width,
      stride: settings.stride,
      preprocessing: framesOf(sources),
    },
    encoder: {
      heads: encoder.heads,
      window: encoder.window,
      maxLength: encoder.maxLength,
      rotary: encoder.rotary,
    },
    ...(head
      ? {
          prototypes: {
            count: head.glosses.length,
            width: headSizes(sources).width,
            vocabulary: VOCABULARY_NAME,
          },
        }
      : {}),
    ...languageManifest(sources, facts),
    generation: {
      beams: languageSettings.num_beams,
      maxLength: languageSettings.max_length,
      lengthPenalty: 1,
      lengthRule: languageSettings.length_rule,
      prompt: languageSettings.pretext,
    },
    provenance: {
      ...facts.provenance,
      loraAlpha: { vision: settings.vit_lora_alpha, language: languageSettings.lm_lora_alpha },
    },
  } satisfies z.input<typeof Sign2gptManifest>)
}

function languageManifest(
  sources: Sign2gptSources,
  facts: ManifestFacts,
): Pick<Sign2gptManifest, 'language'> {
  const { language } = sources
  if (!language) return {}
  const { width, heads, layers, vocabulary } = languageSizes(sources, language)
  return {
    language: {
      model: width,
      heads,
      layers,
      vocabulary,
      // XGLM's tokenizer begins every text with the token that also ends it.
      startId: language.config.eos_token_id,
      endId: language.config.eos_token_id,
      maxPromptTokens: language.maxPromptTokens,
      replacements: [...language.replacements],
      gates: GATES_NAME,
      storage: facts.language,
    },
  }
}
