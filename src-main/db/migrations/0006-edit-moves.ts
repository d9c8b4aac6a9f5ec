import type { Migration } from '../types.ts'

/**
 * Undoing and doing again were not dated, so that nobody could say what the corpus held at a moment in between. Of those
 * made before, only the latest possible moment is known: an edit that is out of reach was undone before the next one
 * that is not, all others before the newest edit or right after it.
 */
export const editMoves: Migration = {
  id: 6,
  name: 'edit-moves',
  up(db) {
    db.exec(`
      CREATE TABLE edit_move (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        edit_id  INTEGER NOT NULL REFERENCES edit (id),
        -- The newest edit at that moment: it puts edits and moves into one order, whatever the clock said.
        after_id INTEGER NOT NULL,
        at       INTEGER NOT NULL,
        author   TEXT    NOT NULL,
        is_undo  INTEGER NOT NULL CHECK (is_undo IN (0, 1))
      ) STRICT;
      CREATE INDEX edit_move_edit ON edit_move (edit_id);
      CREATE INDEX edit_move_order ON edit_move (after_id, id);

      INSERT INTO edit_move (edit_id, after_id, at, author, is_undo)
      SELECT undone.id, ifnull(next.id - 1, last.id), ifnull(next.at, last.at), undone.author, 1
      FROM edit AS undone
      JOIN edit AS last ON last.id = (SELECT max(id) FROM edit)
      LEFT JOIN edit AS next ON undone.state = 'dropped' AND next.id =
        (SELECT min(id) FROM edit AS kept WHERE kept.id > undone.id AND kept.state <> 'dropped')
      WHERE undone.state IN ('undone', 'dropped')
      ORDER BY undone.id DESC;
    `)
  },
}
