import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { MediaId, RecordingId, RunId } from '#shared/contract/ids.ts'
import { PURPOSES } from '#shared/contract/rights.ts'
import { ExportRequest, type ImportIssue, ReleaseMetadata } from '#shared/contract/transfer.ts'
import type { WriteDb } from '../../../db/types.ts'
import type { CorpusContext } from '../../context.ts'
import { setFact } from '../../corpus/corpus.queries.ts'
import { importedFingerprint } from '../../export/imported-release.ts'
import { referencesDigest } from '../../export/references-digest.ts'
import { rememberWritten } from '../../export/written-releases.ts'
import { rememberModel } from '../../run/run.queries.ts'
import { findChoice } from '../../evaluation/choice.queries.ts'
import { saveSignificance } from '../../evaluation/dataset.queries.ts'
import { sha256 } from '../../../formats/sha256.ts'
import { signerId } from '../import.queries.ts'
import { linkVideos } from './link-videos.ts'
import type { Release } from './read-release.ts'
import { writeCampaigns } from './write-campaigns.ts'
import {
  findClipId,
  findRunId,
  insertChoice,
  insertClip,
  insertConsent,
  insertHypothesis,
  insertLicence,
  insertRating,
  insertReference,
  insertRun,
  insertTag,
  insertWork,
  mediaId,
  recordingId,
  setDocumentRatings,
} from './release.queries.ts'

/** Rows that are written in one go: what is there when somebody stops is kept, and the same import goes on after it. */
const BATCH = 500

export interface ReleaseTask {
  signal: AbortSignal
  onProgress: (done: number, total: number) => void
}

/** Writes what a release holds and the corpus lacks. */
export async function writeRelease(
  context: CorpusContext,
  release: Release,
  { signal, onProgress }: ReleaseTask,
): Promise<{ added: number; known: number; issues: ImportIssue[] }> {
  const { db } = context
  const { clips } = release
  const total = clips.length + release.videos.size
  let done = 0
  db.transaction(() => {
    rememberOrigin(db, release)
    writeRights(db, release)
  })()
  const media = db.transaction(() => writeMedia(db, release))()
  let added = 0
  await inBatches(clips, { db, signal }, clip => {
    if (writeClip(db, clip, media)) added += 1
    onProgress(done++, total)
  })
  const issues = await linkVideos(context, release, { signal, onLinked: () => onProgress(done++, total) })
  const runs = db.transaction(() => writeRuns(db, release))()
  await inBatches(release.hypotheses(), { db, signal }, ({ run, clip, tokenIds, ratings, ...output }) => {
    const place = { runId: runs.get(run)!, clipId: findClipId(db, clip)! }
    const tokens = tokenIds && JSON.stringify(tokenIds)
    const id = insertHypothesis(db, { ...place, ...output, tokenIds: tokens })
    if (id !== undefined) for (const rating of ratings) insertRating(db, id, rating)
  })
  db.transaction(() => {
    writeCampaigns(db, release)
    writeEvaluation(db, release, runs)
  })()
  rememberChanges(db, release)
  suggestNext(db, release)
  onProgress(total, total)
  return { added, known: clips.length - added, issues }
}

async function inBatches<T>(
  items: Iterable<T>,
  { db, signal }: { db: WriteDb; signal: AbortSignal },
  write: (item: T, at: number) => void,
): Promise<void> {
  let at = 0
  let batch: T[] = []
  const flush = db.transaction(() => {
    for (const item of batch) write(item, at++)
  })
  for (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    flush()
    batch = []
    await setImmediate()
    signal.throwIfAborted()
  }
  flush()
}

function writeRights(db: WriteDb, { consents, licences }: Release): void {
  const yes = (text: string | undefined) => Number(text === 'true')
  for (const row of consents) {
    const scopes = (row['scope'] ?? '').split(' ')
    const [research, publish, commercial, train] = PURPOSES.map(purpose => Number(scopes.includes(purpose)))
    insertConsent(db, {
      id: Number(row['consent_id']),
      signerId: signerId(db, row['signer_id'] ?? '')!,
      ...{ research: research!, publish: publish!, commercial: commercial!, train: train! },
      faceVisible: yes(row['face_visible']),
      territory: row['territory'] ?? '',
      validUntil: row['valid_until'] ? Date.parse(row['valid_until']) : null,
      evidenceSha256: row['evidence_sha256'] ?? '',
    })
  }
  for (const row of licences)
    insertLicence(db, {
      name: row['license_id'] ?? '',
      holder: row['holder'] ?? '',
      source: row['source'] ?? '',
      attribution: row['attribution'] ?? '',
      shareAlike: yes(row['share_alike']),
      noDerivatives: yes(row['no_derivatives']),
      nonCommercial: yes(row['non_commercial']),
    })
}

const keyOf = (recording: string, file: string | null, contentHash: string | null) =>
  JSON.stringify([recording, file, contentHash])

type MediaPlaces = ReadonlyMap<string, { recordingId: RecordingId; mediaId: MediaId }>

