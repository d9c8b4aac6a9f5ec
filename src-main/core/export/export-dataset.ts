import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { ExportRequest } from '#shared/contract/transfer.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { z } from 'zod'
import type { ReadDb } from '../../db/types.ts'
import { findFact } from '../corpus/corpus.queries.ts'
import type { DatasetClip, DatasetReference, DatasetRun, EvaluatedDataset } from './dataset.types.ts'
import {
  type ExportedClip,
  type ExportedRun,
  listExportedClips,
  listExportedHypotheses,
  listExportedRatings,
  listExportedReferences,
  listExportedRuns,
  listExportedVersions,
} from './export.queries.ts'

export type Request = z.infer<typeof ExportRequest>
export type Generator = EvaluatedDataset['generator']

/** What a request takes from the corpus, as one consistent picture of it. */
export function readDataset(db: ReadDb, request: Request, generator: Generator): EvaluatedDataset {
  return db.transaction(() => {
    const all = listExportedClips(db)
    const excluded = all.flatMap(clip => {
      const reason = exclusionOf(clip, request)
      return reason ? [{ clip: clip.name, reason }] : []
    })
    const isOut = new Set(excluded.map(({ clip }) => clip))
    const kept = all.filter(clip => !isOut.has(clip.name))
    const clips = withReferences(db, kept)
    return {
      corpus: {
        name: findFact(db, 'name') ?? 'Corpus',
        textLanguage: mostCommon(clips.flatMap(clip => clip.references.map(({ language }) => language))),
        licence: onlyValue(clips.map(clip => clip.licence)),
      },
      generator,
      formats: request.formats,
      clips,
      runs: chosenRuns(db, request).map(run =>
        withHypotheses(db, run, new Set(kept.map(({ name }) => name))),
      ),
      excluded,
    }
  })()
}

function exclusionOf(clip: ExportedClip, { split, withFlagged }: Request): string | null {
  if (split !== null && clip.split !== split) return 'another split'
  return !withFlagged && clip.state === 'flagged' ? 'flagged' : null
}

function withReferences(db: ReadDb, clips: readonly ExportedClip[]): DatasetClip[] {
  const versions = Map.groupBy(listExportedVersions(db), version => version.referenceId)
  const references = Map.groupBy(listExportedReferences(db), reference => reference.clipId)
  const dated = ({
    id,
    language,
    text,
    source,
  }: {
    id: number
    language: string
    text: string
    source: string
  }): DatasetReference => ({
    language,
    text,
    source,
    versions: (versions.get(id) ?? []).map(({ referenceId: _id, ...version }) => version),
  })
  return clips.map(({ id, path, tags, ...clip }) => ({
    ...clip,
    file: basename(path),
    tags: JSON.parse(tags) as string[],
    references: (references.get(id) ?? []).map(dated),
  }))
}

function chosenRuns(db: ReadDb, { runIds }: Request): ExportedRun[] {
  const runs = listExportedRuns(db)
  if (!runIds) return runs
  const missing = runIds.find(id => !runs.some(run => run.id === id))
  if (missing !== undefined)
    throw new AppError('not-found', `There is no run ${missing}. It may have been removed.`)
  return runs.filter(run => runIds.includes(run.id))
}

function withHypotheses(db: ReadDb, run: ExportedRun, clips: ReadonlySet<string>): DatasetRun {
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
      fingerprint: createHash('sha256').update(run.fingerprint).digest('hex'),
      licence: licencesOf(manifest),
      provenance: provenanceOf(manifest),
    },
    hypotheses: listExportedHypotheses(db, run.id)
      .filter(({ clip }) => clips.has(clip))
      .map(({ id, ...hypothesis }) => ({
        ...hypothesis,
        ratings: (ratings.get(id) ?? []).map(({ hypothesisId: _id, ...rating }) => rating),
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
