import type { Migration } from '../types.ts'

/** A clip that was made from an annotation of a tier of sentences knows it, so that the two stay the same sentence. */
export const sentencesOfTiers: Migration = {
  id: 13,
  name: 'sentences-of-tiers',
  up(db) {
    db.exec(`
      ALTER TABLE clip ADD COLUMN annotation_id INTEGER REFERENCES annotation (id) ON DELETE SET NULL;
      CREATE UNIQUE INDEX clip_annotation ON clip (annotation_id) WHERE annotation_id IS NOT NULL;
    `)
  },
}
