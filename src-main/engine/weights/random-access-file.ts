import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { corrupt } from './tensor.ts'

/** Bytes by offset; nothing is cached, so that a 6 GB checkpoint is never in memory. */
export class RandomAccessFile implements Disposable {
  readonly path: string
  readonly size: number
  readonly #handle: number

  constructor(path: string) {
    this.path = path
    try {
      this.#handle = openSync(path, 'r')
    } catch (cause) {
      throw new AppError(
        'not-found',
        `${path} cannot be opened. Check the path and your rights to read it.`,
        { cause, details: { file: resolve(path) } },
      )
    }
    this.size = fstatSync(this.#handle).size
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw corrupt(
        this.path,
        `ends at byte ${this.size}, before byte ${offset + length} that it refers to: it is cut off or damaged`,
      )
    const bytes = new Uint8Array(length)
    let done = 0
    while (done < length) {
      // Linux reads at most 2 GiB at once.
      const count = readSync(this.#handle, bytes, done, Math.min(length - done, 1 << 30), offset + done)
      if (count === 0) throw corrupt(this.path, 'became shorter while it was read')
      done += count
    }
    return bytes
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle)
  }
}
