import { basename } from 'node:path'
import type { ExportRequest } from '#shared/contract/transfer.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Exclusion } from '#shared/contract/rights.ts'
import type { PseudonymOf } from './pseudonyms.ts'
import type { ReadDb } from '../../db/types.ts'
import { findFact } from '../corpus/corpus.queries.ts'
import { resolveSelection } from '../clip/selection.ts'
import { judge, type RowRights } from '../rights/gate.ts'
import { readRights, type RightsOfCorpus } from '../rights/rights-of-corpus.ts'
import type {
  DatasetClip,
  DatasetConsent,
  DatasetReference,
  DatasetRun,
  EvaluatedDataset,
} from './dataset.types.ts'
import {
  type ExportedClip,
  type ExportedReference,
  type ExportedRun,
  listExportedClips,
  listExportedHypotheses,
  listExportedRatings,
  listExportedReferences,
  listExportedRuns,
  listExportedVersions,
} from './export.queries.ts'
import { sha256 } from '../../formats/sha256.ts'

export type Request = ExportRequest
export type Generator = EvaluatedDataset['generator']

/** What a request takes from the corpus, as one consistent picture of it. */
export function readDataset(db: ReadDb, request: Request, source: DatasetSource): EvaluatedDataset {
  return db.transaction(() => {
    const rights = readRights(db)
    const read: Reading = { request, rights, ...source }
    const { kept, excluded } = gated(db, read)
    const clips = kept.map(({ clip, consentId }) => asClip(clip, consentId, read))
    const names = new Set(clips.map(({ name }) => name))
    const { metadata, purpose, withVideo, territory } = request
    return {
      corpus: {
        ...metadata,
        name: releaseName(db, request),
        textLanguage: mostCommon(clips.flatMap(clip => clip.references.map(({ language }) => language))),
        licence: metadata.licence || onlyValue(clips.map(clip => clip.licence)),
      },
      generator: source.generator,
      formats: request.formats,
      use: { purpose, withVideo, territory },
      clips,
      consents: consentsOf(clips, kept, read),
      licences: [...new Set(clips.map(({ licence }) => licence))].flatMap(
        name => rights.licences.get(name) ?? [],
      ),
      runs: chosenRuns(db, request).map(run => withHypotheses(db, run, names, source.pseudonymOf)),
      excluded,
    }
  })()
}

/** What a release is called where nobody has named it. */
export function releaseName(db: ReadDb, { metadata }: Request): string {
  return metadata.name || (findFact(db, 'name') ?? 'Corpus')
}

interface DatasetSource {
  generator: Generator
  pseudonymOf: PseudonymOf
  /** Milliseconds since 1970: consents end. */
  at: number
}

interface Reading extends DatasetSource {
  request: Request
  rights: RightsOfCorpus
}

interface KeptClip {
  clip: ClipWithReferences
  consentId: number
}

/** The clips that may leave, and how many may not, for each reason. */
function gated(db: ReadDb, { request, rights, at }: Reading) {
  const { selection, split, withFlagged, purpose, withVideo, territory } = request
  const selected = selection.kind === 'all' ? null : new Set(resolveSelection(db, selection))
  const excluded: Partial<Record<Exclusion, number>> = {}
  const kept: KeptClip[] = []
  const leaveOut = (reason: Exclusion) => (excluded[reason] = (excluded[reason] ?? 0) + 1)
  for (const clip of withReferences(db, listExportedClips(db))) {
    const isAsked = (selected?.has(clip.id) ?? true) && (split === null || clip.split === split)
    if (!isAsked) leaveOut('not-selected')
    else if (!withFlagged && clip.state === 'flagged') leaveOut('flagged')
    else {
      const verdict = judge(rightsOf(clip, rights), { purpose, withVideo, territory, at })
      if (verdict.isCovered) kept.push({ clip, consentId: verdict.consentId })
      else leaveOut(verdict.reason)
    }
  }
  return { kept, excluded }
}

