/**
 * The names that NumPy's pickles of object arrays and scalars need, as plain data.
 * NumPy 1 writes `numpy.core.multiarray`, NumPy 2 `numpy._core.multiarray`.
 */
import { damagedPickle } from './damaged.ts'
import { type PickleGlobal, type PickleHost, PickleTuple, unpickle } from './unpickle.ts'

/** `numpy.dtype`: only what says how the bytes of a scalar are read. */
class Dtype {
  readonly code: string
  byteOrder = '<'
  constructor(code: string) {
    this.code = code
  }
}

class ObjectArray {
  items: unknown[] = []
  isScalar = false
}

/** Data of these kinds only; anything else is refused by the unpickler, by name. */
export function readObjectPickle(bytes: Uint8Array, where: string): unknown {
  const host: PickleHost = {
    where,
    resolve: (module, name) => resolveName(module, name, where),
    build: (instance, state) => build(instance, state, where),
  }
  const value = unpickle(bytes, host)
  if (!(value instanceof ObjectArray)) return value
  return value.isScalar ? value.items[0] : value.items
}

function resolveName(module: string, name: string, where: string): PickleGlobal | undefined {
  const full = `${module}.${name}`.replace(/^numpy\._core\./, 'numpy.core.')
  switch (full) {
    case 'numpy.core.multiarray._reconstruct':
      return { name: full, call: () => new ObjectArray() }
    case 'numpy.core.multiarray.scalar':
      return { name: full, call: ([dtype, bytes]) => scalar(dtype, bytes, where) }
    case 'numpy.ndarray':
      return { name: full, call: () => new ObjectArray() }
    case 'numpy.dtype':
      return { name: full, call: ([code]) => new Dtype(String(code)) }
    case '_codecs.encode':
      // How protocol 2 writes bytes: a text and the encoding that takes it back.
      return { name: full, call: ([text]) => Buffer.from(String(text), 'latin1') }
    case 'collections.OrderedDict':
      return { name: full, call: () => new Map() }
    default:
      return undefined
  }
}

function build(instance: unknown, state: unknown, where: string): void {
  if (instance instanceof Map) return
  const items = state instanceof PickleTuple ? state.items : []
  if (instance instanceof Dtype) {
    instance.byteOrder = String(items[1])
    return
  }
  if (!(instance instanceof ObjectArray))
    throw damagedPickle(where, 'sets the state of an object that has none')
  const [, shape, dtype, , values] = items
  if (!(dtype instanceof Dtype) || !dtype.code.startsWith('O') || !Array.isArray(values))
    throw damagedPickle(
      where,
      'holds an array of numbers inside, where only texts and their tables are expected',
    )
  instance.items = values
  instance.isScalar = shape instanceof PickleTuple && shape.items.length === 0
  if (instance.isScalar && values.length !== 1) throw damagedPickle(where, 'has a scalar without a value')
}

function scalar(dtype: unknown, bytes: unknown, where: string): unknown {
  if (!(dtype instanceof Dtype) || !(bytes instanceof Uint8Array))
    throw damagedPickle(where, 'has a number that cannot be read')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isLittle = dtype.byteOrder !== '>'
  const size = Number(dtype.code.slice(1))
  if (bytes.byteLength === size)
    switch (dtype.code) {
      case 'i8':
        return Number(view.getBigInt64(0, isLittle))
      case 'i4':
        return view.getInt32(0, isLittle)
      case 'i2':
        return view.getInt16(0, isLittle)
      case 'u8':
        return Number(view.getBigUint64(0, isLittle))
      case 'u4':
        return view.getUint32(0, isLittle)
      case 'f8':
        return view.getFloat64(0, isLittle)
      case 'f4':
        return view.getFloat32(0, isLittle)
      case 'b1':
        return view.getUint8(0) !== 0
      default:
    }
  throw damagedPickle(where, `has a number of the unknown kind ${dtype.code}`)
}
