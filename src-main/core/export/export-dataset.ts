import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { SignificanceReport } from '#shared/contract/evaluation.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { Exclusion } from '#shared/contract/rights.ts'
import type { ReportRequest } from '#shared/contract/report.ts'
import { type ExportRequest, ReleaseMetadata } from '#shared/contract/transfer.ts'
import type { ReadDb } from '../../db/types.ts'
import { resolveSelection } from '../clip/selection.ts'
import { readChoice } from '../evaluation/choice.ts'
import { asksForTokenizer, type FindTokenizer, roundTripOf } from '../evaluation/tokenizer-of.ts'
import { listSignificance } from '../evaluation/dataset.queries.ts'
import { findFact } from '../corpus/corpus.queries.ts'
import { judge, type RowRights } from '../rights/gate.ts'
import { readRights, type RightsOfCorpus } from '../rights/rights-of-corpus.ts'
import { corpusCampaigns } from './corpus-campaigns.ts'
import { clipRows, hypothesisRows, type KeptClip } from './corpus-rows.ts'
import { byCodeUnit } from './dataset-rows.ts'
import type { DatasetConsent, DatasetMedia, DatasetRun, EvaluatedDataset } from './dataset.types.ts'
import {
  countLanguages,
  type ExportedMedia,
  type ExportedRun,
  findWorkOfRun,
  type GatedClip,
  listExportedDocumentRatings,
  listExportedMedia,
  listExportedRuns,
  listGatedClips,
} from './export.queries.ts'
import { withoutFolders } from './local-paths.ts'
import type { PseudonymOf } from './pseudonyms.ts'
import { latestTests } from './release-tests.ts'
import { readWritten } from './written-releases.ts'
import { excludedInAll, readImportedRelease, releasedFingerprint } from './imported-release.ts'

export type Request = ExportRequest
export type Generator = EvaluatedDataset['generator']

/** A release that is read while it is written, and the clips that are in it. */
export interface ReadDataset {
  dataset: EvaluatedDataset
  /** By name. */
  clipIds: ReadonlyMap<string, ClipId>
}

/**
 * What a request takes from the corpus: the clips whose signers and licences let them. `db` has to stand still until
 * the release is written: see `openSnapshot`.
 */
export function readDataset(db: ReadDb, request: Request, source: DatasetSource): ReadDataset {
  const rights = readRights(db)
  const { kept, excluded } = gated(db, { request, rights, ...source })
  const name = releaseName(db, request)
  const earlier = readImportedRelease(db)
  const { purpose, withVideo, territory } = request
  const dataset: EvaluatedDataset = {
    ...assembled(db, request, { kept, name, ...source }),
    formats: request.formats,
    interop: request.annotations,
    tasks: request.tasks,
    use: { purpose, withVideo, territory },
    written: readWritten(db, name),
    consents: consentsOf(kept, rights, source.pseudonymOf),
    licences: [...new Set(kept.map(({ clip }) => clip.licence))].flatMap(
      licence => rights.licences.get(licence) ?? [],
    ),
    excluded: earlier?.name === name ? excludedInAll(excluded, earlier.excluded) : excluded,
  }
  // Nobody knows which clips a document is made of: its ratings leave only where no clip has to stay.
  const isWhole = !isBarring(dataset.excluded)
  const runs = dataset.runs.map(run => (isWhole ? run : { ...run, documentRatings: [] }))
  const clipIds = new Map(kept.map(({ clip }) => [clip.name, clip.id]))
  const campaigns = corpusCampaigns({
    db,
    clips: new Set(clipIds.keys()),
    runs: new Set(runs.map(run => run.name)),
    isWhole,
    pseudonymOf: source.pseudonymOf,
  })
  return { dataset: { ...dataset, runs, campaigns }, clipIds }
}

/**
 * Clips and runs to be counted and scored on this machine, whoever is in them. Nothing of a clip may be written from
 * it: consent has not been asked.
 */
export function readEvaluated(
  db: ReadDb,
  { split, ...asked }: ReportRequest,
  source: Pick<DatasetSource, 'generator' | 'findTokenizer'>,
): EvaluatedDataset {
  const kept = listGatedClips(db)
    .filter(clip => split === null || clip.split === split)
    .map(clip => ({ clip, consentId: null }))
    .toSorted(byName)
  const name = findFact(db, 'name') ?? 'Corpus'
  const metadata = ReleaseMetadata.parse({})
  return {
    ...assembled(
      db,
      { ...asked, metadata },
      { kept, name, ...source, pseudonymOf: (_role, person) => person },
    ),
    use: { purpose: 'research', withVideo: false, territory: '' },
    consents: [],
    licences: [],
    excluded: {},
  }
}

