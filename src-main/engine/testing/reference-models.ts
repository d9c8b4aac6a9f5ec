/** SpaMo's computation for one clip, written with the plain layers of `reference.ts`; for tests. */
import { bicubicEnlargement } from '../graph/bicubic.ts'
import { relativeBucket } from '../graph/relative-bias.ts'
import {
  type Matrix,
  add,
  attention,
  erfGelu,
  layerNorm,
  linear,
  map,
  matrixOf,
  quickGelu,
  rmsNorm,
  tanhGelu,
} from './reference.ts'
import { SIZES, type Tensors } from './seeded-model.ts'

const { CLIP, MAE, T5, INNER, RANK } = SIZES

function reader(tensors: Tensors) {
  return (name: string): Float32Array => {
    const tensor = tensors[name]
    if (!tensor) throw new Error(`no ${name}`)
    return tensor.data
  }
}

/** One picture [3, size, size] -> [2 · hidden]: class token of it | mean over the four tiles of its doubling. */
export function clipFeatures(tensors: Tensors, picture: Float32Array): number[] {
  const size = CLIP.image
  const weights = matrixOf(bicubicEnlargement(size, 2).read(), size)
  const double = [0, 1, 2].map(channel => {
    const plane = matrixOf(picture.subarray(channel * size * size, (channel + 1) * size * size), size)
    const wide = plane.map(row => enlarge(row, weights))
    return transpose(transpose(wide).map(column => enlarge(column, weights)))
  })
  const tile = (y: number, x: number) =>
    double.flatMap(plane =>
      plane.slice(y * size, (y + 1) * size).flatMap(row => row.slice(x * size, (x + 1) * size)),
    )
  const tiles = [tile(0, 0), tile(0, 1), tile(1, 0), tile(1, 1)].map(crop => clipToken(tensors, crop))
  const mean = tiles[0]?.map((_, at) => tiles.reduce((sum, token) => sum + (token[at] ?? 0), 0) / 4) ?? []
  return [...clipToken(tensors, picture), ...mean]
}

function clipToken(tensors: Tensors, picture: ArrayLike<number>): number[] {
  const get = reader(tensors)
  const { image: size, patch, heads, hidden } = CLIP
  const side = size / patch
  const patches: Matrix = []
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1) {
      const values: number[] = []
      for (let channel = 0; channel < 3; channel += 1)
        for (let y = 0; y < patch; y += 1)
          for (let x = 0; x < patch; x += 1)
            values.push(picture[(channel * size + row * patch + y) * size + column * patch + x] ?? 0)
      patches.push(values)
    }
  const root = 'vision_model'
  const embedded = linear(patches, get(`${root}.embeddings.patch_embedding.weight`))
  const withClass = [[...get(`${root}.embeddings.class_embedding`)], ...embedded]
  const positions = matrixOf(get(`${root}.embeddings.position_embedding.weight`), side * side + 1)
  let x = layerNorm(
    add(withClass, positions),
    get(`${root}.pre_layrnorm.weight`),
    get(`${root}.pre_layrnorm.bias`),
    1e-5,
  )
  for (let layer = 0; layer < CLIP.layers; layer += 1) {
    const block = `${root}.encoder.layers.${layer}`
    const part = (input: Matrix, name: string) =>
      linear(input, get(`${block}.${name}.weight`), get(`${block}.${name}.bias`))
    const norm = (input: Matrix, name: string) =>
      layerNorm(input, get(`${block}.${name}.weight`), get(`${block}.${name}.bias`), 1e-5)
    const normed = norm(x, 'layer_norm1')
    const [query, key, value] = ['q_proj', 'k_proj', 'v_proj'].map(name =>
      part(normed, `self_attn.${name}`),
    ) as [Matrix, Matrix, Matrix]
    x = add(x, part(attention(query, key, value, heads, (hidden / heads) ** -0.5), 'self_attn.out_proj'))
    x = add(x, part(map(part(norm(x, 'layer_norm2'), 'mlp.fc1'), quickGelu), 'mlp.fc2'))
  }
  return x[0] ?? []
}

