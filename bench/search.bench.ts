/**
 * Search over a large corpus: the first hit and the end of each search, and what the index of values costs on insert.
 *
 *   node bench/search.bench.ts [--recordings 1000] [--annotations 1000000]
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseQuery } from '#shared/domain/search-text.ts'
import { createSearchService } from '#main/core/search/search.service.ts'
import { fillCorpus, fillGlosses } from '#main/core/testing/large-corpus.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import type { WriteDb } from '#main/db/types.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    recordings: { type: 'string', default: '1000' },
    annotations: { type: 'string', default: '1000000' },
  },
})
const size = { recordings: Number(values.recordings), annotations: Number(values.annotations) }

const QUERIES = [
  ['rare whole value', '"TOKEN-4711"v'],
  ['part of a word', '"en-47"'],
  ['regular expression', '/^TOKEN-1[0-9]{3}$/'],
  ['nothing', '"zzzz"'],
  ['in sentences of one tier', '"Küste" tier:Sentence'],
  ['rare, on overlapping tier', '"TOKEN-4711"v overlaps (tier:Sentence "Sonne")'],
  ['rare, three steps away', '"TOKEN-4711"v before<=3 (/^TOKEN-4/)'],
  ['n-gram', '/^TOKEN-47/ then /^TOKEN-/'],
  ['frequent (all tokens)', '"TOKEN"'],
  ['everything long', 'tier:* longer:700'],
] as const

using work = workFolder()
const dir = work.path
await run(join(dir, 'corpus.sqlite'))

function timed(act: () => void): number {
  const began = performance.now()
  act()
  return (performance.now() - began) / 1000
}

function fill(db: WriteDb): void {
  fillCorpus(db, { clips: size.recordings, annotations: 0 })
  fillGlosses(db, size)
}

async function run(file: string): Promise<void> {
  const db = openDatabase(file, { create: true })
  migrate(db)
  const filled = timed(() => fill(db))
  const reindexed = timed(() => {
    db.exec('DROP INDEX annotation_value')
    db.exec('CREATE INDEX annotation_value ON annotation (value)')
  })
  const facts = db
    .prepare('SELECT count(*) AS annotations, count(DISTINCT value) AS texts FROM annotation')
    .get() as { annotations: number; texts: number }
  console.log(
    `${size.recordings} recordings, ${facts.annotations} annotations, ${facts.texts} different texts; filled in ${filled.toFixed(1)} s, of which the index of values takes about ${reindexed.toFixed(1)} s; load ${loadavg()[0]?.toFixed(1)}`,
  )
  const search = createSearchService(testContext(db, dir))
  console.log(
    `${'query'.padEnd(28)} ${'hits'.padStart(9)} ${'first'.padStart(9)} ${'complete'.padStart(9)} ${'processor'.padStart(10)}`,
  )
  for (const [name, text] of QUERIES) {
    const processor = process.cpuUsage()
    const began = performance.now()
    let first: number | null = null
    let total = 0
    for await (const event of search.run({ query: parseQuery(text), limit: 5000 })) {
      if (event.hits.length > 0) first ??= performance.now() - began
      total = event.total
    }
    const complete = performance.now() - began
    const { user, system } = process.cpuUsage(processor)
    const cells = [
      first === null ? '–' : first.toFixed(0),
      complete.toFixed(0),
      ((user + system) / 1000).toFixed(0),
    ]
    console.log(
      `${name.padEnd(28)} ${String(total).padStart(9)} ${cells.map((cell, at) => `${cell} ms`.padStart(at === 2 ? 10 : 9)).join(' ')}`,
    )
  }
  db.close()
}
