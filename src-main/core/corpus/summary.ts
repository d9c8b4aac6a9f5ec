import { access } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { CorpusSummary } from '#shared/contract/corpus.ts'
import { announce, type CorpusContext } from '../context.ts'
import {
  countByState,
  countBySigner,
  countBySplit,
  countClips,
  findFact,
  listMediaPaths,
} from './corpus.queries.ts'

/** Network drives answer slowly: after this the last known number has to do, and a better one is announced. */
const PATIENCE_MS = 300
const LOOKS_AT_ONCE = 64

export function createSummary(context: CorpusContext, name: () => string): () => Promise<CorpusSummary> {
  const { db, dir } = context
  const countMissing = createMissingCount(context)
  return async () => {
    const missingMedia = await countMissing()
    return {
      dir,
      name: name(),
      isDemo: findFact(db, 'demo') !== undefined,
      ...countClips(db),
      splits: countBySplit(db),
      states: countByState(db),
      signers: countBySigner(db),
      missingMedia,
    }
  }
}

function createMissingCount(context: CorpusContext): () => Promise<number> {
  let known = 0
  let running: Promise<number> | null = null

  async function look(): Promise<number> {
    const paths = listMediaPaths(context.db)
    let missing = 0
    for (let at = 0; at < paths.length; at += LOOKS_AT_ONCE) {
      const there = await Promise.all(paths.slice(at, at + LOOKS_AT_ONCE).map(isThere))
      missing += there.filter(found => !found).length
    }
    running = null
    return missing
  }

  return async () => {
    running ??= look()
    const counted = running
    const inTime = await Promise.race([counted, delay(PATIENCE_MS, null, { ref: false })])
    if (inTime !== null) return (known = inTime)
    void counted.then(missing => {
      const isNews = missing !== known
      known = missing
      if (isNews) announce(context, 'corpus')
    })
    return known
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