/** One window [16, 3, size, size] -> token 0, [hidden]. */
export function videoMaeFeatures(tensors: Tensors, window: Float32Array): number[] {
  const get = reader(tensors)
  const { hidden, heads } = MAE
  const prefix = 'videomae.embeddings.patch_embeddings.projection'
  const embedded = linear(tubelets(window), get(`${prefix}.weight`), get(`${prefix}.bias`))
  let x = embedded.map((row, p) => row.map((value, j) => value + position(p, j, hidden)))
  for (let layer = 0; layer < MAE.layers; layer += 1) {
    const block = `videomae.encoder.layer.${layer}`
    const part = (input: Matrix, name: string) =>
      linear(input, get(`${block}.${name}.weight`), get(`${block}.${name}.bias`))
    const norm = (input: Matrix, name: string) =>
      layerNorm(input, get(`${block}.${name}.weight`), get(`${block}.${name}.bias`), 1e-12)
    const attend = `${block}.attention.attention`
    const normed = norm(x, 'layernorm_before')
    const query = linear(normed, get(`${attend}.query.weight`), get(`${attend}.q_bias`))
    const key = linear(normed, get(`${attend}.key.weight`))
    const value = linear(normed, get(`${attend}.value.weight`), get(`${attend}.v_bias`))
    x = add(x, part(attention(query, key, value, heads, (hidden / heads) ** -0.5), 'attention.output.dense'))
    x = add(x, part(map(part(norm(x, 'layernorm_after'), 'intermediate.dense'), erfGelu), 'output.dense'))
  }
  return x[0] ?? []
}

/** Order of tubelets: time, row, column; of values: channel, frame, row, column. */
function tubelets(window: Float32Array): Matrix {
  const { image: size, patch } = MAE
  const rows: Matrix = []
  for (let step = 0; step < 8; step += 1)
    for (let row = 0; row < size / patch; row += 1)
      for (let column = 0; column < size / patch; column += 1) {
        const values: number[] = []
        for (let channel = 0; channel < 3; channel += 1)
          for (let frame = 0; frame < 2; frame += 1)
            for (let y = 0; y < patch; y += 1)
              for (let x = 0; x < patch; x += 1)
                values.push(
                  window[
                    (((2 * step + frame) * 3 + channel) * size + row * patch + y) * size + column * patch + x
                  ] ?? 0,
                )
        rows.push(values)
      }
  return rows
}

function position(p: number, j: number, width: number): number {
  const angle = p / 10000 ** ((2 * Math.floor(j / 2)) / width)
  return j % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
}

/** Sign adapter: [T, spatial], [N, motion] -> visual tokens. */
export function visualTokens(tensors: Tensors, spatial: Matrix, motion: Matrix): Matrix {
  const get = reader(tensors)
  const part = (x: Matrix, name: string) => linear(x, get(`${name}.weight`), get(`${name}.bias`))
  let rows = [...part(spatial, 'spatio_proj'), ...part(motion, 'spatiotemp_proj')]
  while (rows.length < 16) rows.push(Array.from({ length: INNER }, () => 0))
  for (const at of [0, 4]) {
    const conv = 'temporal_encoder.temporal_conv'
    const windows = Array.from({ length: rows.length - 4 }, (_, start) =>
      Array.from({ length: INNER }, (__, channel) =>
        rows.slice(start, start + 5).map(row => row[channel] ?? 0),
      ).flat(),
    )
    const [mean, variance] = [get(`${conv}.${at + 1}.running_mean`), get(`${conv}.${at + 1}.running_var`)]
    const [gamma, beta] = [get(`${conv}.${at + 1}.weight`), get(`${conv}.${at + 1}.bias`)]
    const normed = part(windows, `${conv}.${at}`).map(row =>
      row.map((value, c) =>
        Math.max(
          0,
          ((value - (mean[c] ?? 0)) / Math.sqrt((variance[c] ?? 0) + 1e-5)) * (gamma[c] ?? 0) +
            (beta[c] ?? 0),
        ),
      ),
    )
    rows = Array.from({ length: Math.floor(normed.length / 2) }, (_, pair) =>
      (normed[2 * pair] ?? []).map((value, c) => Math.max(value, normed[2 * pair + 1]?.[c] ?? 0)),
    )
  }
  return part(map(part(rows, 'fusion_proj.0'), erfGelu), 'fusion_proj.2')
}

