import type { Migration } from '../types.ts'

/**
 * What search reads instead of rows: each different text once, and of each tier four columns of numbers. Both are
 * made from `annotation` when a search needs them; a change of a tier takes its columns away.
 */
export const searchIndex: Migration = {
  id: 22,
  name: 'search-index',
  up(db) {
    db.exec(`
      DROP INDEX annotation_value;

      -- Numbered from 0 without gaps; a text that no annotation has any more stays.
      CREATE TABLE search_text (
        id   INTEGER PRIMARY KEY,
        text TEXT NOT NULL
      ) STRICT;

      CREATE TABLE search_tier (
        tier_id INTEGER PRIMARY KEY REFERENCES tier (id) ON DELETE CASCADE,
        -- Of each annotation, in the order of start, end and id, as little-endian 32-bit integers: number of its text.
        texts   BLOB NOT NULL,
        -- One column after the other as 64-bit floats, which hold every integer that a time or an id can be: id, start, end.
        spans   BLOB NOT NULL CHECK (length(spans) = 6 * length(texts))
      ) STRICT;

      CREATE TRIGGER search_tier_insert AFTER INSERT ON annotation BEGIN
        DELETE FROM search_tier WHERE tier_id = new.tier_id;
      END;
      CREATE TRIGGER search_tier_update AFTER UPDATE OF tier_id, start_ms, end_ms, value ON annotation BEGIN
        DELETE FROM search_tier WHERE tier_id IN (old.tier_id, new.tier_id);
      END;
      CREATE TRIGGER search_tier_delete AFTER DELETE ON annotation BEGIN
        DELETE FROM search_tier WHERE tier_id = old.tier_id;
      END;
    `)
  },
}
