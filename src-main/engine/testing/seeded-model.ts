/** A complete SpaMo model of a few thousand seeded numbers, in the published file layouts; for tests. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeSafetensors } from './safetensors-writer.ts'

export type Tensors = Record<string, { shape: readonly number[]; data: Float32Array }>

export interface SeededModel {
  clipDir: string
  videomaeDir: string
  t5Dir: string
  checkpoint: string
  config: { lora_alpha: number; language: string }
  clip: Tensors
  videomae: Tensors
  spamo: Tensors
}

const CLIP = { hidden: 16, wide: 24, layers: 3, heads: 2, image: 16, patch: 4 }
const MAE = { hidden: 12, wide: 20, layers: 3, heads: 3, image: 8, patch: 4 }
const T5 = { model: 16, wide: 24, heads: 2, width: 6, layers: 2, vocabulary: 40 }
const INNER = 8
const RANK = 3
export const SIZES = { CLIP, MAE, T5, INNER, RANK }

export function writeSeededModel(dir: string, seed = 1): SeededModel {
  const random = generator(seed)
  const model = {
    clipDir: join(dir, 'clip'),
    videomaeDir: join(dir, 'videomae'),
    t5Dir: join(dir, 't5'),
    checkpoint: join(dir, 'spamo.safetensors'),
    config: { lora_alpha: 6, language: 'German' },
    clip: clipTensors(random),
    videomae: videoMaeTensors(random),
    spamo: { ...adapterTensors(random), ...t5Tensors(random) },
  }
  for (const folder of [model.clipDir, model.videomaeDir, model.t5Dir]) mkdirSync(folder, { recursive: true })
  writeSafetensors(join(model.clipDir, 'model.safetensors'), model.clip)
  writeSafetensors(join(model.videomaeDir, 'model.safetensors'), model.videomae)
  writeSafetensors(model.checkpoint, model.spamo)
  writeConfigs(model)
  return model
}

/** Numbers about N(0, 0.3), the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * 0.5
}

function tensor(random: () => number, ...shape: number[]) {
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, data: Float32Array.from({ length: count }, random) }
}

function norm(random: () => number, size: number) {
  return { shape: [size], data: Float32Array.from({ length: size }, () => 1 + 0.2 * random()) }
}

function clipTensors(random: () => number): Tensors {
  const { hidden, wide, layers, image, patch } = CLIP
  const prefix = 'vision_model'
  const tensors: Tensors = {
    [`${prefix}.embeddings.class_embedding`]: tensor(random, hidden),
    [`${prefix}.embeddings.patch_embedding.weight`]: tensor(random, hidden, 3, patch, patch),
    [`${prefix}.embeddings.position_embedding.weight`]: tensor(random, 1 + (image / patch) ** 2, hidden),
    [`${prefix}.pre_layrnorm.weight`]: norm(random, hidden),
    [`${prefix}.pre_layrnorm.bias`]: tensor(random, hidden),
    [`${prefix}.post_layernorm.weight`]: norm(random, hidden),
    [`${prefix}.post_layernorm.bias`]: tensor(random, hidden),
    'text_model.embeddings.token_embedding.weight': tensor(random, 3, 4),
    logit_scale: tensor(random),
  }
  for (let layer = 0; layer < layers; layer += 1) {
    const block = `${prefix}.encoder.layers.${layer}`
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      addLinear(tensors, random, `${block}.self_attn.${part}`, hidden, hidden)
    addLinear(tensors, random, `${block}.mlp.fc1`, wide, hidden)
    addLinear(tensors, random, `${block}.mlp.fc2`, hidden, wide)
    for (const part of ['layer_norm1', 'layer_norm2']) addNorm(tensors, random, `${block}.${part}`, hidden)
  }
  return tensors
}

function videoMaeTensors(random: () => number): Tensors {
  const { hidden, wide, layers, patch } = MAE
  const tensors: Tensors = { mask_token: tensor(random, 1, 1, 4) }
  const embedding = 'videomae.embeddings.patch_embeddings.projection'
  tensors[`${embedding}.weight`] = tensor(random, hidden, 3, 2, patch, patch)
  tensors[`${embedding}.bias`] = tensor(random, hidden)
  addNorm(tensors, random, 'videomae.layernorm', hidden)
  for (let layer = 0; layer < layers; layer += 1) {
    const block = `videomae.encoder.layer.${layer}`
    for (const part of ['query', 'key', 'value'])
      tensors[`${block}.attention.attention.${part}.weight`] = tensor(random, hidden, hidden)
    for (const part of ['q_bias', 'v_bias'])
      tensors[`${block}.attention.attention.${part}`] = tensor(random, hidden)
    addLinear(tensors, random, `${block}.attention.output.dense`, hidden, hidden)
    addLinear(tensors, random, `${block}.intermediate.dense`, wide, hidden)
    addLinear(tensors, random, `${block}.output.dense`, hidden, wide)
    for (const part of ['layernorm_before', 'layernorm_after'])
      addNorm(tensors, random, `${block}.${part}`, hidden)
  }
  return tensors
}

function adapterTensors(random: () => number): Tensors {
  const tensors: Tensors = { logit_scale: tensor(random) }
  addLinear(tensors, random, 'spatio_proj', INNER, 2 * CLIP.hidden)
  addLinear(tensors, random, 'spatiotemp_proj', INNER, MAE.hidden)
  addLinear(tensors, random, 'fusion_proj.0', T5.model, INNER)
  addLinear(tensors, random, 'fusion_proj.2', T5.model, T5.model)
  for (const at of [0, 4]) {
    const conv = 'temporal_encoder.temporal_conv'
    tensors[`${conv}.${at}.weight`] = tensor(random, INNER, INNER, 5)
    tensors[`${conv}.${at}.bias`] = tensor(random, INNER)
    addNorm(tensors, random, `${conv}.${at + 1}`, INNER)
    tensors[`${conv}.${at + 1}.running_mean`] = tensor(random, INNER)
    tensors[`${conv}.${at + 1}.running_var`] = norm(random, INNER)
    tensors[`${conv}.${at + 1}.num_batches_tracked`] = tensor(random)
  }
  return tensors
}

/** Language model with LoRA on q and v, under peft's names. */
function t5Tensors(random: () => number): Tensors {
  const tensors: Tensors = {}
  const root = 't5_model.base_model.model'
  const inner = T5.heads * T5.width
  const attention = (name: string) => {
    for (const part of ['q', 'v']) {
      tensors[`${name}.${part}.base_layer.weight`] = tensor(random, inner, T5.model)
      tensors[`${name}.${part}.lora_A.default.weight`] = tensor(random, RANK, T5.model)
      tensors[`${name}.${part}.lora_B.default.weight`] = tensor(random, inner, RANK)
    }
    tensors[`${name}.k.weight`] = tensor(random, inner, T5.model)
    tensors[`${name}.o.weight`] = tensor(random, T5.model, inner)
  }
  tensors[`${root}.shared.weight`] = tensor(random, T5.vocabulary, T5.model)
  tensors[`${root}.lm_head.weight`] = tensor(random, T5.vocabulary, T5.model)
  for (const side of ['encoder', 'decoder']) {
    tensors[`${root}.${side}.embed_tokens.weight`] = tensor(random, T5.vocabulary, T5.model)
    tensors[`${root}.${side}.final_layer_norm.weight`] = norm(random, T5.model)
    tensors[`${root}.${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`] = tensor(
      random,
      32,
      T5.heads,
    )
    for (let layer = 0; layer < T5.layers; layer += 1) {
      const block = `${root}.${side}.block.${layer}.layer`
      const last = side === 'encoder' ? 1 : 2
      attention(`${block}.0.SelfAttention`)
      if (side === 'decoder') attention(`${block}.1.EncDecAttention`)
      for (const part of ['wi_0', 'wi_1'])
        tensors[`${block}.${last}.DenseReluDense.${part}.weight`] = tensor(random, T5.wide, T5.model)
      tensors[`${block}.${last}.DenseReluDense.wo.weight`] = tensor(random, T5.model, T5.wide)
      for (let at = 0; at <= last; at += 1)
        tensors[`${block}.${at}.layer_norm.weight`] = norm(random, T5.model)
    }
  }
  return tensors
}

