/** A complete Sign2GPT model of a few thousand seeded numbers, in the file layouts of the release; for tests. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generator, type Tensors, tokenizerJson } from './seeded-model.ts'
import { pickled, TorchStorage, TorchTensor, type TorchValue, writeTorchCheckpoint } from './torch-writer.ts'

const VIT = { width: 12, mlp: 16, depth: 2, heads: 2, image: 28, stored: 32, grid: 2 }
const ENCODER = { width: 16, mlp: 24, heads: 4, positions: 256 }
const HEAD = { width: 10 }
const XGLM = { width: 16, mlp: 24, heads: 2, layers: 2, vocabulary: 34, positions: 130 }
const RANK = 2
/** The last two layers of gates hold one that is shut and one that is clamped. */
export const SEEDED_GATES = [
  [0.5, 0],
  [0.25, 1],
]
const STORED_GATES = [
  [0.5, -0.2],
  [0.25, 1.3],
]
export const SEEDED_GLOSSES = [
  'heute',
  'küste',
  'morgen',
  'norden',
  'regen',
  'schnee',
  'sonne',
  'wind',
] as const

export interface SeededSign2gpt {
  stage1: string
  stage2: string
  vocabulary: string
  xglmDir: string
}

type Random = () => number
type Shaped = Tensors[string]

export function writeSeededSign2gpt(dir: string, seed = 1): SeededSign2gpt {
  mkdirSync(join(dir, 'xglm'), { recursive: true })
  const random = generator(seed)
  const sign = { ...visionTensors(random), ...encoderTensors(random) }
  const paths = {
    stage1: join(dir, 'best_result_checkpoint_1_0.1.pt'),
    stage2: join(dir, 'best_result_checkpoint_2_1.0.pt'),
    vocabulary: join(dir, 'processed_words.phx_pkl'),
    xglmDir: join(dir, 'xglm'),
  }
  writeCheckpoint(paths.stage1, { ...under('sign_model.', sign), ...headTensors(random) })
  writeCheckpoint(paths.stage2, { ...under('sign_model.sign_model.', sign), ...languageTensors(random) })
  writeFileSync(paths.vocabulary, pickled(vocabulary()))
  const json = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value))
  json(join(dir, 'config.json'), settings())
  json(join(paths.xglmDir, 'config.json'), xglmConfig())
  json(join(paths.xglmDir, 'tokenizer.json'), tokenizerJson())
  json(join(paths.xglmDir, 'tokenizer_config.json'), {
    tokenizer_class: 'XGLMTokenizer',
    model_max_length: 64,
    eos_token: '</s>',
    pad_token: '<pad>',
    unk_token: '<unk>',
  })
  return paths
}

function tensor(random: Random, ...shape: number[]): Shaped {
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, data: Float32Array.from({ length: count }, random) }
}

function filled(value: number, ...shape: number[]): Shaped {
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, data: new Float32Array(count).fill(value) }
}

function linear(random: Random, name: string, out: number, into: number): Tensors {
  return { [`${name}.weight`]: tensor(random, out, into), [`${name}.bias`]: tensor(random, out) }
}

function norm(random: Random, name: string, width: number): Tensors {
  const weight = { shape: [width], data: Float32Array.from({ length: width }, () => 1 + 0.2 * random()) }
  return { [`${name}.weight`]: weight, [`${name}.bias`]: tensor(random, width) }
}

function lora(random: Random, name: string, out: number, into: number): Tensors {
  return {
    [`${name}_l1.weight`]: tensor(random, RANK, into),
    [`${name}_l2.weight`]: tensor(random, out, RANK),
  }
}

function under(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]))
}

/** DINOv2 with LoRA in its last block, and what turns its class token into a row of Z*. */
function visionTensors(random: Random): Tensors {
  const { width, mlp, depth, grid } = VIT
  const vit: Tensors = {
    cls_token: tensor(random, 1, 1, width),
    pos_embed: tensor(random, 1, 1 + grid ** 2, width),
    mask_token: tensor(random, 1, width),
    'patch_embed.proj.weight': tensor(random, width, 3, 14, 14),
    'patch_embed.proj.bias': tensor(random, width),
    ...norm(random, 'norm', width),
  }
  for (let at = 0; at < depth; at += 1) {
    const block = `blocks.${at}`
    Object.assign(vit, norm(random, `${block}.norm1`, width), norm(random, `${block}.norm2`, width))
    Object.assign(vit, linear(random, `${block}.attn.qkv`, 3 * width, width))
    Object.assign(vit, linear(random, `${block}.attn.proj`, width, width))
    Object.assign(vit, linear(random, `${block}.mlp.fc1`, mlp, width))
    Object.assign(vit, linear(random, `${block}.mlp.fc2`, width, mlp))
    vit[`${block}.ls1.gamma`] = filled(0.5, width)
    vit[`${block}.ls2.gamma`] = filled(0.5, width)
  }
  const last = `blocks.${depth - 1}`
  Object.assign(vit, lora(random, `${last}.attn.lora_w1`, 3 * width, width))
  Object.assign(vit, lora(random, `${last}.attn.lora_w2`, width, width))
  Object.assign(vit, lora(random, `${last}.mlp.lora_w1`, mlp, width))
  Object.assign(vit, lora(random, `${last}.mlp.lora_w2`, width, mlp))
  return {
    ...under('spatial_model.spatial_model.', vit),
    ...linear(random, 'spatial_model.lin', ENCODER.width, width),
    ...norm(random, 'spatial_model.bn', ENCODER.width),
    'spatial_model.bn.running_mean': tensor(random, ENCODER.width),
    'spatial_model.bn.running_var': filled(1, ENCODER.width),
  }
}

