import type { Migration } from '../types.ts'

/** What signers have consented to, and the terms of the licences that media name. */
export const rights: Migration = {
  id: 8,
  name: 'rights',
  up(db) {
    db.exec(`
      CREATE TABLE consent (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        signer_id       INTEGER NOT NULL REFERENCES signer (id) ON DELETE CASCADE,
        research        INTEGER NOT NULL CHECK (research IN (0, 1)),
        publish         INTEGER NOT NULL CHECK (publish IN (0, 1)),
        commercial      INTEGER NOT NULL CHECK (commercial IN (0, 1)),
        train           INTEGER NOT NULL CHECK (train IN (0, 1)),
        face_visible    INTEGER NOT NULL CHECK (face_visible IN (0, 1)),
        -- Codes of countries or regions with spaces between; empty: everywhere.
        territory       TEXT    NOT NULL DEFAULT '',
        valid_until     INTEGER,
        withdrawn_at    INTEGER,
        evidence_file   TEXT    NOT NULL DEFAULT '',
        evidence_sha256 TEXT    NOT NULL DEFAULT '',
        note            TEXT    NOT NULL DEFAULT ''
      ) STRICT;

      CREATE INDEX consent_signer ON consent (signer_id);

      CREATE TABLE licence (
        id             INTEGER PRIMARY KEY AUTOINCREMENT,
        -- What media.licence says: an SPDX id or an address.
        name           TEXT    NOT NULL UNIQUE CHECK (name <> ''),
        holder         TEXT    NOT NULL DEFAULT '',
        source         TEXT    NOT NULL DEFAULT '',
        attribution    TEXT    NOT NULL DEFAULT '',
        share_alike    INTEGER NOT NULL DEFAULT 0 CHECK (share_alike IN (0, 1)),
        no_derivatives INTEGER NOT NULL DEFAULT 0 CHECK (no_derivatives IN (0, 1)),
        non_commercial INTEGER NOT NULL DEFAULT 0 CHECK (non_commercial IN (0, 1))
      ) STRICT;
    `)
  },
}
