/**
 * How a large corpus feels: opens, lists, searches, edits. Prints the median and the slowest of each act
 * against the budget it has to keep.
 *
 *   node bench/corpus.bench.ts [--clips 100000] [--annotations 1000000]
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ClipFilter } from '#shared/contract/clip.ts'
import type { ClipId, RecordingId } from '#shared/contract/ids.ts'
import { createAnnotationService } from '#main/core/annotation/annotation.service.ts'
import type { ClipSort } from '#main/core/clip/clip.search.ts'
import { createClipService } from '#main/core/clip/clip.service.ts'
import { createEditing } from '#main/core/edit/edit.service.ts'
import { createReferenceService } from '#main/core/reference/reference.service.ts'
import { fillCorpus } from '#main/core/testing/large-corpus.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: '100000' },
    annotations: { type: 'string', default: '1000000' },
  },
})
const clipCount = Number(values.clips)
const annotationCount = Number(values.annotations)

using work = workFolder()
const dir = work.path
run(join(dir, 'corpus.sqlite'))

function run(file: string): void {
  const made = openDatabase(file, { create: true })
  migrate(made)
  const began = performance.now()
  fillCorpus(made, { clips: clipCount, annotations: annotationCount })
  console.log(`filled: ${clipCount} clips, ${annotationCount} annotations in ${seconds(began)} s`)
  made.close()

  const db = measure('open', 1000, 1, () => openDatabase(file, { create: false }))
  const context = testContext(db, dir)
  const editing = createEditing(context)
  const score = db.prepare(
    `INSERT INTO sentence_score (hypothesis_id, tokenizer, bleu, chrf)
     SELECT id, '13a', id % 1009 / 10.09, id % 97 FROM hypothesis
     WHERE clip_id IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING`,
  )
  const clips = createClipService(context, {
    editing,
    ensureSentenceScores: ids => void score.run(JSON.stringify(ids)),
  })
  const references = createReferenceService(context, { editing })

  const list = (filter: ClipFilter, sort: ClipSort, offset = 0) =>
    clips.list({ filter, sort, descending: false, offset, limit: 200 })
  let page = 0
  measure('list: first page by name', 20, 1, () => list({}, 'name'))
  measure('list: any page by name', 20, 50, () => list({}, 'name', (page += 1999) % clipCount))
  measure('list: page after an edit', 50, 20, n => {
    clips.update({ selection: { kind: 'ids', clipIds: [(n + 1) as ClipId] }, changes: { note: `note ${n}` } })
    list({}, 'name', 50_000)
  })
  for (const sort of ['split', 'state', 'duration', 'signer', 'reference'] as const) {
    measure(`list: first page by ${sort}`, 300, 1, () => list({}, sort))
    measure(`list: next page by ${sort}`, 20, 20, n => list({}, sort, n * 200))
  }
  measure('list: first page by BLEU, scores missing', 5000, 1, () => list({}, 'bleu'))
  measure('list: next page by BLEU', 20, 20, n => list({}, 'bleu', n * 200))
  measure('list: below BLEU 10', 500, 1, () => list({ belowBleu: 10 }, 'name'))
  measure('list: one split', 20, 1, () => list({ split: 'dev' }, 'name'))
  for (const text of [
    'clip-0777',
    'Sonne',
    'scheint die',
    'e',
    'en',
    '天',
    '天气',
    '天气很好',
    'zzzz',
    'the quick',
  ])
    measure(`search: ${text} (${list({ text }, 'name').total} clips)`, 50, 5, n =>
      list({ text, runId: undefined }, n % 2 ? 'split' : 'state', n),
    )
  measure('get a clip', 5, 50, n => clips.get((((n * 1000) % clipCount) + 1) as ClipId))
  measure('save a reference', 20, 50, n =>
    references.save({ clipId: (n + 1) as ClipId, text: `neuer Satz ${n}` }),
  )
  measure('undo', 20, 20, () => editing.undo())
  measure('set the state of every clip', 10_000, 1, () =>
    clips.update({ selection: { kind: 'all' }, changes: { state: 'accepted' } }),
  )
  measure('undo that', 10_000, 1, () => editing.undo())
  const annotations = createAnnotationService(context, { editing })
  measure('annotations of ten seconds', 5, 50, n =>
    annotations.list({ recordingId: 1 as RecordingId, fromMs: n * 1000, toMs: n * 1000 + 10_000 }),
  )
  measure('annotations of a recording', 500, 1, () => annotations.list({ recordingId: 1 as RecordingId }))
  db.close()
}

/** Runs `act` so many times and says how long it took against its budget in milliseconds. */
function measure<T>(name: string, budgetMs: number, times: number, act: (n: number) => T): T {
  const taken: number[] = []
  let last: T | undefined
  for (let n = 0; n < times; n++) {
    const began = performance.now()
    last = act(n)
    taken.push(performance.now() - began)
  }
  taken.sort((a, b) => a - b)
  const median = taken[Math.floor(taken.length / 2)] ?? 0
  const slowest = taken.at(-1) ?? 0
  const verdict = slowest <= budgetMs ? 'ok  ' : 'SLOW'
  console.log(
    `${verdict} ${name.padEnd(52)} median ${ms(median)}  slowest ${ms(slowest)}  budget ${budgetMs} ms`,
  )
  return last as T
}

function ms(value: number): string {
  return `${value.toFixed(1).padStart(8)} ms`
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