/** Log-probabilities-free logits of the last of `ids`, everything recomputed from scratch. */
export function t5Logits(
  tensors: Tensors,
  embeds: Matrix,
  ids: readonly number[],
  loraScale: number,
): number[] {
  const get = t5Reader(tensors, loraScale)
  const encoded = t5Stack(get, 'encoder', embeds, undefined)
  const table = matrixOf(get('shared'), T5.vocabulary)
  const decoded = t5Stack(
    get,
    'decoder',
    ids.map(id => table[id] ?? []),
    encoded,
  )
  return linear(decoded.slice(-1), get('lm_head'))[0] ?? []
}

/** Weights by transformers' names, LoRA merged. */
function t5Reader(tensors: Tensors, loraScale: number) {
  const get = reader(tensors)
  const root = 't5_model.base_model.model.'
  return (name: string): ArrayLike<number> => {
    if (!tensors[`${root}${name}.base_layer.weight`]) return get(`${root}${name}.weight`)
    const base = matrixOf(get(`${root}${name}.base_layer.weight`), T5.heads * T5.width)
    const a = transpose(matrixOf(get(`${root}${name}.lora_A.default.weight`), RANK))
    const update = transpose(linear(a, get(`${root}${name}.lora_B.default.weight`)))
    return add(
      base,
      map(update, value => loraScale * value),
    ).flat()
  }
}

function t5Stack(
  get: (name: string) => ArrayLike<number>,
  side: 'encoder' | 'decoder',
  input: Matrix,
  context: Matrix | undefined,
): Matrix {
  const isEncoder = side === 'encoder'
  const table = matrixOf(get(`${side}.block.0.layer.0.SelfAttention.relative_attention_bias`), 32)
  const rule = { buckets: 32, maxDistance: 128, isBidirectional: isEncoder }
  const bias = (head: number, query: number, key: number) =>
    !isEncoder && key > query ? -Infinity : (table[relativeBucket(key - query, rule)]?.[head] ?? 0)
  let x = input
  for (let layer = 0; layer < T5.layers; layer += 1) {
    const block = `${side}.block.${layer}.layer`
    const attend = (name: string, source: Matrix, from: Matrix, withBias: boolean) => {
      const [query, key, value] = [
        linear(source, get(`${name}.q`)),
        linear(from, get(`${name}.k`)),
        linear(from, get(`${name}.v`)),
      ]
      return linear(attention(query, key, value, T5.heads, 1, withBias ? bias : undefined), get(`${name}.o`))
    }
    const normed = rmsNorm(x, get(`${block}.0.layer_norm`), 1e-6)
    x = add(x, attend(`${block}.0.SelfAttention`, normed, normed, true))
    if (context)
      x = add(
        x,
        attend(`${block}.1.EncDecAttention`, rmsNorm(x, get(`${block}.1.layer_norm`), 1e-6), context, false),
      )
    const last = isEncoder ? 1 : 2
    const wide = rmsNorm(x, get(`${block}.${last}.layer_norm`), 1e-6)
    const gate = map(linear(wide, get(`${block}.${last}.DenseReluDense.wi_0`)), tanhGelu)
    const value = linear(wide, get(`${block}.${last}.DenseReluDense.wi_1`))
    const product = gate.map((row, at) => row.map((number, column) => number * (value[at]?.[column] ?? 0)))
    x = add(x, linear(product, get(`${block}.${last}.DenseReluDense.wo`)))
  }
  return rmsNorm(x, get(`${side}.final_layer_norm`), 1e-6)
}

function enlarge(row: readonly number[], weights: Matrix): number[] {
  return Array.from({ length: weights[0]?.length ?? 0 }, (_, column) =>
    row.reduce((sum, value, at) => sum + value * (weights[at]?.[column] ?? 0), 0),
  )
}

function transpose(a: Matrix): Matrix {
  return (a[0] ?? []).map((_, column) => a.map(row => row[column] ?? 0))
}
