import type { Migration } from '../types.ts'

/** How a vocabulary entry is typed and shown was kept beside each window; it is the team's, and goes with the corpus. */
export const entryLooks: Migration = {
  id: 7,
  name: 'entry-looks',
  up(db) {
    db.exec(`
      ALTER TABLE vocabulary_entry ADD COLUMN look TEXT CHECK (look IS NULL OR json_valid(look));
    `)
  },
}
