/**
 * Writes a graph as an ONNX file (IR 10, opset 20 and com.microsoft 1), its weights streamed
 * to `NAME.onnx.data` beside it. Field numbers: onnx.proto of ONNX 1.16.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { withPlainAttention } from './attention.ts'
import type { Attribute, ExternalPlace, GraphBuilder, Initializer, NodeSpec, TensorPort } from './builder.ts'
import { DataFile, type PartLog } from './data-file.ts'
import { DTYPES, elementCount } from './dtype.ts'
import { ProtoWriter } from './protobuf.ts'
import { sha256 } from '../../formats/sha256.ts'

const IR_VERSION = 10
const OPSET = 20
const EXTERNAL = 1
/** Large tensors start on a page so that the runtime can map them. */
const PAGE = 4096
const CACHE_LINE = 64

export interface WrittenFile {
  path: string
  sha256: string
  bytes: number
}

export interface WriteOptions {
  signal?: AbortSignal | undefined
  /** Bytes written, or found from an earlier attempt. */
  onBytes?: ((bytes: number) => void) | undefined
  /** What an earlier attempt has finished is checked and kept. */
  log?: PartLog | undefined
}

/** Where each weight will lie in the graph's own data file, and how long that file will be. */
export function planData(graph: GraphBuilder): {
  file: string
  places: Map<string, ExternalPlace>
  bytes: number
} {
  const file = `${graph.name}.onnx.data`
  const places = new Map<string, ExternalPlace>()
  let position = 0
  for (const tensor of graph.initializers) {
    if (tensor.place !== 'external') continue
    const length = byteLength(tensor)
    const step = length >= 1 << 20 ? PAGE : CACHE_LINE
    const offset = Math.ceil(position / step) * step
    places.set(tensor.name, { file, offset, length })
    position = offset + length
  }
  return { file, places, bytes: position }
}

/** NAME.onnx, NAME.onnx.data and, where the graph has fused attention, NAME.plain.onnx over the same data. */
export async function writeModel(
  graph: GraphBuilder,
  dir: string,
  options: WriteOptions = {},
): Promise<WrittenFile[]> {
  const plan = planData(graph)
  const data = plan.bytes === 0 ? [] : [await writeData(graph, dir, plan, options)]
  const variants = graph.attentions.size > 0 ? [graph, withPlainAttention(graph)] : [graph]
  return [...variants.map(variant => writeGraph(variant, dir, plan.places)), ...data]
}

function writeGraph(
  graph: GraphBuilder,
  dir: string,
  places: ReadonlyMap<string, ExternalPlace>,
): WrittenFile {
  const bytes = encodeModel(graph, places)
  const path = `${graph.name}.onnx`
  writeFileSync(join(dir, path), bytes)
  return { path, sha256: sha256(bytes), bytes: bytes.byteLength }
}

async function writeData(
  graph: GraphBuilder,
  dir: string,
  plan: ReturnType<typeof planData>,
  options: WriteOptions,
): Promise<WrittenFile> {
  using file = new DataFile(join(dir, plan.file), options.log)
  for (const tensor of graph.initializers) {
    const place = plan.places.get(tensor.name)
    if (!place) continue
    options.signal?.throwIfAborted()
    if (!file.keep(tensor.name, place)) file.put(tensor.name, place, loadChecked(tensor))
    options.onBytes?.(place.length)
    await setImmediate()
  }
  return { path: plan.file, ...file.finish() }
}

function byteLength(tensor: Initializer): number {
  return elementCount(tensor.shape) * DTYPES[tensor.dtype].bytes
}

function loadChecked(tensor: Initializer): Uint8Array {
  const bytes = tensor.load()
  const expected = byteLength(tensor)
  if (bytes.byteLength !== expected)
    throw new Error(`${tensor.name}: ${bytes.byteLength} bytes for a tensor of ${expected}`)
  return bytes
}

/** The bytes of a ModelProto. */
export function encodeModel(graph: GraphBuilder, places: ReadonlyMap<string, ExternalPlace>): Uint8Array {
  return new ProtoWriter()
    .int(1, IR_VERSION)
    .string(2, 'signwright')
    .message(8, opset => opset.string(1, '').int(2, OPSET))
    .message(8, opset => opset.string(1, 'com.microsoft').int(2, 1))
    .message(7, proto => {
      for (const [index, node] of graph.nodes.entries())
        proto.message(1, inner => encodeNode(inner, node, index))
      proto.string(2, graph.name)
      for (const tensor of graph.initializers) proto.message(5, inner => encodeTensor(inner, tensor, places))
      for (const port of graph.inputs) proto.message(11, inner => encodePort(inner, port))
      for (const port of graph.outputs) proto.message(12, inner => encodePort(inner, port))
    })
    .finish()
}

function encodeNode(proto: ProtoWriter, node: NodeSpec, index: number): void {
  for (const name of node.inputs) proto.string(1, name)
  for (const name of node.outputs) proto.string(2, name)
  proto.string(3, `${index}_${node.op}`).string(4, node.op)
  for (const [name, value] of Object.entries(node.attributes))
    proto.message(5, inner => encodeAttribute(inner.string(1, name), value))
  proto.string(7, node.domain)
}

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const

/** A plain number is an integer attribute; floats are marked `{ float }` because 1 may mean 1.0. */
function encodeAttribute(proto: ProtoWriter, value: Attribute): void {
  if (typeof value === 'number') proto.int(3, value).int(20, ATTRIBUTE_TYPE.int)
  else if (typeof value === 'string') proto.string(4, value).int(20, ATTRIBUTE_TYPE.string)
  else if ('float' in value) proto.float(2, value.float).int(20, ATTRIBUTE_TYPE.float)
  else {
    for (const item of value) proto.int(8, item)
    proto.int(20, ATTRIBUTE_TYPE.ints)
  }
}

function encodeTensor(
  proto: ProtoWriter,
  tensor: Initializer,
  places: ReadonlyMap<string, ExternalPlace>,
): void {
  proto.packedInts(1, tensor.shape).int(2, DTYPES[tensor.dtype].onnx).string(8, tensor.name)
  const place = typeof tensor.place === 'object' ? tensor.place : places.get(tensor.name)
  if (!place) {
    proto.bytes(9, loadChecked(tensor))
    return
  }
  const entries = { location: place.file, offset: String(place.offset), length: String(place.length) }
  for (const [key, value] of Object.entries(entries))
    proto.message(13, entry => entry.string(1, key).string(2, value))
  proto.int(14, EXTERNAL)
}

function encodePort(proto: ProtoWriter, port: TensorPort): void {
  proto.string(1, port.name).message(2, type =>
    type.message(1, tensor =>
      tensor.int(1, DTYPES[port.dtype].onnx).message(2, shape => {
        for (const size of port.shape)
          shape.message(1, dim => (typeof size === 'number' ? dim.int(1, size) : dim.string(2, size)))
      }),
    ),
  )
}
