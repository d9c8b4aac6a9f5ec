/** Seeded weights in the form of SpaMo's release: a Lightning checkpoint of 871 tensors for the published sizes. */
import {
  TorchStorage,
  TorchTensor,
  type TorchValue,
  writeTorchCheckpoint,
} from '#main/engine/testing/torch-writer.ts'
import { adapterShapes, type BenchSizes, type Shapes, t5Shapes } from './seeded-weights.ts'

const PEFT_PREFIX = 't5_model.base_model.model.'
const RANK = 16
const POOL = 1 << 24
/** The release was saved at this point of its training. */
const [EPOCH, STEP] = [95, 42624]

/** Language model and LoRA in bfloat16, adapter in float32, AdamW's two moments of all that is trained. */
export function writeSeededLightning(path: string, sizes: BenchSizes): number {
  const random = randomPool()
  const state = new Map<string, TorchValue>()
  const trained: TorchTensor[] = []
  const add = (name: string, dtype: 'float32' | 'bfloat16', shape: number[]) => {
    const tensor = random(name, dtype, shape)
    state.set(name, tensor)
    if (dtype === 'float32' || name.includes('lora_')) trained.push(tensor)
  }
  add('logit_scale', 'float32', [])
  for (const [name, shape] of Object.entries(adapterShapes(sizes))) add(name, 'float32', shape)
  for (const at of [1, 5])
    state.set(
      `temporal_encoder.temporal_conv.${at}.num_batches_tracked`,
      new TorchTensor(new TorchStorage('int64', 1, () => new Uint8Array(8)), []),
    )
  for (const [name, shape] of Object.entries(withLora(t5Shapes(sizes))))
    add(PEFT_PREFIX + name, 'bfloat16', shape)
  const shared = state.get(`${PEFT_PREFIX}shared.weight`) as TorchTensor
  for (const side of ['encoder', 'decoder']) state.set(`${PEFT_PREFIX}${side}.embed_tokens.weight`, shared)
  const moments = trained.map(({ storage, shape }, at): [number, TorchValue] => {
    const moment = () =>
      new TorchTensor(new TorchStorage(storage.dtype, storage.elements, () => storage.bytes()), shape)
    return [
      at,
      new Map<string, TorchValue>([
        ['step', STEP],
        ['exp_avg', moment()],
        ['exp_avg_sq', moment()],
      ]),
    ]
  })
  writeTorchCheckpoint(
    path,
    new Map<string, TorchValue>([
      ['epoch', EPOCH],
      ['global_step', STEP],
      ['pytorch-lightning_version', '1.9.5'],
      ['state_dict', state],
      ['loops', new Map()],
      ['callbacks', new Map()],
      ['optimizer_states', [new Map<string, TorchValue>([['state', new Map(moments)]])]],
      ['lr_schedulers', []],
    ]),
  )
  return state.size
}

/** peft's names: q and v keep their matrix as `base_layer` and get two thin ones. */
function withLora(shapes: Shapes): Shapes {
  const result: Shapes = {}
  for (const [name, shape] of Object.entries(shapes)) {
    const module = /^(.*Attention\.[qv])\.weight$/.exec(name)?.[1]
    const [out = 0, into = 0] = shape
    if (module) {
      result[`${module}.base_layer.weight`] = shape
      result[`${module}.lora_A.default.weight`] = [RANK, into]
      result[`${module}.lora_B.default.weight`] = [out, RANK]
    } else result[name] = shape
  }
  return result
}

/** Uniform numbers of standard deviation 0.03, cut from one pool at places that follow from the tensor's number. */
function randomPool() {
  const wide = new Float32Array(POOL)
  let state = 2718281
  for (let at = 0; at < POOL; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    wide[at] = (state / 2 ** 31) * 0.052
  }
  const words = new Uint32Array(wide.buffer)
  const narrow = Uint16Array.from(words, word => word >>> 16)
  const [one, oneNarrow] = [1, 0x3f80]
  let made = 0
  return (name: string, dtype: 'float32' | 'bfloat16', shape: number[]): TorchTensor => {
    const elements = shape.reduce((product, size) => product * size, 1)
    made += 1
    const start = (made * 7919 * 64) % POOL
    const isOne = /(norm\w*|conv\.[15])\.weight$|running_var$/.test(name)
    const bytes = (): Uint8Array => {
      const values = dtype === 'float32' ? new Float32Array(elements) : new Uint16Array(elements)
      if (isOne) values.fill(dtype === 'float32' ? one : oneNarrow)
      else fillFrom(dtype === 'float32' ? wide : narrow, values, start)
      return new Uint8Array(values.buffer)
    }
    return new TorchTensor(new TorchStorage(dtype, elements, bytes), shape)
  }
}

function fillFrom(pool: Float32Array | Uint16Array, values: Float32Array | Uint16Array, start: number): void {
  let [from, at] = [start, 0]
  while (at < values.length) {
    const part = pool.subarray(from, Math.min(pool.length, from + values.length - at))
    values.set(part, at)
    at += part.length
    from = 0
  }
}
