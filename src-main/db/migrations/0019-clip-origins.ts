import type { Migration } from '../types.ts'

/**
 * A clip that came as a file of its own, cut from a longer one. The clip counts the frames of its file; what it was cut
 * from is known by name and content, so that it can be told where it lies there.
 */
const ORIGINS = `
  CREATE TABLE clip_origin (
    clip_id     INTEGER PRIMARY KEY REFERENCES clip (id) ON DELETE CASCADE,
    media_id    INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    -- Where the file of the clip begins in that medium.
    start_ms    INTEGER NOT NULL CHECK (start_ms >= 0),
    first_frame INTEGER NOT NULL CHECK (first_frame >= 0)
  ) STRICT;
  CREATE INDEX clip_origin_media ON clip_origin (media_id);`

export const clipOrigins: Migration = {
  id: 19,
  name: 'clip-origins',
  up(db) {
    db.exec(ORIGINS)
  },
}
