/**
 * Search over a large corpus: how long until the first hit and until the end, in a corpus that was just opened and
 * in one that has been searched before; and what its index costs.
 *
 *   node bench/search.bench.ts [--recordings 1000] [--annotations 5000000] [--folder KEPT]
 *
 * The corpus is made once in a folder that is named, which takes a minute, and used again.
 */
import { existsSync, renameSync, statSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseQuery } from '#shared/domain/search-text.ts'
import { createSearchService, type SearchService } from '#main/core/search/search.service.ts'
import { fillCorpus, fillGlosses } from '#main/core/testing/large-corpus.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { LATEST, migrate, schemaVersion } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import type { WriteDb } from '#main/db/types.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    recordings: { type: 'string', default: '1000' },
    annotations: { type: 'string', default: '5000000' },
    folder: { type: 'string' },
  },
})
const size = { recordings: Number(values.recordings), annotations: Number(values.annotations) }
const ROUNDS = 3

const QUERIES = [
  ['rare whole value', '"TOKEN-4711"v'],
  ['part of a word', '"en-47"'],
  ['regular expression', '/^TOKEN-1[0-9]{3}$/'],
  ['nothing', '"zzzz"'],
  ['in sentences of one tier', '"Küste" tier:Sentence'],
  ['rare, on overlapping tier', '"TOKEN-4711"v overlaps (tier:Sentence "Sonne")'],
  ['within a parent', '/^TOKEN-4/ within (tier:Sentence "Sonne")'],
  ['rare, three steps away', '"TOKEN-4711"v before<=3 (/^TOKEN-4/)'],
  ['at most a second before', '/^TOKEN-47/ before<=1000ms (tier:"Gloss L" "TOKEN")'],
  ['n-gram', '/^TOKEN-47/ then /^TOKEN-/'],
  ['frequent (all tokens)', '"TOKEN"'],
  ['everything long', 'tier:* longer:700'],
  ['frequent, overlapping', '"TOKEN" overlaps (tier:Sentence)'],
  ['frequent, after all', 'tier:"Gloss R" after<=600ms (tier:"Gloss L")'],
] as const

using work = workFolder(values.folder)
await run(join(work.path, `search-${size.recordings}-${size.annotations}.sqlite`))

async function timed<T>(act: () => T | Promise<T>): Promise<{ seconds: number; answer: T }> {
  const began = performance.now()
  const answer = await act()
  return { seconds: (performance.now() - began) / 1000, answer }
}

/** Made beside its name, so that half of one is never taken for it. */
async function make(file: string): Promise<void> {
  const db = openDatabase(`${file}.part`, { create: true })
  migrate(db)
  const { seconds } = await timed(() => {
    fillCorpus(db, { clips: size.recordings, annotations: 0 })
    fillGlosses(db, size)
  })
  db.close()
  renameSync(`${file}.part`, file)
  console.log(`corpus made in ${seconds.toFixed(1)} s`)
}

async function run(file: string): Promise<void> {
  if (!existsSync(file)) await make(file)
  const db = openDatabase(file, { create: false })
  const version = schemaVersion(db)
  if (version < LATEST) {
    const { seconds } = await timed(() => migrate(db))
    console.log(`migrated from version ${version} to ${LATEST} in ${seconds.toFixed(1)} s`)
  }
  const service = createSearchService(testContext(db, work.path))
  await printIndex(db, service, file)
  console.log(
    `${'query'.padEnd(28)} ${'hits'.padStart(9)} ${['opened: first', 'complete', 'processor', 'again: first', 'complete', 'processor'].map(cell => cell.padStart(13)).join(' ')}`,
  )
  for (const [name, text] of QUERIES) await printQuery(db, service, name, text)
  console.log(
    `memory ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB; load ${loadavg()[0]?.toFixed(1)}`,
  )
  db.close()
}

async function printIndex(db: WriteDb, service: SearchService, file: string): Promise<void> {
  db.exec('DELETE FROM search_tier; DELETE FROM search_text')
  const used = process.cpuUsage()
  const { seconds } = await timed(async () => {
    for await (const _ of service.prepare()) void _
  })
  const { user, system } = process.cpuUsage(used)
  const facts = db
    .prepare(
      `SELECT (SELECT count(*) FROM annotation) AS annotations, (SELECT count(*) FROM recording) AS recordings,
         (SELECT count(*) FROM search_text) AS texts, (SELECT sum(length(texts) + length(spans)) FROM search_tier) AS bytes,
         (SELECT sum(length(CAST(text AS BLOB))) FROM search_text) AS textBytes`,
    )
    .get() as Record<'annotations' | 'recordings' | 'texts' | 'bytes' | 'textBytes', number>
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
  console.log(
    `${facts.recordings} recordings, ${facts.annotations} annotations, ${facts.texts} different texts; database ${mib(statSync(file).size)}, in it ${mib(facts.bytes + facts.textBytes)} of index, made in ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor time; load ${loadavg()[0]?.toFixed(1)}`,
  )
}

interface Times {
  first: number
  complete: number
  processor: number
  total: number
}

async function search(service: SearchService, text: string): Promise<Times> {
  const used = process.cpuUsage()
  const began = performance.now()
  let [first, total] = [Number.NaN, 0]
  for await (const event of service.run({ query: parseQuery(text), limit: 5000 })) {
    if (event.hits.length > 0 && Number.isNaN(first)) first = performance.now() - began
    total = event.total
  }
  const complete = performance.now() - began
  const { user, system } = process.cpuUsage(used)
  return { first, complete, processor: (user + system) / 1000, total }
}

async function printQuery(db: WriteDb, service: SearchService, name: string, text: string): Promise<void> {
  const opened = await search(createSearchService(testContext(db, work.path)), text)
  const again: Times[] = []
  for (let round = 0; round < ROUNDS; round += 1) again.push(await search(service, text))
  const middle = (key: keyof Times) => again.map(each => each[key]).toSorted((a, b) => a - b)[1] ?? Number.NaN
  const cells = [
    opened.first,
    opened.complete,
    opened.processor,
    middle('first'),
    middle('complete'),
    middle('processor'),
  ]
  console.log(
    `${name.padEnd(28)} ${String(opened.total).padStart(9)} ${cells.map(ms => (Number.isNaN(ms) ? '–' : `${ms.toFixed(0)} ms`).padStart(13)).join(' ')}`,
  )
}
