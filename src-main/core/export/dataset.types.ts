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
  consent: string
  /** In the order of the corpus; scores use as many of them as every scored clip has. */
  references: readonly DatasetReference[]
}

export interface DatasetRating {
  annotator: string
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

export type ClipFormat = 'jsonl' | 'csv'

/** Everything a release holds; the database fills it, the writers below know nothing of it. */
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
  }
  generator: { name: string; version: string }
  clips: readonly DatasetClip[]
  runs: readonly DatasetRun[]
  /** Clips that are not in the release, and why: no consent, flagged, another split. */
  excluded: readonly { clip: string; reason: string }[]
  metrics?: readonly string[]
  /** How clips are written; JSON Lines holds all of a clip, CSV the flat part. Default: both. */
  formats?: readonly ClipFormat[]
  /** Writes names of annotators and authors as they are, instead of `person-1`, `person-2`. */
  withNames?: boolean
}
