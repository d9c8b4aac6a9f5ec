import { createHash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { sha256 } from '../../formats/sha256.ts'

const Part = z.object({ name: z.string(), offset: z.int(), length: z.int(), sha256: z.string() })
type Part = z.infer<typeof Part>

/** What is finished of each data file, a line a tensor: `DIR/FILE.parts`. */
export class PartLog {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  /** The lines up to the first that a crash cut off. */
  read(dataFile: string): Part[] {
    const path = this.#path(dataFile)
    if (!existsSync(path)) return []
    const parts: Part[] = []
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const part = parsed(line)
      if (!part) break
      parts.push(part)
    }
    return parts
  }

  write(dataFile: string, parts: readonly Part[]): void {
    writeFileSync(this.#path(dataFile), parts.map(part => `${JSON.stringify(part)}\n`).join(''))
  }

  append(dataFile: string, part: Part): void {
    appendFileSync(this.#path(dataFile), `${JSON.stringify(part)}\n`)
  }

  #path(dataFile: string): string {
    return join(this.#dir, `${basename(dataFile)}.parts`)
  }
}

function parsed(line: string): Part | undefined {
  try {
    return Part.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/**
 * A graph's weights, written tensor after tensor. With a log, tensors of an earlier attempt are read back, compared
 * with their sha256 and kept; the first that differs, and all after it, are written anew.
 */
export class DataFile implements Disposable {
  readonly #handle: number
  readonly #path: string
  readonly #log: PartLog | undefined
  readonly #hash = createHash('sha256')
  readonly #earlier: Part[]
  #kept = 0
  #position = 0

  constructor(path: string, log?: PartLog) {
    this.#path = path
    this.#log = log
    this.#earlier = log && existsSync(path) ? log.read(path) : []
    const goesOn = this.#earlier.length > 0
    if (!goesOn) log?.write(path, [])
    this.#handle = openSync(path, goesOn ? 'r+' : 'w')
  }

  /** True where an earlier attempt has written this tensor here and it is still sound. */
  keep(name: string, { offset, length }: { offset: number; length: number }): boolean {
    const part = this.#earlier[this.#kept]
    const isSame = part?.name === name && part.offset === offset && part.length === length
    const bytes = isSame ? this.#read(offset, length) : undefined
    if (bytes && sha256(bytes) === part?.sha256) {
      this.#hash.update(new Uint8Array(offset - this.#position)).update(bytes)
      this.#position = offset + length
      this.#kept += 1
      return true
    }
    this.#forgetRest()
    return false
  }

  put(name: string, { offset, length }: { offset: number; length: number }, bytes: Uint8Array): void {
    this.#write(new Uint8Array(offset - this.#position))
    this.#write(bytes)
    this.#log?.append(this.#path, { name, offset, length, sha256: sha256(bytes) })
  }

  finish(): { sha256: string; bytes: number } {
    this.#forgetRest()
    fsyncSync(this.#handle)
    return { sha256: this.#hash.digest('hex'), bytes: this.#position }
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle)
  }

  /** What lies behind the last sound tensor is of no use. */
  #forgetRest(): void {
    if (this.#earlier.length === 0) return
    const isAllKept = this.#kept === this.#earlier.length
    if (!isAllKept) this.#log?.write(this.#path, this.#earlier.slice(0, this.#kept))
    this.#earlier.length = 0
    ftruncateSync(this.#handle, this.#position)
  }

  #read(offset: number, length: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length)
    let done = 0
    while (done < length) {
      const count = readSync(this.#handle, bytes, done, length - done, offset + done)
      if (count === 0) return undefined
      done += count
    }
    return bytes
  }

  #write(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    let done = 0
    while (done < bytes.byteLength)
      done += writeSync(this.#handle, bytes, done, bytes.byteLength - done, this.#position + done)
    this.#position += bytes.byteLength
  }
}
