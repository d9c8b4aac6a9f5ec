import { readFile, writeFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { asDiskError, writeAtomically } from './atomic-file.ts'

/** NumPy's `.npy`: one array, row-major. Arrays of Python objects are refused: reading them would run a pickle. */
export interface NpyArray {
  dtype: NpyDtype
  shape: number[]
  data: NpyData
}

export type NpyDtype = keyof typeof KINDS
export type NpyData =
  | Float32Array
  | Float64Array
  | Float16Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array

const KINDS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Float16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const

const DESCRIPTIONS: Record<NpyDtype, string> = {
  float32: '<f4',
  float64: '<f8',
  float16: '<f2',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  uint64: '<u8',
}

const MAGIC = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])
/** NumPy pads the header so that the data starts on a multiple of this. */
const ALIGNMENT = 64

/** The bytes that `numpy.save` writes for a row-major array (format version 1.0). */
export function encodeNpy(data: NpyData, shape: readonly number[]): Buffer {
  const length = shape.reduce((product, size) => product * size, 1)
  if (length !== data.length)
    throw new Error(`${data.length} values do not fill the shape ${shape.join('×')}`)
  const shapeText = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const facts = `{'descr': '${DESCRIPTIONS[dtypeOf(data)]}', 'fortran_order': False, 'shape': ${shapeText}, }`
  const unpadded = MAGIC.length + 4 + facts.length + 1
  const header = `${facts}${' '.repeat((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT)}\n`
  const lengths = Buffer.from([1, 0, header.length & 0xff, header.length >> 8])
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat([
    MAGIC,
    lengths,
    Buffer.from(header, 'latin1'),
    endianness() === 'LE' ? body : swapped(body, data),
  ])
}

/** Writes an array in one step: the file is there whole or not at all. */
export async function writeNpy(path: string, data: NpyData, shape: readonly number[]): Promise<void> {
  await writeAtomically(path, temporary => writeFile(temporary, encodeNpy(data, shape)))
}

export async function readNpy(path: string): Promise<NpyArray> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw isMissing
      ? new AppError('not-found', `There is no file ${path}.`, { details: { file: path }, cause: error })
      : asDiskError(error, path)
  })
  return decodeNpy(bytes, path)
}

/** A float32 matrix; other numbers are converted, other ranks refused. */
export async function readMatrix(path: string): Promise<{ data: Float32Array; shape: [number, number] }> {
  const { data, shape } = await readNpy(path)
  const [rows, columns, ...more] = shape
  if (rows === undefined || columns === undefined || more.length > 0)
    throw unusable(path, `holds an array of ${shape.length} dimensions, not 2`)
  return {
    data: data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number),
    shape: [rows, columns],
  }
}

/** `name` is used in messages only. */
export function decodeNpy(bytes: Uint8Array, name = 'The file'): NpyArray {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) throw unusable(name, 'is no NumPy array')
  const isLong = (buffer[6] ?? 0) >= 2
  if (buffer.length < 12) throw unusable(name, 'is cut off in its header')
  const start = isLong ? 12 : 10
  const end = start + (isLong ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8))
  const { dtype, isBigEndian, isFortran, shape } = parseHeader(buffer.toString('latin1', start, end), name)

  const ArrayKind = KINDS[dtype]
  const length = shape.reduce((product, size) => product * size, 1)
  const byteLength = length * ArrayKind.BYTES_PER_ELEMENT
  if (buffer.length < end + byteLength)
    throw unusable(name, `is cut off: it has ${buffer.length - end} of ${byteLength} bytes of data`)
  // A copy: typed arrays need an aligned start, and the file's buffer may be shared with others.
  const body = new Uint8Array(buffer.subarray(end, end + byteLength))
  const data = new ArrayKind(body.buffer)
  if (isBigEndian !== (endianness() === 'BE')) swapInPlace(body, ArrayKind.BYTES_PER_ELEMENT)
  return { dtype, shape, data: isFortran ? rowMajor(data, shape, name) : data }
}

function parseHeader(header: string, name: string) {
  const description = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? ''
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  const match = /^([<>|=])([fiu][1248])$/.exec(description)
  const dtype =
    match && (Object.keys(DESCRIPTIONS) as NpyDtype[]).find(key => DESCRIPTIONS[key].slice(1) === match[2])
  if (!match || !dtype || shape === undefined)
    throw unusable(name, `holds ${description || 'structured data'}, not plain numbers`)
  return {
    dtype,
    isBigEndian: match[1] === '>',
    isFortran: /'fortran_order':\s*True/.test(header),
    shape: shape.split(',').flatMap(size => (size.trim() === '' ? [] : [Number.parseInt(size, 10)])),
  }
}

/** Column-major matrices (a saved transpose) become row-major; vectors are both. */
function rowMajor(data: NpyData, shape: number[], name: string): NpyData {
  const [rows, columns] = shape
  if (rows === undefined || columns === undefined) return data
  if (shape.length > 2)
    throw unusable(name, 'is stored column by column. Save it with numpy.ascontiguousarray')
  const turned = data.slice()
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[row * columns + column] = data[column * rows + row] ?? 0
  return turned
}

function dtypeOf(data: NpyData): NpyDtype {
  for (const [dtype, ArrayKind] of Object.entries(KINDS))
    if (data instanceof ArrayKind) return dtype as NpyDtype
  throw new Error('This is no typed array that NumPy knows')
}

function swapped(body: Buffer, data: NpyData): Buffer {
  const copy = Buffer.from(body)
  swapInPlace(copy, data.BYTES_PER_ELEMENT)
  return copy
}

function swapInPlace(bytes: Uint8Array, size: number): void {
  if (size === 1) return
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
}

function unusable(path: string, what: string): AppError {
  return new AppError('corrupt-file', `${basename(path)} ${what}.`, { details: { file: path } })
}
