import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Sentence } from './long-recording.ts'

/**
 * Adds tiers `Gloss@Ada` and `Gloss@Ben`: Ben leaves out every ninth sign, calls every seventh INDEX and begins some of
 * them 160 ms late. Returns how many signs Ben left out.
 */
export function addAnnotators(corpus: string, sentences: readonly Sentence[]): { missing: number } {
  const db = new Database(join(corpus, 'corpus.sqlite'))
  const signs = sentences.flatMap(sentence => sentence.signs)
  const tier = db.prepare(
    `INSERT INTO tier (recording_id, type_id, name, ordinal, annotator)
     VALUES ((SELECT min(id) FROM recording), (SELECT type_id FROM tier WHERE name = 'Gloss L'), ?, ?, ?)`,
  )
  const insert = db.prepare('INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)')
  db.transaction(() => {
    const ada = tier.run('Gloss@Ada', 8, 'Ada').lastInsertRowid
    const ben = tier.run('Gloss@Ben', 9, 'Ben').lastInsertRowid
    for (const [at, { startMs, endMs, gloss }] of signs.entries()) {
      insert.run(ada, startMs, endMs, gloss)
      if (at % 9 === 8) continue
      insert.run(ben, startMs + (at % 5 === 4 ? 160 : 0), endMs, at % 7 === 6 ? 'INDEX' : gloss)
    }
  })()
  db.close()
  return { missing: signs.filter((_, at) => at % 9 === 8).length }
}
