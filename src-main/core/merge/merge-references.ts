import type { ClipId, RecordingId, ReferenceId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Past } from '../history/past.ts'
import type { ReferenceService } from '../reference/reference.service.ts'
import type { Item, MergeDocument, MergeTier } from './merge-types.ts'
import type { Matches, Operation } from './three-way.ts'

/** No tier can be called this. */
const KEY = '\0references'

const TIER: MergeTier = {
  key: KEY,
  name: 'References',
  stereotype: 'none',
  typeName: '',
  parent: null,
  participant: '',
  annotator: '',
  language: '',
}

interface ReferenceRow {
  id: ReferenceId
  clipId: ClipId
  text: string
  startMs: number
  endMs: number
}

// The references of clips that are annotations of a tier are merged with that tier.
const OF_RECORDING = prepared<[RecordingId], ReferenceRow>(
  `SELECT reference.id, clip_id AS clipId, reference.text, clip.start_ms - offset_ms AS startMs, clip.end_ms - offset_ms AS endMs
   FROM reference JOIN clip ON clip.id = clip_id JOIN media ON media.id = clip.media_id
   WHERE clip.recording_id = ? AND clip.annotation_id IS NULL ORDER BY reference.id`,
)

interface Documents {
  base: MergeDocument
  ours: MergeDocument
  theirs: MergeDocument
  matches: Matches
}

interface Sides {
  ours: { db: ReadDb; recordingId: RecordingId; past: Past }
  theirs: { db: ReadDb; recordingId: RecordingId; past: Past }
}

/**
 * Adds the references that both copies began with and still have: where only one side corrected a text, that is taken,
 * and where both did, it is asked. References that were added or removed stay as they are on either side.
 */
export function withReferences<Copy extends Documents>(documents: Copy, { ours, theirs }: Sides): Copy {
  const there = new Map(
    OF_RECORDING(theirs.db)
      .all(theirs.recordingId)
      .map(row => [row.id, row]),
  )
  const shared = OF_RECORDING(ours.db)
    .all(ours.recordingId)
    .flatMap(here => {
      const [other, then, thenThere] = [
        there.get(here.id),
        ours.past.find('reference', here.id),
        theirs.past.find('reference', here.id),
      ]
      const isOne = other && then && thenThere && then['clip_id'] === thenThere['clip_id']
      return isOne && then['text'] === thenThere['text'] ? [{ here, other, base: String(then['text']) }] : []
    })
  if (shared.length === 0) return documents
  const item = ({ id, startMs, endMs }: ReferenceRow, value: string): Item => ({
    id: `${KEY}${id}`,
    tier: KEY,
    parentId: null,
    startMs,
    endMs,
    value,
  })
  const same = shared.map(({ here }) => [`${KEY}${here.id}`, `${KEY}${here.id}`] as const)
  return {
    ...documents,
    base: added(
      documents.base,
      shared.map(({ here, base }) => item(here, base)),
    ),
    ours: added(
      documents.ours,
      shared.map(({ here }) => item(here, here.text)),
    ),
    theirs: added(
      documents.theirs,
      shared.map(({ here, other }) => item(here, other.text)),
    ),
    matches: {
      ours: new Map([...documents.matches.ours, ...same]),
      theirs: new Map([...documents.matches.theirs, ...same]),
    },
  }
}

function added(document: MergeDocument, items: Item[]): MergeDocument {
  return { tiers: [...document.tiers, TIER], items: [...document.items, ...items] }
}

export function withoutReferences(document: MergeDocument): MergeDocument {
  return { ...document, tiers: document.tiers.filter(({ key }) => key !== KEY) }
}

const CLIP_OF = prepared<[ReferenceId], ClipId>('SELECT clip_id FROM reference WHERE id = ?')

/** Each correction is a new version of its reference. Returns the operations that are about tiers. */
export function saveReferences(
  db: ReadDb,
  references: ReferenceService,
  operations: readonly Operation[],
): Operation[] {
  return operations.filter(operation => {
    if (operation.kind !== 'update' || !operation.id.startsWith(KEY)) return true
    const referenceId = Number(operation.id.slice(KEY.length)) as ReferenceId
    const clipId = CLIP_OF(db).pluck().get(referenceId) as ClipId
    references.save({ clipId, referenceId, text: operation.to.value })
    return false
  })
}
