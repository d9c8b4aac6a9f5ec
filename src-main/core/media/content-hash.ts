import { createHash, type Hash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'

const WHOLE_UP_TO = 64 * 1024 * 1024
const BLOCK_BYTES = 1024 * 1024
const BLOCKS = 64
const SAMPLED_FILES = 64

/**
 * A name for a medium's content, to find it again after a move: `sha256:SIZE:HEX` of the whole file below 64 MiB;
 * `sampled64-sha256:SIZE:HEX` of 64 even 1 MiB blocks, first and last included, above; `folder64-sha256:SIZE:HEX`
 * of the names and sizes of a frame folder and the content of up to 64 of its files.
 */
export async function contentHash(path: string, signal?: AbortSignal): Promise<string> {
  const facts = await stat(path)
  if (facts.isDirectory()) return folderHash(path, signal)
  const hash = createHash('sha256')
  await addFile(hash, path, facts.size, signal)
  return `${facts.size < WHOLE_UP_TO ? 'sha256' : 'sampled64-sha256'}:${facts.size}:${hash.digest('hex')}`
}

async function addFile(hash: Hash, path: string, size: number, signal?: AbortSignal): Promise<void> {
  await using file = await open(path, 'r').catch((error: unknown) => {
    throw asReadError(error, path)
  })
  const step = size < WHOLE_UP_TO ? BLOCK_BYTES : (size - BLOCK_BYTES) / (BLOCKS - 1)
  const block = Buffer.alloc(BLOCK_BYTES)
  for (let at = 0; at < size; at += step) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, Math.floor(at))
    hash.update(block.subarray(0, bytesRead))
  }
}

async function folderHash(path: string, signal?: AbortSignal): Promise<string> {
  const names = (await readdir(path)).filter(name => !name.startsWith('.')).sort()
  const sizes = await Promise.all(names.map(async name => (await stat(join(path, name))).size))
  const hash = createHash('sha256')
  for (const [at, name] of names.entries()) hash.update(`${name}\0${sizes[at]}\n`)
  const step = Math.max(1, names.length / SAMPLED_FILES)
  for (let at = 0; at < names.length; at += step) {
    const file = join(path, names[Math.floor(at)] ?? '')
    if ((await stat(file)).isFile()) await addFile(hash, file, sizes[Math.floor(at)] ?? 0, signal)
  }
  const total = sizes.reduce((sum, size) => sum + size, 0)
  return `folder64-sha256:${total}:${hash.digest('hex')}`
}

/** A file without the right to read it concerns its clips only, and says so. */
function asReadError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'EACCES' && code !== 'EPERM') return error
  return new AppError('not-permitted', `${path} may not be read. Check its access rights.`, {
    details: { file: path },
    cause: error,
  })
}