/** The files are not in the release: they are missing here until somebody says where a copy is. */
function writeMedia(db: WriteDb, { dir, media }: Release): MediaPlaces {
  const places = new Map<string, { recordingId: RecordingId; mediaId: MediaId }>()
  for (const { recording, recordingNote, file, facts, frameIndex, isAbsent, ...columns } of media) {
    const place = recordingId(db, { name: recording, note: recordingNote })
    // Files of one name may lie in many folders.
    const folder = columns.contentHash.replaceAll(/[^\da-z]+/gi, '-').slice(-24)
    const id = mediaId(db, {
      ...columns,
      recordingId: place,
      path: join(dir, 'media', folder, file),
      facts: JSON.stringify(facts),
      frameIndex: Buffer.from(frameIndex, 'base64'),
      isAbsent: Number(isAbsent),
    })
    places.set(keyOf(recording, file, columns.contentHash), { recordingId: place, mediaId: id })
  }
  return places
}

/** False where the clip is there already. */
function writeClip(db: WriteDb, clip: Release['clips'][number], media: MediaPlaces): boolean {
  if (findClipId(db, clip.clip) !== undefined) return false
  const { recording, file, contentHash, signer, tags, references } = clip
  const clipId = insertClip(db, {
    name: clip.clip,
    ...media.get(keyOf(recording, file, contentHash))!,
    startMs: clip.startMs,
    endMs: clip.endMs,
    firstFrame: clip.firstFrame,
    lastFrame: clip.lastFrame,
    split: clip.split,
    signerId: signerId(db, signer),
    state: clip.state,
    note: clip.note,
    gloss: clip.gloss,
  })
  for (const tag of tags) insertTag(db, clipId, tag)
  for (const [ordinal, { language, versions }] of references.entries())
    insertReference(db, { clipId, language, ordinal }, versions)
  return true
}

function writeRuns(db: WriteDb, { manifest, documentRatings }: Release): Map<string, RunId> {
  const ids = new Map<string, RunId>()
  for (const { model, work, parameters, ...run } of manifest.runs) {
    const known = findRunId(db, run.name)
    const runId = known ?? writeRun(db, { model, parameters, run })
    ids.set(run.name, runId)
    if (known === undefined && work)
      insertWork(db, {
        title: run.name,
        runId,
        clips: work.clips,
        attempts: work.attempts,
        startedAt: run.createdAt,
        finishedAt: run.createdAt + Math.round(work.seconds * 1000),
      })
    setDocumentRatings(
      db,
      runId,
      documentRatings.filter(rating => rating.run === run.name).map(({ run: _run, ...rating }) => rating),
    )
  }
  return ids
}

/** How the corpus was scored, and what was tested in it. */
function writeEvaluation(
  db: WriteDb,
  { manifest: { evaluation }, tests }: Release,
  runs: ReadonlyMap<string, RunId>,
): void {
  if (evaluation && !findChoice(db))
    insertChoice(db, evaluation.recipe, JSON.stringify(evaluation.normalisers))
  for (const { runs: names, ...test } of tests) {
    const report = JSON.stringify({ ...test, runs: names.map(run => ({ runId: runs.get(run)!, run })) })
    // What it was counted from has other numbers here: it is kept as told, and a new test is computed anew.
    saveSignificance(db, `released:${sha256(report)}`, test.testedAt, report)
  }
}

type ReleasedRun = Release['manifest']['runs'][number]

function writeRun(
  db: WriteDb,
  {
    model,
    parameters,
    run,
  }: Pick<ReleasedRun, 'model' | 'parameters'> & {
    run: Omit<ReleasedRun, 'model' | 'parameters' | 'work'>
  },
): RunId {
  const modelId = rememberModel(db, {
    bundle: '',
    fingerprint: importedFingerprint(model.fingerprint),
    name: model.name,
    version: model.version,
    kind: model.kind,
    manifest: JSON.stringify(model.provenance),
  })
  return insertRun(db, { ...run, modelId, parameters: JSON.stringify(parameters) })
}

/** First of all, so that an import that was stopped is known again; people keep the names they have in the release. */
function rememberOrigin(db: WriteDb, { digest, manifest }: Release): void {
  const { corpus, excluded } = manifest
  setFact(db, 'imported-release', JSON.stringify({ digest, name: corpus.name, excluded }))
}

/** What the next release is held against. */
function rememberChanges(db: WriteDb, { manifest: { corpus, changes, runs }, clips }: Release): void {
  const [own] = changes
  if (!own) return
  const digests = clips.map(({ clip, references }) => [clip, referencesDigest(references)] as const)
  const contents = { clips: Object.fromEntries(digests), runs: runs.map(({ name }) => name) }
  rememberWritten(db, { name: corpus.name, version: own.version, changes, contents })
}

/** The form of the next release starts from what this one was. */
function suggestNext(db: WriteDb, { dir, manifest }: Release): void {
  const { corpus, use } = manifest
  const outDir = join(dirname(dir), `${basename(dir)}-next`)
  const metadata = ReleaseMetadata.strip().parse(corpus)
  setFact(db, 'last-release', JSON.stringify(ExportRequest.parse({ outDir, ...use, metadata })))
}
