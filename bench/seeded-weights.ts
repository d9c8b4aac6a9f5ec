/** Seeded weights at the sizes of the published models, in their file layouts, written tensor by tensor. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { tokenizerJson } from '#main/engine/testing/seeded-model.ts'

export interface BenchSizes {
  vision: { hidden: number; wide: number; layers: number; heads: number }
  t5: { model: number; wide: number; layers: number; heads: number; width: number; vocabulary: number }
}

/** Of ViT-L/14 and VideoMAE-L/16. */
export const PUBLISHED_LAYERS = 24

/** ViT-L/14, VideoMAE-L/16 and Flan-T5-base; with fewer vision layers T5 has half as many, all of the same width. */
export function benchSizes(visionLayers = PUBLISHED_LAYERS): BenchSizes {
  return {
    vision: { hidden: 1024, wide: 4096, layers: visionLayers, heads: 16 },
    t5: {
      model: 768,
      wide: 2048,
      layers: Math.ceil(visionLayers / 2),
      heads: 12,
      width: 64,
      vocabulary: 32128,
    },
  }
}

/** The published sizes: ViT-L/14, VideoMAE-L/16 and Flan-T5-XL. */
export const PUBLISHED_SIZES: BenchSizes = {
  ...benchSizes(),
  t5: { model: 2048, wide: 5120, layers: 24, heads: 32, width: 64, vocabulary: 32128 },
}

const ADAPTER_WIDTH = 768

export type Shapes = Record<string, number[]>

export function writeSeededWeights(dir: string, sizes: BenchSizes) {
  const paths = { ...writeSeededTowers(dir, sizes), checkpoint: join(dir, 'spamo.safetensors') }
  writeTensors(join(paths.t5Dir, 'model.safetensors'), t5Shapes(sizes))
  writeTensors(paths.checkpoint, adapterShapes(sizes))
  return paths
}

/** The two vision towers, and the language model's settings and tokenizer without its weights. */
export function writeSeededTowers(dir: string, sizes: BenchSizes) {
  const paths = { clipDir: join(dir, 'clip'), videomaeDir: join(dir, 'videomae'), t5Dir: join(dir, 't5') }
  for (const folder of Object.values(paths)) mkdirSync(folder, { recursive: true })
  writeTensors(join(paths.clipDir, 'model.safetensors'), clipShapes(sizes))
  writeTensors(join(paths.videomaeDir, 'model.safetensors'), videoMaeShapes(sizes))
  writeConfigs(paths, sizes)
  return paths
}

/** The language model alone, as a Hugging Face folder. */
export function writeSeededT5(t5Dir: string, sizes: BenchSizes): void {
  writeTensors(join(t5Dir, 'model.safetensors'), t5Shapes(sizes))
  writeT5Config(t5Dir, sizes)
}

function clipShapes({ vision: { hidden, wide, layers } }: BenchSizes): Shapes {
  const root = 'vision_model'
  const shapes: Shapes = {
    [`${root}.embeddings.class_embedding`]: [hidden],
    [`${root}.embeddings.patch_embedding.weight`]: [hidden, 3, 14, 14],
    [`${root}.embeddings.position_embedding.weight`]: [257, hidden],
    ...norm(`${root}.pre_layrnorm`, hidden),
    ...norm(`${root}.post_layernorm`, hidden),
  }
  for (let layer = 0; layer < layers; layer += 1) {
    const block = `${root}.encoder.layers.${layer}`
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      Object.assign(shapes, linear(`${block}.self_attn.${part}`, hidden, hidden))
    Object.assign(shapes, linear(`${block}.mlp.fc1`, wide, hidden), linear(`${block}.mlp.fc2`, hidden, wide))
    Object.assign(shapes, norm(`${block}.layer_norm1`, hidden), norm(`${block}.layer_norm2`, hidden))
  }
  return shapes
}

function videoMaeShapes({ vision: { hidden, wide, layers } }: BenchSizes): Shapes {
  const shapes: Shapes = {
    'videomae.embeddings.patch_embeddings.projection.weight': [hidden, 3, 2, 16, 16],
    'videomae.embeddings.patch_embeddings.projection.bias': [hidden],
    ...norm('videomae.layernorm', hidden),
  }
  for (let layer = 0; layer < layers; layer += 1) {
    const block = `videomae.encoder.layer.${layer}`
    for (const part of ['query', 'key', 'value'])
      shapes[`${block}.attention.attention.${part}.weight`] = [hidden, hidden]
    for (const part of ['q_bias', 'v_bias']) shapes[`${block}.attention.attention.${part}`] = [hidden]
    Object.assign(shapes, linear(`${block}.attention.output.dense`, hidden, hidden))
    Object.assign(
      shapes,
      linear(`${block}.intermediate.dense`, wide, hidden),
      linear(`${block}.output.dense`, hidden, wide),
    )
    Object.assign(shapes, norm(`${block}.layernorm_before`, hidden), norm(`${block}.layernorm_after`, hidden))
  }
  return shapes
}

