import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 in hex; of a text, of its UTF-8 bytes. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** A name for facts that belong together: SHA-256 of their JSON, so the order of keys counts. */
export function sha256OfFacts(facts: unknown): string {
  return sha256(JSON.stringify(facts))
}

/** SHA-256 and length of a file of any size, read in blocks. */
export async function sha256OfFile(
  path: string,
  options: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined } = {},
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    options.signal?.throwIfAborted()
    const block = chunk as Buffer
    hash.update(block)
    bytes += block.byteLength
    options.onBytes?.(block.byteLength)
  }
  return { sha256: hash.digest('hex'), bytes }
}