type Asked = Pick<Request, 'metadata' | 'runIds' | 'baselineRunId'>

interface Assembly extends Pick<DatasetSource, 'generator' | 'findTokenizer' | 'pseudonymOf'> {
  name: string
  kept: readonly AskedClip[]
}

function assembled(db: ReadDb, { metadata, ...asked }: Asked, { kept, name, ...source }: Assembly) {
  const ids = kept.map(({ clip }) => clip.id)
  const licences = new Set(kept.map(({ clip }) => clip.licence))
  const rows = { db, kept: kept.map(({ clip, consentId }) => ({ id: clip.id, consentId })), ...source }
  const runs = chosenRuns(db, asked)
  return {
    corpus: {
      ...metadata,
      name,
      textLanguage: countLanguages(db, ids)[0]?.language ?? '',
      licence: metadata.licence || (licences.size === 1 ? [...licences][0]! : ''),
    },
    generator: source.generator,
    clips: clipRows(rows),
    campaigns: [],
    media: listExportedMedia(db, ids).map(asMedia).toSorted(byRecordingAndFile),
    runs: runs.map(run => asRun(db, run, rows)),
    ...evaluationOf(db, runs, source.findTokenizer),
    baseline: runs.find(({ id }) => id === asked.baselineRunId)?.name ?? null,
  }
}

/** How the corpus is scored, and what was tested by whichever recipe, with the tokenizer that these ask for. */
function evaluationOf(db: ReadDb, runs: readonly ExportedRun[], findTokenizer: FindTokenizer) {
  const evaluation = readChoice(db)
  const tests = testsOf(db, runs)
  const place = [evaluation, ...tests].some(asksForTokenizer)
    ? findTokenizer(
        db,
        runs.map(({ id }) => id),
      )
    : null
  return { evaluation, tests, ...(place && { roundTrip: roundTripOf(place) }) }
}

/** Tests that a newer program made may ask what this one does not know. */
function testsOf(db: ReadDb, runs: readonly ExportedRun[]) {
  const reports = listSignificance(db).flatMap(
    json => SignificanceReport.safeParse(JSON.parse(json)).data ?? [],
  )
  return latestTests(reports, new Set(runs.map(({ name }) => name)))
}

/** What a release is called where nobody has named it. */
export function releaseName(db: ReadDb, { metadata }: Request): string {
  return metadata.name || (findFact(db, 'name') ?? 'Corpus')
}

interface DatasetSource {
  generator: Generator
  findTokenizer: FindTokenizer
  pseudonymOf: PseudonymOf
  /** Milliseconds since 1970: consents end. */
  at: number
}

interface Gate {
  request: Request
  rights: RightsOfCorpus
  at: number
}

interface AskedClip {
  clip: GatedClip
  /** Null where nobody asked for one. */
  consentId: number | null
}

interface CoveredClip extends AskedClip {
  consentId: number
}

const byName = (a: AskedClip, b: AskedClip) => byCodeUnit(a.clip.name, b.clip.name)

/** The clips that may leave, and how many may not, for each reason. */
function gated(db: ReadDb, { request, rights, at }: Gate) {
  const { selection, split, withFlagged, purpose, withVideo, territory } = request
  const selected = selection.kind === 'all' ? null : new Set(resolveSelection(db, selection))
  const excluded: Partial<Record<Exclusion, number>> = {}
  const kept: CoveredClip[] = []
  const leaveOut = (reason: Exclusion) => (excluded[reason] = (excluded[reason] ?? 0) + 1)
  for (const clip of listGatedClips(db)) {
    const isAsked = (selected?.has(clip.id) ?? true) && (split === null || clip.split === split)
    if (!isAsked) leaveOut('not-selected')
    else if (!withFlagged && clip.state === 'flagged') leaveOut('flagged')
    else {
      const verdict = judge(rightsOf(clip, rights), { purpose, withVideo, territory, at })
      if (verdict.isCovered) kept.push({ clip, consentId: verdict.consentId })
      else leaveOut(verdict.reason)
    }
  }
  return { kept: kept.toSorted(byName), excluded }
}

