import type { Migration } from '../types.ts'

/** Search looks through each different value once and finds its annotations by this index. */
export const annotationValues: Migration = {
  id: 9,
  name: 'annotation-values',
  up(db) {
    db.exec('CREATE INDEX annotation_value ON annotation (value)')
  },
}
