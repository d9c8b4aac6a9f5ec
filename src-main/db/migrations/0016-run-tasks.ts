import type { Migration } from '../types.ts'

/** What each run turns into what. Sentence scores belong to runs that write sentences: a run that turns out to write glosses loses them. */
export const runTasks: Migration = {
  id: 16,
  name: 'run-tasks',
  up(db) {
    db.exec(`
      ALTER TABLE run ADD COLUMN task TEXT NOT NULL DEFAULT 'S2T'
        CHECK (task IN ('S2T', 'S2G2T', 'S2(G+T)', 'G2T', 'CSLR', 'ISLR'));
      CREATE TRIGGER run_task_scores AFTER UPDATE OF task ON run WHEN new.task <> old.task BEGIN
        DELETE FROM sentence_score WHERE hypothesis_id IN (SELECT id FROM hypothesis WHERE run_id = new.id);
      END;
    `)
  },
}