function rightsOf({ signer, licence, isEdited }: GatedClip, rights: RightsOfCorpus): RowRights {
  return {
    signer,
    consents: signer === null ? [] : (rights.consents.get(signer) ?? []),
    licence,
    terms: rights.licences.get(licence) ?? null,
    isEdited: isEdited === 1,
  }
}

/** The consents that the clips of a release rest on. */
function consentsOf(
  kept: readonly CoveredClip[],
  { consents }: RightsOfCorpus,
  pseudonymOf: PseudonymOf,
): DatasetConsent[] {
  const found = new Map<number, DatasetConsent>()
  for (const { clip, consentId } of kept) {
    const consent = found.has(consentId)
      ? undefined
      : consents.get(clip.signer ?? '')?.find(({ id }) => id === consentId)
    if (clip.signer !== null && consent)
      found.set(consentId, { ...consent, signer: pseudonymOf('signer', clip.signer) })
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id)
}

function asMedia({ path, facts, frameIndex, isAbsent, ...media }: ExportedMedia): DatasetMedia {
  return {
    ...media,
    file: basename(path),
    facts: withoutFolders(JSON.parse(facts)),
    frameIndex: frameIndex.toString('base64'),
    isAbsent: isAbsent === 1,
  }
}

function byRecordingAndFile(a: DatasetMedia, b: DatasetMedia): number {
  return (
    byCodeUnit(a.recording, b.recording) ||
    byCodeUnit(a.file, b.file) ||
    byCodeUnit(a.contentHash, b.contentHash)
  )
}

function chosenRuns(db: ReadDb, { runIds, baselineRunId }: Omit<Asked, 'metadata'>): ExportedRun[] {
  const all = listExportedRuns(db).toSorted((a, b) => byCodeUnit(a.name, b.name))
  const asked = [...(runIds ?? []), ...(baselineRunId === undefined ? [] : [baselineRunId])]
  const missing = asked.find(id => !all.some(run => run.id === id))
  if (missing !== undefined)
    throw new AppError('not-found', `There is no run ${missing}. It may have been removed.`)
  return runIds ? all.filter(run => runIds.includes(run.id)) : all
}

interface Rows {
  db: ReadDb
  kept: readonly KeptClip[]
  pseudonymOf: PseudonymOf
}

function asRun(db: ReadDb, run: ExportedRun, rows: Rows): DatasetRun {
  const manifest = JSON.parse(run.manifest) as Record<string, unknown>
  const { name, kind, task, createdAt, device, warning, clips } = run
  return {
    name,
    kind,
    task,
    createdAt,
    device,
    warning,
    clips,
    parameters: withoutFolders(JSON.parse(run.parameters)),
    work: findWorkOfRun(db, run.id),
    model: {
      name: run.modelName,
      version: run.modelVersion,
      kind: run.modelKind,
      fingerprint: releasedFingerprint(run.fingerprint),
      licence: licencesOf(manifest),
      provenance: withoutFolders(provenanceOf(manifest)),
    },
    documentRatings: documentRatings(db, run.id, rows.pseudonymOf),
    hypotheses: hypothesisRows(rows, run.id),
  }
}

/** Whether somebody's rights keep a clip back. */
function isBarring({
  'not-selected': _asked,
  flagged: _flagged,
  ...barred
}: EvaluatedDataset['excluded']): boolean {
  return Object.keys(barred).length > 0
}

function documentRatings(db: ReadDb, runId: RunId, pseudonymOf: PseudonymOf) {
  return listExportedDocumentRatings(db, runId).map(({ annotator, ...rating }) => ({
    ...rating,
    annotator: pseudonymOf('rater', annotator),
  }))
}

/** What a bundle says of itself, without the shapes of its graphs. */
const PROVENANCE_KEYS = [
  'description',
  'domain',
  'languages',
  'precision',
  'parameters',
  'licences',
  'scores',
  'objectives',
  'repeat',
  'files',
]

function provenanceOf(manifest: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(PROVENANCE_KEYS.flatMap(key => (key in manifest ? [[key, manifest[key]]] : [])))
}

function licencesOf({ licences }: Record<string, unknown>): string | null {
  if (!Array.isArray(licences) || licences.length === 0) return null
  return (licences as { part: string; licence: string }[])
    .map(({ part, licence }) => `${part}: ${licence}`)
    .join('; ')
}
