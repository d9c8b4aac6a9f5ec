import type { Exclusion, Purpose } from '#shared/contract/rights.ts'
import type { NamedLicence, StoredConsent } from '../rights/rights-of-corpus.ts'

/** A text of a clip that people agree on, with every version it had. */
export interface DatasetReference {
  language: string
  text: string
  source: string
  versions: readonly DatasetVersion[]
}

export interface DatasetVersion {
  version: number
  text: string
  source: string
  changedAt: number
  changedBy: string
}

export interface DatasetClip {
  name: string
  split: string
  recording: string
  /** Name of the media file, without folders: paths of one machine are nobody else's business. */
  file: string | null
  contentHash: string | null
  startMs: number
  endMs: number
  firstFrame: number
  lastFrame: number
  signer: string | null
  state: string
  tags: readonly string[]
  gloss: string
  note: string
  licence: string
  /** Of the consent that lets it out; null where nobody asked for one. */
  consentId: number | null
  /** In the order of the corpus; scores use as many of them as every scored clip has. */
  references: readonly DatasetReference[]
}

export interface DatasetRating {
  annotator: string
  protocol: string
  value: number
  ratedAt: number
}

export interface DatasetHypothesis {
  clip: string
  rank: number
  text: string
  /** The model's own score. */
  score: number | null
  ratings: readonly DatasetRating[]
}

/** One run with everything needed to repeat it. */
export interface DatasetRun {
  name: string
  kind: string
  createdAt: number
  device: string | null
  parameters: unknown
  warning: string | null
  model: {
    name: string
    version: string
    kind: string
    /** Hash of the weights and preprocessing. */
    fingerprint: string
    licence: string | null
    /** The bundle's own account of where it comes from. */
    provenance: unknown
  }
  hypotheses: readonly DatasetHypothesis[]
}

export type ClipFormat = 'jsonl' | 'csv' | 'parquet'

/** A consent that lets clips out, under the pseudonym of its signer. */
export interface DatasetConsent extends StoredConsent {
  signer: string
}

/** Everything a release holds, people under their pseudonyms; the database fills it, the writers know nothing of it. */
export interface EvaluatedDataset {
  corpus: {
    name: string
    description?: string
    /** MAJOR.MINOR.PATCH of the release. */
    version?: string
    /** ISO 639-3 of the sign language. */
    signLanguage?: string
    /** BCP 47 of the references. */
    textLanguage: string
    /** SPDX id or URL; empty if nobody has said. */
    licence: string
    homepage?: string
    citation?: string
    creators?: readonly string[]
    publisher?: string
    doi?: string
    /** YYYY-MM-DD. */
    datePublished?: string
  }
  generator: { name: string; version: string }
  use: { purpose: Purpose; withVideo: boolean; territory: string }
  clips: readonly DatasetClip[]
  consents: readonly DatasetConsent[]
  licences: readonly NamedLicence[]
  runs: readonly DatasetRun[]
  /** How many clips of the corpus are not in the release, by reason. Which ones is nobody's business. */
  excluded: Readonly<Partial<Record<Exclusion, number>>>
  metrics?: readonly string[]
  /**
   * How clips are written; JSON Lines holds all of a clip, CSV the flat part, Parquet all of it and the tables of the
   * evaluation. Default: all.
   */
  formats?: readonly ClipFormat[]
}
