import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { openSafetensors } from './safetensors.ts'
import { type StoredTensor, type TensorStore, corrupt } from './tensor.ts'
import { openTorchCheckpoint } from './torch-checkpoint.ts'

/** The names under which Hugging Face publishes weights, best first. */
export const WEIGHT_FILES: readonly string[] = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
]

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string()) })

/** Opens the weights of a model folder in Hugging Face's layout. */
export function openModelFolder(dir: string): TensorStore {
  const name = WEIGHT_FILES.find(candidate => existsSync(join(dir, candidate)))
  if (!name)
    throw new AppError('not-found', `${dir} holds no weights: one of ${WEIGHT_FILES.join(', ')} is needed.`, {
      details: { file: resolve(dir) },
    })
  return openWeights(join(dir, name))
}

/** Opens one weight file, by its name and content. */
export function openWeights(path: string): TensorStore {
  if (path.endsWith('.index.json')) return openShards(path)
  return path.endsWith('.safetensors') ? openSafetensors(path) : openTorchCheckpoint(path)
}

function openShards(indexPath: string): TensorStore {
  const parsed = ShardIndex.safeParse(readJson(indexPath))
  if (!parsed.success) throw corrupt(indexPath, 'is no index of weight files', parsed.error)
  const stack = new DisposableStack()
  try {
    const wanted = new Map(Object.entries(parsed.data.weight_map))
    const shards = new Map<string, TensorStore>()
    for (const file of new Set(wanted.values())) {
      if (basename(file) !== file || file === '..')
        throw corrupt(indexPath, `refers to '${file}', outside its folder`)
      shards.set(file, stack.use(openWeights(join(dirname(indexPath), file))))
    }
    const tensors = new Map<string, StoredTensor>()
    for (const [name, file] of wanted) {
      const tensor = shards.get(file)?.tensors.get(name)
      if (!tensor) throw corrupt(indexPath, `promises the tensor '${name}', which ${file} does not hold`)
      tensors.set(name, tensor)
    }
    refuseUnlisted(indexPath, shards, wanted)
    const owned = stack.move()
    const files = [indexPath, ...[...shards.keys()].map(file => join(dirname(indexPath), file))]
    return { path: indexPath, files, tensors, [Symbol.dispose]: () => owned.dispose() }
  } finally {
    stack.dispose()
  }
}

/** A tensor that no line of the index names would be lost without a word. */
function refuseUnlisted(
  indexPath: string,
  shards: ReadonlyMap<string, TensorStore>,
  wanted: ReadonlyMap<string, string>,
): void {
  for (const [file, store] of shards)
    for (const name of store.tensors.keys())
      if (wanted.get(name) !== file)
        throw corrupt(indexPath, `does not list the tensor '${name}', which ${file} holds`)
}

export function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError('not-found', `${path} is missing or cannot be read.`, {
      cause,
      details: { file: resolve(path) },
    })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw corrupt(path, 'is not JSON', cause)
  }
}
