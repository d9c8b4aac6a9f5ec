import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '#shared/contract/errors.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import { LATEST, schemaVersion } from '../../db/migrate.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import { corpusPaths, findCorpusDir } from '../corpus/folder.ts'
import { createRowStore } from '../edit/row-store.ts'
import { allActs } from '../history/history.queries.ts'
import { pastBeforeLast, type Past } from '../history/past.ts'
import { documentOfPast, documentOfRecording, type TierKey } from './merge-document.ts'
import { matchItems } from './match.ts'
import { withReferences } from './merge-references.ts'
import { type MergeDocument, sameFacts } from './merge-types.ts'
import type { Matches } from './three-way.ts'

export interface Copies {
  base: MergeDocument
  ours: MergeDocument
  theirs: MergeDocument
  matches: Matches
  /** When the last common edit was made; null where the two logs have none in common. */
  partedAt: number | null
}

export function isCorpusPath(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** Reads another corpus without changing a byte of it, whoever else has it open. */
export function withCorpus<T>(path: string, read: (db: ReadDb) => T): T {
  const file = corpusPaths(findCorpusDir(path)).database
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const version = schemaVersion(db as unknown as ReadDb)
    if (version !== LATEST)
      throw new AppError(
        'invalid-input',
        `The corpus at ${path} was written by ${version < LATEST ? 'an older' : 'a newer'} version of the program. Open it once with this version, close it, and merge again.`,
        { details: { dir: path } },
      )
    return read(db as unknown as ReadDb)
  } finally {
    db.close()
  }
}

const RECORDING_NAMED = prepared<[string], RecordingId>(`SELECT id FROM recording WHERE name = ?`)

function recordingNamed(db: ReadDb, name: string): RecordingId {
  const id = RECORDING_NAMED(db).pluck().get(name) as RecordingId | undefined
  if (id === undefined)
    throw new AppError(
      'not-found',
      `The other corpus has no recording “${name}”. Give it the same name there.`,
    )
  return id
}

/**
 * Two copies of one corpus share the beginning of their edit logs: where these part is what both began as. Rows that
 * came by an import after that are in no log; what only one walk back finds, or what the two find differently, is no
 * common beginning.
 */
export function copiesOf(db: WriteDb, other: ReadDb, recordingId: RecordingId, name: string): Copies {
  const theirsId = recordingNamed(other, name)
  const common = commonActs(db, other)
  const pasts = [pastOf(db, common.count), pastOf(other, common.count)] as const
  const keyOf = sharedTierKeys(pasts)
  const then = documentOfPast(db, pasts[0], recordingId, keyOf)
  const thenThere = documentOfPast(other, pasts[1], theirsId, keyOf)
  const pairs = pairsOf(then, thenThere, { isOneCorpus: common.count > 0 })
  const names = new Set(thenThere.tiers.map(({ key }) => key))
  const ours = documentOfRecording(db, recordingId, keyOf)
  const theirs = documentOfRecording(other, theirsId, keyOf)
  const copies = {
    base: {
      tiers: then.tiers.filter(({ key }) => names.has(key)),
      items: then.items.filter(({ id }) => pairs.has(id)),
    },
    ours,
    theirs,
    matches: {
      ours: stillThere(new Map([...pairs.keys()].map(id => [id, id])), ours, then),
      theirs: stillThere(pairs, theirs, then),
    },
    partedAt: common.at,
  }
  return withReferences(copies, {
    ours: { db, recordingId, past: pasts[0] },
    theirs: { db: other, recordingId: theirsId, past: pasts[1] },
  })
}

function commonActs(db: ReadDb, other: ReadDb): { count: number; at: number | null } {
  const [ours, theirs] = [allActs(db).reverse(), allActs(other).reverse()]
  const parting = ours.findIndex((act, at) => JSON.stringify(act) !== JSON.stringify(theirs[at]))
  const count = parting < 0 ? ours.length : parting
  return { count, at: ours[count - 1]?.at ?? null }
}

function pastOf(db: ReadDb, acts: number): Past {
  return pastBeforeLast(db, createRowStore(db as WriteDb), allActs(db).length - acts)
}

/** A tier that both copies began with is known by its id, also under a new name; a new one by its name. */
function sharedTierKeys(pasts: readonly [Past, Past]): TierKey {
  return ({ id, name }) => {
    const [here, there] = pasts.map(past => past.find('tier', id))
    const isShared = here && there && here['name'] === there['name']
    return isShared ? String(here['name']) : name
  }
}

/** The same annotation in both, and the same in all it says. */
function pairsOf(
  ours: MergeDocument,
  theirs: MergeDocument,
  { isOneCorpus }: { isOneCorpus: boolean },
): Map<string, string> {
  const there = new Map(theirs.items.map(item => [item.id, item]))
  const sameIds = new Map(ours.items.map(({ id }) => [id, id]))
  const pairs = isOneCorpus ? sameIds : matchItems(ours, theirs, { byId: false })
  const here = new Map(ours.items.map(item => [item.id, item]))
  return new Map(
    [...pairs].filter(([id, otherId]) => {
      const [item, other] = [here.get(id), there.get(otherId)]
      return item && other && other.tier === item.tier && sameFacts(item, other)
    }),
  )
}

/** Without those that were removed since, or taken to another tier, which counts as removed and made anew. */
function stillThere(
  pairs: ReadonlyMap<string, string>,
  copy: MergeDocument,
  base: MergeDocument,
): Map<string, string> {
  const now = new Map(copy.items.map(item => [item.id, item.tier]))
  const then = new Map(base.items.map(item => [item.id, item.tier]))
  return new Map([...pairs].filter(([baseId, id]) => now.get(id) === then.get(baseId)))
}
