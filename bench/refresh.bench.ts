/**
 * Scores of four systems after one edited reference, as the Compare screen asks for them: the edit is saved, the
 * statistics of its segment are computed and kept, and every corpus score is taken anew.
 *
 *     node bench/refresh.bench.ts [segments] [edits]
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { createScoring } from '#main/core/evaluation/scoring.ts'
import { fillCorpus } from '#main/core/testing/large-corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import type { WriteDb } from '#main/db/types.ts'
import { quantile } from './frame-monitor.ts'
import { workFolder } from './work-folder.ts'

const [segments, edits] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 200)]
const SCOPE = {
  runIds: [1, 2, 3, 4] as RunId[],
  split: null,
  choice: { recipe: 'sacrebleu' as const, normalisers: [] },
  tokenizer: null,
}

/** Four runs that lose another word of each sentence. */
function makeRuns(db: WriteDb): void {
  const columns = (db.pragma('table_info(run)') as { name: string }[])
    .map(({ name }) => name)
    .filter(name => name !== 'id')
  const others = columns.map(name => (name === 'name' ? `name || ' again'` : name)).join(', ')
  db.exec(`INSERT INTO run (${columns.join(', ')}) SELECT ${others} FROM run;
    INSERT INTO hypothesis (run_id, clip_id, rank, text) SELECT run_id + 2, clip_id, rank, text FROM hypothesis`)
  db.function('without', (text, at) => {
    const words = String(text).split(' ')
    return words.toSpliced(Number(at) % words.length, 1).join(' ')
  })
  db.exec(`UPDATE hypothesis SET text = without(
    (SELECT text FROM reference WHERE reference.clip_id = hypothesis.clip_id), run_id + clip_id)`)
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const [half, most] = [quantile(sorted, 0.5), quantile(sorted, 0.95)].map(ms => ms.toFixed(1))
  console.log(`${what}: p50 ${half} ms, p95 ${most} ms`)
}

async function main(db: WriteDb): Promise<void> {
  fillCorpus(db, { clips: segments, annotations: 0 })
  makeRuns(db)
  const scoring = createScoring({ db, now: Date.now })
  const task = { signal: new AbortController().signal, progress: () => {} }
  const began = performance.now()
  await scoring.scores(SCOPE, task)
  console.log(
    `${segments} segments, 4 systems: first scored in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  )
  const edit = db.prepare(`UPDATE reference SET text = text || ' heute' WHERE clip_id = ?`)
  const saving: number[] = []
  const refreshing: number[] = []
  for (let at = 0; at < edits; at++) {
    const clipId = (1 + ((at * 7919) % segments)) as ClipId
    const start = performance.now()
    edit.run(clipId)
    const saved = performance.now()
    await scoring.changed(clipId)
    await scoring.scores(SCOPE, task)
    saving.push(saved - start)
    refreshing.push(performance.now() - saved)
  }
  tell('the edit itself', saving)
  tell('all scores after it', refreshing)
  console.log(`load ${loadavg()[0]?.toFixed(1)}`)
}

using work = workFolder()
const folder = work.path
const db = openDatabase(join(folder, 'corpus.sqlite'), { create: true })
try {
  migrate(db)
  await main(db)
} finally {
  db.close()
}
