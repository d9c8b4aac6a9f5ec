import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CorpusChange } from '#shared/contract/corpus.ts'
import type { CorpusDeps } from '../corpus/open-corpus.ts'
import { createEmitter } from '../emitter.ts'
import { silentLog } from './corpus.ts'

/** An empty folder that goes with the test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'signwright-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** What opening a corpus needs, with a clock that goes on by a second with every look at it. */
export function corpusDeps(start = Date.UTC(2026, 0, 1, 12)): CorpusDeps {
  let clock = start
  return {
    log: silentLog,
    now: () => (clock += 1000),
    author: () => 'Ada',
    changes: createEmitter<CorpusChange>(),
  }
}