function encoderTensors(random: Random): Tensors {
  const { width, mlp, heads, positions } = ENCODER
  const tensors: Tensors = { 'encoder.embedding_block.pos_emb.pos': tensor(random, 1, positions, width) }
  for (const stage of [0, 2])
    for (const at of [0, 1]) {
      const layer = `encoder.network_block.network.${stage}.${at}`
      const mixer = `${layer}.token_mixer`
      Object.assign(tensors, norm(random, `${layer}.norm1`, width), norm(random, `${layer}.norm2`, width))
      for (const part of ['q', 'k', 'v'])
        Object.assign(tensors, linear(random, `${mixer}.in_proj_container.${part}_proj`, width, width))
      Object.assign(tensors, linear(random, `${mixer}.proj`, width, width))
      Object.assign(tensors, linear(random, `${layer}.mlp.mlp.0`, mlp, width))
      Object.assign(tensors, linear(random, `${layer}.mlp.mlp.3`, width, mlp))
      tensors[`${layer}.layer_scale_1`] = filled(0.5, width)
      tensors[`${layer}.layer_scale_2`] = filled(0.5, width)
      tensors[`${mixer}.rotary_embeddings.inv_freq`] = {
        shape: [width / heads / 2],
        data: Float32Array.from(
          { length: width / heads / 2 },
          (_, n) => 10_000 ** ((-2 * n * heads) / width),
        ),
      }
    }
  return tensors
}

function headTensors(random: Random): Tensors {
  return under('post_model.', {
    ...linear(random, 'fc_hidden', HEAD.width, ENCODER.width),
    vocab_embedding: tensor(random, HEAD.width, SEEDED_GLOSSES.length, 1),
    zero_embedding: filled(0, HEAD.width, 1, 1),
    class_temperature: filled(0.1, 1),
    time_temperature: filled(0.1, 1),
  })
}

/** XGLM with its adapters and gates, and what turns cells into rows for it. */
function languageTensors(random: Random): Tensors {
  const { width, mlp, layers, vocabulary: tokens, positions } = XGLM
  const table = tensor(random, tokens, width)
  const model: Tensors = {
    'embed_tokens.weight': table,
    'embed_positions.weights': tensor(random, positions, width),
    ...norm(random, 'layer_norm', width),
  }
  for (let at = 0; at < layers; at += 1) {
    const attention = `layers.${at}.self_attn`
    for (const part of ['q', 'k', 'v', 'out'])
      Object.assign(model, linear(random, `${attention}.${part}_proj`, width, width))
    for (const part of ['q', 'k', 'v', 'o'])
      Object.assign(model, lora(random, `${attention}.lora_w${part}`, width, width))
    for (const part of ['q', 'k', 'v'])
      Object.assign(model, lora(random, `${attention}.adaptor_lora_w${part}`, width, width))
    model[`${attention}.adaptor_gate`] = {
      shape: [1, XGLM.heads, 1, 1],
      data: Float32Array.from(STORED_GATES[at] ?? []),
    }
    Object.assign(model, norm(random, `layers.${at}.self_attn_layer_norm`, width))
    Object.assign(model, norm(random, `layers.${at}.final_layer_norm`, width))
    Object.assign(model, linear(random, `layers.${at}.fc1`, mlp, width))
    Object.assign(model, linear(random, `layers.${at}.fc2`, width, mlp))
  }
  return {
    ...under('lang_model.model.', model),
    'lang_model.lm_head.weight': table,
    ...linear(random, 'post_model.fc', width, ENCODER.width),
    'post_model.pos_encoder.pos': tensor(random, 1, ENCODER.positions, ENCODER.width),
  }
}

function writeCheckpoint(path: string, tensors: Tensors): void {
  const model = new Map<string, TorchValue>()
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const bytes = () => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    model.set(name, new TorchTensor(new TorchStorage('float32', data.length, bytes), shape))
  }
  writeTorchCheckpoint(path, new Map([['model', model]]))
}

function vocabulary(): TorchValue {
  const sentence = SEEDED_GLOSSES.join(' ')
  return new Map<string, TorchValue>([
    ['dict_sentence', new Map<string, TorchValue>([[sentence, [...SEEDED_GLOSSES]]])],
    ['dict_lem_to_id', new Map(SEEDED_GLOSSES.map((gloss, id) => [gloss, id]))],
    ['dict_lem_counter', new Map(SEEDED_GLOSSES.map((gloss, id) => [gloss, id + 1]))],
  ])
}

function settings() {
  return {
    stage1: {
      stored: VIT.stored,
      image: VIT.image,
      vit_heads: VIT.heads,
      vit_lora_alpha: 4,
      encoder_heads: ENCODER.heads,
      max_len: ENCODER.positions,
    },
    lm_lora_alpha: 4,
    max_length: 16,
    num_beams: 4,
  }
}

function xglmConfig() {
  return {
    model_type: 'xglm',
    d_model: XGLM.width,
    ffn_dim: XGLM.mlp,
    num_layers: XGLM.layers,
    attention_heads: XGLM.heads,
    vocab_size: XGLM.vocabulary,
    max_position_embeddings: XGLM.positions - 2,
    activation_function: 'gelu',
    scale_embedding: true,
    // The end token of `tokenizerJson`.
    eos_token_id: 1,
  }
}