function addLinear(tensors: Tensors, random: () => number, name: string, out: number, into: number): void {
  tensors[`${name}.weight`] = tensor(random, out, into)
  tensors[`${name}.bias`] = tensor(random, out)
}

function addNorm(tensors: Tensors, random: () => number, name: string, size: number): void {
  tensors[`${name}.weight`] = norm(random, size)
  tensors[`${name}.bias`] = tensor(random, size)
}

function writeConfigs(model: SeededModel): void {
  const json = (dir: string, name: string, value: unknown) =>
    writeFileSync(join(dir, name), JSON.stringify(value))
  const vision = (sizes: typeof CLIP) => ({
    hidden_size: sizes.hidden,
    intermediate_size: sizes.wide,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    image_size: sizes.image,
    patch_size: sizes.patch,
  })
  const processor = (size: number, resample: number) => ({
    size,
    crop_size: size,
    resample,
    image_mean: [0.4, 0.5, 0.6],
    image_std: [0.2, 0.3, 0.4],
  })
  json(model.clipDir, 'config.json', { model_type: 'clip', vision_config: vision(CLIP) })
  json(model.clipDir, 'preprocessor_config.json', processor(CLIP.image, 3))
  json(model.videomaeDir, 'config.json', { model_type: 'videomae', ...vision(MAE) })
  json(model.videomaeDir, 'preprocessor_config.json', processor(MAE.image, 2))
  json(model.t5Dir, 'config.json', {
    model_type: 't5',
    d_model: T5.model,
    d_kv: T5.width,
    d_ff: T5.wide,
    num_layers: T5.layers,
    num_decoder_layers: T5.layers,
    num_heads: T5.heads,
    vocab_size: T5.vocabulary,
    feed_forward_proj: 'gated-gelu',
    tie_word_embeddings: false,
  })
  json(model.t5Dir, 'tokenizer.json', tokenizerJson())
  json(model.t5Dir, 'tokenizer_config.json', {
    tokenizer_class: 'T5Tokenizer',
    model_max_length: 512,
    eos_token: '</s>',
    pad_token: '<pad>',
    unk_token: '<unk>',
  })
}

/** A Unigram tokenizer over single letters, built like T5's. */
export function tokenizerJson() {
  const special = ['<pad>', '</s>', '<unk>']
  const letters = ['▁', ...'abcdefghijklmnopqrstuvwxyz.GT']
  const added = special.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  const template = [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: template,
      pair: template,
      special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
    },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: {
      type: 'Unigram',
      unk_id: 2,
      vocab: [...special.map(piece => [piece, 0]), ...letters.map(letter => [letter, -2])],
      byte_fallback: false,
    },
  }
}