export function t5Shapes({ t5: { model, wide, layers, heads, width, vocabulary } }: BenchSizes): Shapes {
  const shapes: Shapes = { 'shared.weight': [vocabulary, model], 'lm_head.weight': [vocabulary, model] }
  for (const side of ['encoder', 'decoder']) {
    shapes[`${side}.final_layer_norm.weight`] = [model]
    shapes[`${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`] = [32, heads]
    for (let layer = 0; layer < layers; layer += 1) {
      const block = `${side}.block.${layer}.layer`
      const attentions = side === 'encoder' ? ['0.SelfAttention'] : ['0.SelfAttention', '1.EncDecAttention']
      for (const attention of attentions) {
        for (const part of ['q', 'k', 'v'])
          shapes[`${block}.${attention}.${part}.weight`] = [heads * width, model]
        shapes[`${block}.${attention}.o.weight`] = [model, heads * width]
      }
      const last = attentions.length
      for (const part of ['wi_0', 'wi_1'])
        shapes[`${block}.${last}.DenseReluDense.${part}.weight`] = [wide, model]
      shapes[`${block}.${last}.DenseReluDense.wo.weight`] = [model, wide]
      for (let at = 0; at <= last; at += 1) shapes[`${block}.${at}.layer_norm.weight`] = [model]
    }
  }
  return shapes
}

export function adapterShapes({ vision: { hidden }, t5: { model } }: BenchSizes): Shapes {
  const conv = 'temporal_encoder.temporal_conv'
  const shapes: Shapes = {
    ...linear('spatio_proj', ADAPTER_WIDTH, 2 * hidden),
    ...linear('spatiotemp_proj', ADAPTER_WIDTH, hidden),
    ...linear('fusion_proj.0', model, ADAPTER_WIDTH),
    ...linear('fusion_proj.2', model, model),
  }
  for (const at of [0, 4]) {
    shapes[`${conv}.${at}.weight`] = [ADAPTER_WIDTH, ADAPTER_WIDTH, 5]
    shapes[`${conv}.${at}.bias`] = [ADAPTER_WIDTH]
    Object.assign(shapes, norm(`${conv}.${at + 1}`, ADAPTER_WIDTH))
    for (const part of ['running_mean', 'running_var']) shapes[`${conv}.${at + 1}.${part}`] = [ADAPTER_WIDTH]
  }
  return shapes
}

function linear(name: string, out: number, into: number): Shapes {
  return { [`${name}.weight`]: [out, into], [`${name}.bias`]: [out] }
}

function norm(name: string, size: number): Shapes {
  return { [`${name}.weight`]: [size], [`${name}.bias`]: [size] }
}

/** Norms and variances 1, everything else uniform with standard deviation 0.03. */
function writeTensors(path: string, shapes: Shapes): void {
  let offset = 0
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = 4 * shape.reduce((product, size) => product * size, 1)
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] }
    offset += bytes
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.byteLength))
  const file = openSync(path, 'w')
  try {
    for (const part of [length, text]) writeSync(file, part)
    let state = 12345
    for (const [name, shape] of Object.entries(shapes)) {
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
      if (/(norm\w*|conv\.[15])\.weight$|running_var$/.test(name)) values.fill(1)
      else
        for (let at = 0; at < values.length; at += 1) {
          state = (Math.imul(state, 1664525) + 1013904223) | 0
          values[at] = (state / 2 ** 31) * 0.052
        }
      writeSync(file, new Uint8Array(values.buffer))
    }
  } finally {
    closeSync(file)
  }
}

function writeConfigs(
  paths: { clipDir: string; videomaeDir: string; t5Dir: string },
  { vision, t5 }: BenchSizes,
): void {
  const json = (dir: string, name: string, value: unknown) =>
    writeFileSync(join(dir, name), JSON.stringify(value))
  const tower = (patch: number) => ({
    hidden_size: vision.hidden,
    intermediate_size: vision.wide,
    num_hidden_layers: vision.layers,
    num_attention_heads: vision.heads,
    image_size: 224,
    patch_size: patch,
  })
  const processor = (resample: number, mean: number[], std: number[]) => ({
    size: 224,
    crop_size: 224,
    resample,
    image_mean: mean,
    image_std: std,
  })
  json(paths.clipDir, 'config.json', {
    model_type: 'clip_vision_model',
    ...tower(14),
    hidden_act: 'quick_gelu',
    layer_norm_eps: 1e-5,
  })
  json(
    paths.clipDir,
    'preprocessor_config.json',
    processor(3, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
  )
  json(paths.videomaeDir, 'config.json', {
    model_type: 'videomae',
    ...tower(16),
    num_frames: 16,
    tubelet_size: 2,
    qkv_bias: true,
    use_mean_pooling: false,
  })
  json(
    paths.videomaeDir,
    'preprocessor_config.json',
    processor(2, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
  )
  writeT5Config(paths.t5Dir, { t5 })
}

function writeT5Config(dir: string, { t5 }: Pick<BenchSizes, 't5'>): void {
  const json = (name: string, value: unknown) => writeFileSync(join(dir, name), JSON.stringify(value))
  json('config.json', {
    model_type: 't5',
    architectures: ['T5ForConditionalGeneration'],
    d_model: t5.model,
    d_kv: t5.width,
    d_ff: t5.wide,
    num_layers: t5.layers,
    num_decoder_layers: t5.layers,
    num_heads: t5.heads,
    vocab_size: t5.vocabulary,
    feed_forward_proj: 'gated-gelu',
    tie_word_embeddings: false,
    decoder_start_token_id: 0,
    eos_token_id: 1,
    pad_token_id: 0,
  })
  json('tokenizer.json', tokenizerJson())
  json('tokenizer_config.json', { tokenizer_class: 'T5Tokenizer', model_max_length: 512 })
}
