import type { Migration } from '../types.ts'

/** What was in the releases of a corpus, so that the next one can say what has changed. */
const RELEASES = `
  CREATE TABLE written_release (
    name     TEXT NOT NULL CHECK (name <> ''),
    version  TEXT NOT NULL CHECK (version <> ''),
    -- JSON: its changelog, the newest entry first.
    changes  TEXT NOT NULL CHECK (json_valid(changes)),
    -- JSON: names of clips with a digest of their references, and names of runs.
    contents TEXT NOT NULL CHECK (json_valid(contents)),
    PRIMARY KEY (name, version)
  ) STRICT;`

export const writtenReleases: Migration = {
  id: 20,
  name: 'written-releases',
  up(db) {
    db.exec(RELEASES)
  },
}
