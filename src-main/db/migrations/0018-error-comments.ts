import type { Migration } from '../types.ts'

/** What a rater says of an error, beside its severity and category. */
export const errorComments: Migration = {
  id: 18,
  name: 'error-comments',
  up(db) {
    db.exec(`ALTER TABLE error_span ADD COLUMN comment TEXT NOT NULL DEFAULT ''`)
  },
}
