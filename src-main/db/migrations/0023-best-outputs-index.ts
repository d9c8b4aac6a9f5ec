import type { Migration } from '../types.ts'

/**
 * Best outputs have a search index of their own, by output. In that of the clips each new one rewrote everything that is
 * known of its clip, which was nineteen twentieths of an import of predictions.
 */
export const bestOutputsIndex: Migration = {
  id: 23,
  name: 'best-outputs-index',
  up(db) {
    db.exec(`
      DROP TRIGGER hypothesis_search_insert;
      DROP TRIGGER hypothesis_search_delete;
      DROP TRIGGER clip_search_insert;
      DROP TABLE clip_search;

      CREATE VIRTUAL TABLE clip_search USING fts5 (name, gloss, reference, tokenize = 'trigram');
      INSERT INTO clip_search (rowid, name, gloss, reference)
        SELECT id, name, gloss,
          (SELECT coalesce(group_concat(text, char(10)), '') FROM reference WHERE clip_id = clip.id)
        FROM clip;
      CREATE TRIGGER clip_search_insert AFTER INSERT ON clip BEGIN
        INSERT INTO clip_search (rowid, name, gloss, reference) VALUES (new.id, new.name, new.gloss, '');
      END;

      CREATE VIEW best_output AS SELECT id, text FROM hypothesis WHERE rank = 0;
      -- The texts themselves stay where they are.
      CREATE VIRTUAL TABLE output_search
        USING fts5 (text, content = 'best_output', content_rowid = 'id', tokenize = 'trigram');
      INSERT INTO output_search (output_search) VALUES ('rebuild');
      CREATE TRIGGER output_search_insert AFTER INSERT ON hypothesis WHEN new.rank = 0 BEGIN
        INSERT INTO output_search (rowid, text) VALUES (new.id, new.text);
      END;
      CREATE TRIGGER output_search_update AFTER UPDATE OF text, rank ON hypothesis BEGIN
        INSERT INTO output_search (output_search, rowid, text) SELECT 'delete', old.id, old.text WHERE old.rank = 0;
        INSERT INTO output_search (rowid, text) SELECT new.id, new.text WHERE new.rank = 0;
      END;
      CREATE TRIGGER output_search_delete AFTER DELETE ON hypothesis WHEN old.rank = 0 BEGIN
        INSERT INTO output_search (output_search, rowid, text) VALUES ('delete', old.id, old.text);
      END;
    `)
  },
}