function rightsOf({ signer, licence, references }: ClipWithReferences, rights: RightsOfCorpus): RowRights {
  return {
    signer,
    consents: signer === null ? [] : (rights.consents.get(signer) ?? []),
    licence,
    terms: rights.licences.get(licence) ?? null,
    isEdited: references.some(({ versions }) => versions.length > 1),
  }
}

function asClip(clip: ClipWithReferences, consentId: number, { pseudonymOf }: Reading): DatasetClip {
  const { id: _id, path, tags, signer, references, ...facts } = clip
  return {
    ...facts,
    signer: signer === null ? null : pseudonymOf('signer', signer),
    file: basename(path),
    tags: JSON.parse(tags) as string[],
    consentId,
    references: references.map(reference => ({
      ...reference,
      versions: reference.versions.map(version => ({
        ...version,
        changedBy: pseudonymOf('annotator', version.changedBy),
      })),
    })),
  }
}

/** The consents that the clips of a release rest on. */
function consentsOf(
  clips: readonly DatasetClip[],
  kept: readonly KeptClip[],
  { rights }: Reading,
): DatasetConsent[] {
  const found = new Map<number, DatasetConsent>()
  for (const [i, { clip, consentId }] of kept.entries()) {
    const signer = clips[i]!.signer
    const consent = rights.consents.get(clip.signer ?? '')?.find(({ id }) => id === consentId)
    if (signer !== null && consent) found.set(consentId, { ...consent, signer })
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id)
}

type ClipWithReferences = ExportedClip & { references: DatasetReference[] }

function withReferences(db: ReadDb, clips: readonly ExportedClip[]): ClipWithReferences[] {
  const versions = Map.groupBy(listExportedVersions(db), version => version.referenceId)
  const references = Map.groupBy(listExportedReferences(db), reference => reference.clipId)
  const dated = ({ id, clipId: _clipId, ...reference }: ExportedReference): DatasetReference => ({
    ...reference,
    versions: (versions.get(id) ?? []).map(({ referenceId: _id, ...version }) => version),
  })
  return clips.map(clip => ({ ...clip, references: (references.get(clip.id) ?? []).map(dated) }))
}

function chosenRuns(db: ReadDb, { runIds }: Request): ExportedRun[] {
  const runs = listExportedRuns(db)
  if (!runIds) return runs
  const missing = runIds.find(id => !runs.some(run => run.id === id))
  if (missing !== undefined)
    throw new AppError('not-found', `There is no run ${missing}. It may have been removed.`)
  return runs.filter(run => runIds.includes(run.id))
}

function withHypotheses(
  db: ReadDb,
  run: ExportedRun,
  clips: ReadonlySet<string>,
  pseudonymOf: PseudonymOf,
): DatasetRun {
  const ratings = Map.groupBy(listExportedRatings(db, run.id), rating => rating.hypothesisId)
  const manifest = JSON.parse(run.manifest) as Record<string, unknown>
  const { name, kind, createdAt, device, warning } = run
  return {
    name,
    kind,
    createdAt,
    device,
    warning,
    parameters: JSON.parse(run.parameters) as unknown,
    model: {
      name: run.modelName,
      version: run.modelVersion,
      kind: run.modelKind,
      fingerprint: sha256(run.fingerprint),
      licence: licencesOf(manifest),
      provenance: provenanceOf(manifest),
    },
    hypotheses: listExportedHypotheses(db, run.id)
      .filter(({ clip }) => clips.has(clip))
      .map(({ id, ...hypothesis }) => ({
        ...hypothesis,
        ratings: (ratings.get(id) ?? []).map(({ hypothesisId: _id, annotator, ...rating }) => ({
          ...rating,
          annotator: pseudonymOf('rater', annotator),
        })),
      })),
  }
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

function mostCommon(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}

/** The licence of the whole, where all parts have the same. */
function onlyValue(values: readonly string[]): string {
  const different = new Set(values)
  return different.size === 1 ? (values[0] ?? '') : ''
}
