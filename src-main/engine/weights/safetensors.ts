/**
 * safetensors: u64 header length, JSON header, data without holes.
 * Source: github.com/huggingface/safetensors, section Format.
 */
import { z } from 'zod'
import { RandomAccessFile } from './random-access-file.ts'
import {
  type StoredDType,
  type StoredTensor,
  type TensorStore,
  STORED_DTYPES,
  checkedElementCount,
  corrupt,
} from './tensor.ts'

const DTYPE_NAMES: Readonly<Record<string, StoredDType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
}

/** The library's own limit. */
const MAX_HEADER_BYTES = 100_000_000

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
})

interface Placed {
  name: string
  begin: number
  end: number
  dtype: StoredDType
  shape: readonly number[]
}

export function openSafetensors(path: string): TensorStore {
  const file = new RandomAccessFile(path)
  try {
    const { header, dataStart } = readHeader(file)
    const placed = header.map(([name, entry]) => place(path, name, entry))
    checkCoverage(path, placed, file.size - dataStart)
    const tensors = new Map(placed.map(tensor => [tensor.name, stored(file, dataStart, tensor)]))
    return { path, files: [path], tensors, [Symbol.dispose]: () => file[Symbol.dispose]() }
  } catch (error) {
    file[Symbol.dispose]()
    throw error
  }
}

function readHeader(file: RandomAccessFile): { header: [string, unknown][]; dataStart: number } {
  if (file.size < 8) throw corrupt(file.path, `has ${file.size} bytes and is no safetensors file`)
  const length = Number(Buffer.from(file.read(0, 8)).readBigUInt64LE())
  if (length > MAX_HEADER_BYTES || 8 + length > file.size)
    throw corrupt(
      file.path,
      `announces a header of ${length} bytes but has ${file.size}: it is cut off or no safetensors file`,
    )
  const text = new TextDecoder().decode(file.read(8, length))
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw corrupt(file.path, 'has a header that is not JSON', cause)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw corrupt(file.path, 'has a header that is no JSON object')
  // Entries, not properties: a tensor may be called __proto__.
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
  return { header: entries, dataStart: 8 + length }
}

function place(path: string, name: string, entry: unknown): Placed {
  const where = { file: path, part: `tensor '${name}'` }
  const parsed = Entry.safeParse(entry)
  if (!parsed.success) throw corrupt(where, 'has a malformed header entry', parsed.error)
  const { dtype: code, shape, data_offsets: offsets } = parsed.data
  const dtype = Object.hasOwn(DTYPE_NAMES, code) ? DTYPE_NAMES[code] : undefined
  if (!dtype) throw corrupt(where, `has the unknown type ${code}`)
  const bytes = checkedElementCount(shape, where) * STORED_DTYPES[dtype]
  const [begin, end] = offsets
  if (end - begin !== bytes) throw corrupt(where, `has ${end - begin} bytes where its shape needs ${bytes}`)
  return { name, begin, end, dtype, shape }
}

/** The format allows neither holes nor overlaps nor bytes left over. */
function checkCoverage(path: string, placed: readonly Placed[], dataBytes: number): void {
  let position = 0
  for (const tensor of placed.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (tensor.begin !== position)
      throw corrupt(
        { file: path, part: `tensor '${tensor.name}'` },
        tensor.begin < position ? 'overlaps another tensor' : 'follows a hole',
      )
    position = tensor.end
  }
  if (position > dataBytes)
    throw corrupt(path, `is cut off: its tensors need ${position} bytes, it has ${dataBytes}`)
  if (position < dataBytes) throw corrupt(path, `has ${dataBytes - position} bytes that belong to no tensor`)
}

function stored(file: RandomAccessFile, dataStart: number, tensor: Placed): StoredTensor {
  const { name, dtype, shape, begin, end } = tensor
  return { file: file.path, name, dtype, shape, readBytes: () => file.read(dataStart + begin, end - begin) }
}
