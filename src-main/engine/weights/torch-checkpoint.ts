/**
 * PyTorch's zip checkpoints (`torch.save` since 1.6): `NAME/data.pkl` and raw storages in `NAME/data/KEY`.
 * Only tensors and plain data are built; storages are read by offset when a tensor is.
 * Source: torch/serialization.py and torch/_utils.py (names and argument order).
 */
import { RandomAccessFile } from './random-access-file.ts'
import {
  type StoredDType,
  type StoredTensor,
  type TensorStore,
  STORED_DTYPES,
  checkedElementCount,
  corrupt,
} from './tensor.ts'
import { type PickleGlobal, PickleTuple, unpickle } from '../../formats/pickle/unpickle.ts'
import { type ZipMember, readZipDirectory, storedDataOffset } from './zip-directory.ts'

const STORAGE_DTYPES: Readonly<Record<string, StoredDType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
}

/** data.pkl of the 871-tensor release has some 2 MB; optimiser states of huge models some 100. */
const MAX_PICKLE_BYTES = 512 << 20

class StorageType implements PickleGlobal {
  readonly name: string
  readonly dtype: StoredDType
  readonly #path: string
  constructor(path: string, name: string, dtype: StoredDType) {
    this.#path = path
    this.name = name
    this.dtype = dtype
  }
  call(): never {
    throw corrupt(this.#path, `calls ${this.name} like a function`)
  }
}

class Storage {
  readonly key: string
  readonly dtype: StoredDType
  readonly elements: number
  constructor(key: string, dtype: StoredDType, elements: number) {
    this.key = key
    this.dtype = dtype
    this.elements = elements
  }
}

/** A view of a storage; offset and strides count elements. */
class TensorView {
  readonly storage: Storage
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  constructor(storage: Storage, offset: number, shape: readonly number[], stride: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.stride = stride
  }
}

export interface TorchCheckpoint extends TensorStore {
  /** Whole-number facts of a Lightning file: epoch, global_step. */
  facts: { epoch?: number; globalStep?: number }
}

/** Opens a checkpoint (its `state_dict` or `model`; an optimiser beside it is passed over) or a bare state dict (`pytorch_model.bin`). */
export function openTorchCheckpoint(path: string): TorchCheckpoint {
  const file = new RandomAccessFile(path)
  try {
    refuseOldFormats(file)
    const members = readZipDirectory(file)
    const prefix = findPrefix(file, members)
    const root = unpickle(readMember(file, members, `${prefix}data.pkl`), torchHost(path))
    const state = findStateDict(path, root)
    const tensors = new Map<string, StoredTensor>()
    for (const [name, view] of state) {
      if (typeof name !== 'string' || !(view instanceof TensorView))
        throw corrupt(path, `has '${String(name)}' in its state_dict, which is no tensor`)
      tensors.set(name, stored(file, members, `${prefix}data/`, name, view))
    }
    const facts = lightningFacts(root)
    return { path, files: [path], tensors, facts, [Symbol.dispose]: () => file[Symbol.dispose]() }
  } catch (error) {
    file[Symbol.dispose]()
    throw error
  }
}

function refuseOldFormats(file: RandomAccessFile): void {
  const start = Buffer.from(file.read(0, Math.min(file.size, 2)).buffer)
  if (start[0] === 0x80)
    throw corrupt(
      file.path,
      'is in the format that PyTorch wrote before 1.6. Load it in a current PyTorch and torch.save it again',
    )
  if (start.toString('latin1') !== 'PK') throw corrupt(file.path, 'is no PyTorch checkpoint (no zip file)')
}

function findPrefix(file: RandomAccessFile, members: ReadonlyMap<string, ZipMember>): string {
  const pickles = [...members.keys()].filter(name => name === 'data.pkl' || name.endsWith('/data.pkl'))
  const [name] = pickles
  if (name === undefined || pickles.length !== 1)
    throw corrupt(file.path, `has ${pickles.length} members data.pkl, a PyTorch checkpoint has one`)
  const prefix = name.slice(0, -'data.pkl'.length)
  if (members.has(`${prefix}byteorder`)) {
    const order = Buffer.from(readMember(file, members, `${prefix}byteorder`)).toString('latin1')
    if (order !== 'little') throw corrupt(file.path, `was written on a machine with ${order}-endian numbers`)
  }
  return prefix
}

function readMember(
  file: RandomAccessFile,
  members: ReadonlyMap<string, ZipMember>,
  name: string,
): Uint8Array {
  const member = members.get(name)
  if (!member) throw corrupt(file.path, `lacks its part '${name}'`)
  if (member.size > MAX_PICKLE_BYTES) throw corrupt(file.path, `has a '${name}' of ${member.size} bytes`)
  return file.read(storedDataOffset(file, member), member.size)
}

function torchHost(path: string) {
  return {
    where: path,
    resolve: (module: string, name: string): PickleGlobal | undefined => {
      const dtype = Object.hasOwn(STORAGE_DTYPES, name) ? STORAGE_DTYPES[name] : undefined
      if (module === 'torch' && dtype) return new StorageType(path, `torch.${name}`, dtype)
      const key = `${module}.${name}`
      return Object.hasOwn(CALLABLES, key)
        ? { name: key, call: args => CALLABLES[key]?.(args, path) }
        : undefined
    },
    persistentLoad: (id: unknown) => loadStorage(path, id),
  }
}

const CALLABLES: Readonly<Record<string, (args: readonly unknown[], path: string) => unknown>> = {
  'collections.OrderedDict': () => new Map(),
  'torch._utils._rebuild_tensor_v2': (args, path) => rebuildTensor(path, args),
  'torch._utils._rebuild_parameter': (args, path) => parameterData(path, args),
  'torch._utils._rebuild_parameter_with_state': (args, path) => parameterData(path, args),
  'torch.Size': args => args[0],
}

function loadStorage(path: string, id: unknown): Storage {
  const [kind, type, key, , elements] = id instanceof PickleTuple ? id.items : []
  const isStorage = kind === 'storage' && type instanceof StorageType && typeof key === 'string'
  if (!isStorage || typeof elements !== 'number' || !Number.isSafeInteger(elements) || elements < 0)
    throw corrupt(path, 'has a malformed reference to tensor data')
  return new Storage(key, type.dtype, elements)
}

function rebuildTensor(path: string, [storage, offset, shape, stride]: readonly unknown[]): TensorView {
  const isView = storage instanceof Storage && shape instanceof PickleTuple && stride instanceof PickleTuple
  if (!isView || shape.items.length !== stride.items.length) throw corrupt(path, 'has a malformed tensor')
  const where = { file: path, part: `a tensor in storage ${storage.key}` }
  const count = checkedElementCount(shape.items, where)
  checkedElementCount([offset], where)
  for (const step of stride.items) checkedElementCount([step], where)
  const view = new TensorView(storage, Number(offset), shape.items.map(Number), stride.items.map(Number))
  if (count > 0 && viewEnd(view) > storage.elements)
    throw corrupt(
      where,
      `has the shape [${view.shape.join(', ')}], which needs more than the ${storage.elements} elements there are`,
    )
  return view
}

function parameterData(path: string, [data]: readonly unknown[]): TensorView {
  if (!(data instanceof TensorView)) throw corrupt(path, 'has a parameter without a tensor')
  return data
}

/** One past the last element a view touches. */
function viewEnd(view: TensorView): number {
  const last = view.shape.reduce(
    (sum, size, axis) => sum + (size - 1) * (view.stride[axis] ?? 0),
    view.offset,
  )
  return last + 1
}

function findStateDict(path: string, root: unknown): Map<unknown, unknown> {
  if (!(root instanceof Map)) throw corrupt(path, 'holds no dictionary')
  // Lightning's name, and that of Sign2GPT's trainer.
  for (const key of ['state_dict', 'model']) {
    const state: unknown = root.get(key)
    if (state instanceof Map) return state
  }
  const isBare = root.size > 0 && [...root.values()].every(value => value instanceof TensorView)
  if (!isBare) throw corrupt(path, "has neither 'state_dict' nor 'model': it is no checkpoint of a model")
  return root
}

function lightningFacts(root: unknown): { epoch?: number; globalStep?: number } {
  const number = (key: string) => {
    const value: unknown = root instanceof Map ? root.get(key) : undefined
    return typeof value === 'number' ? value : undefined
  }
  const [epoch, globalStep] = [number('epoch'), number('global_step')]
  return { ...(epoch === undefined ? {} : { epoch }), ...(globalStep === undefined ? {} : { globalStep }) }
}

function stored(
  file: RandomAccessFile,
  members: ReadonlyMap<string, ZipMember>,
  folder: string,
  name: string,
  view: TensorView,
): StoredTensor {
  const { storage, shape } = view
  const place = { file: file.path, part: `tensor '${name}'` }
  const size = STORED_DTYPES[storage.dtype]
  const member = members.get(folder + storage.key)
  if (!member) throw corrupt(place, `has no data: '${folder}${storage.key}' is missing`)
  if (member.size !== storage.elements * size)
    throw corrupt(place, `has ${member.size} bytes of data where ${storage.elements * size} are announced`)
  const readBytes = () => {
    const start = storedDataOffset(file, member)
    const count = checkedElementCount(shape, place)
    if (count === 0) return new Uint8Array(0)
    const bytes = file.read(start + view.offset * size, (viewEnd(view) - view.offset) * size)
    return isContiguous(view) ? bytes : gather(bytes, view, count, size)
  }
  return { file: file.path, name, dtype: storage.dtype, shape, readBytes }
}

function isContiguous(view: TensorView): boolean {
  let expected = 1
  for (let axis = view.shape.length - 1; axis >= 0; axis -= 1) {
    if (view.shape[axis] !== 1 && view.stride[axis] !== expected) return false
    expected *= view.shape[axis] ?? 1
  }
  return true
}

/** Copies a strided view, whose first element is at the start of `source`, into row-major order. */
function gather(source: Uint8Array, view: TensorView, count: number, size: number): Uint8Array {
  const target = new Uint8Array(count * size)
  const index = view.shape.map(() => 0)
  let from = 0
  for (let element = 0; element < count; element += 1) {
    target.set(source.subarray(from * size, (from + 1) * size), element * size)
    for (let axis = index.length - 1; axis >= 0; axis -= 1) {
      const stride = view.stride[axis] ?? 0
      const at = (index[axis] ?? 0) + 1
      from += stride
      if (at < (view.shape[axis] ?? 0)) {
        index[axis] = at
        break
      }
      index[axis] = 0
      from -= at * stride
    }
  }
  return target
}
