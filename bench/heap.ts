import type { CDPSession } from '@playwright/test'

/** Bytes that are still reachable after a collection. */
export interface HeapUse {
  /** What the page's scripts keep: objects, arrays, strings, and the nodes of the document. */
  objects: number
  /** Bytecode and machine code. The engine compiles for minutes, and throws compiled code away when it is old. */
  code: number
}

interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]] } }
  nodes: number[]
}

/** Reads a heap snapshot, which collects garbage before. */
export async function heapUse(devtools: CDPSession): Promise<HeapUse> {
  const parts: string[] = []
  const take = ({ chunk }: { chunk: string }) => void parts.push(chunk)
  devtools.on('HeapProfiler.addHeapSnapshotChunk', take)
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  devtools.off('HeapProfiler.addHeapSnapshotChunk', take)
  const { snapshot, nodes } = JSON.parse(parts.join('')) as HeapSnapshot
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [type, size, code] = [fields.indexOf('type'), fields.indexOf('self_size'), types[0].indexOf('code')]
  const use = { objects: 0, code: 0 }
  for (let at = 0; at < nodes.length; at += fields.length)
    use[nodes[at + type] === code ? 'code' : 'objects'] += nodes[at + size] ?? 0
  return use
}
