import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where a benchmark works: in the folder that was named, which stays, or in a new one that goes with the scope. */
export function workFolder(named?: string): Disposable & { path: string } {
  if (named === undefined) return mkdtempDisposableSync(join(tmpdir(), 'signwright-bench-'))
  return { path: resolve(named), [Symbol.dispose]: () => {} }
}
