import type { CDPSession } from '@playwright/test'

/** How many objects of one kind there are, and the bytes of themselves alone. */
export interface HeapKind {
  count: number
  bytes: number
}

/** Bytes that are still reachable after a collection. */
export interface HeapUse {
  /** What the page's scripts keep: objects, arrays, strings, and the nodes of the document. */
  objects: number
  /** Bytecode and machine code. The engine compiles for minutes, and throws compiled code away when it is old. */
  code: number
  /** All of it by constructor, or by the engine's name for what has none. */
  kinds: ReadonlyMap<string, HeapKind>
}

interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]] } }
  nodes: number[]
  strings: string[]
}

/** Of these each has a name of its own, which says nothing. */
const NAMELESS = new Set(['string', 'concatenated string', 'sliced string', 'number', 'code', 'regexp'])

/** Reads a heap snapshot, which collects garbage before. */
export async function heapUse(devtools: CDPSession): Promise<HeapUse> {
  const parts: string[] = []
  const take = ({ chunk }: { chunk: string }) => void parts.push(chunk)
  devtools.on('HeapProfiler.addHeapSnapshotChunk', take)
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  devtools.off('HeapProfiler.addHeapSnapshotChunk', take)
  const { snapshot, nodes, strings } = JSON.parse(parts.join('')) as HeapSnapshot
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [type, name, size] = ['type', 'name', 'self_size'].map(field => fields.indexOf(field)) as [
    number,
    number,
    number,
  ]
  const use = { objects: 0, code: 0, kinds: new Map<string, HeapKind>() }
  for (let at = 0; at < nodes.length; at += fields.length) {
    const of = types[0][nodes[at + type] ?? 0] ?? ''
    const bytes = nodes[at + size] ?? 0
    use[of === 'code' ? 'code' : 'objects'] += bytes
    count(use.kinds, NAMELESS.has(of) ? of : `${of} ${strings[nodes[at + name] ?? 0]?.slice(0, 60)}`, bytes)
  }
  return use
}

function count(kinds: Map<string, HeapKind>, name: string, bytes: number): void {
  const kind = kinds.get(name)
  if (!kind) kinds.set(name, { count: 1, bytes })
  else {
    kind.count += 1
    kind.bytes += bytes
  }
}

/** The kinds that grew the most, largest first. */
export function growth(before: HeapUse, after: HeapUse, most: number): (HeapKind & { name: string })[] {
  return [...after.kinds]
    .map(([name, { count: now, bytes }]) => {
      const was = before.kinds.get(name) ?? { count: 0, bytes: 0 }
      return { name, count: now - was.count, bytes: bytes - was.bytes }
    })
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, most)
}
