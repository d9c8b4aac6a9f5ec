import type { EvaluationChoice, SignificanceReport } from '#shared/contract/evaluation.ts'
import type { Exclusion, Purpose } from '#shared/contract/rights.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import type { RoundTrip } from '#main/metrics/recipes/prepare-text.ts'
import type { NamedLicence, StoredConsent } from '../rights/rights-of-corpus.ts'
import type { WrittenRelease } from './release-changes.ts'

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
  /** The same output, put before the same person again to see how steady the judgement is. */
  repeats: readonly { value: number; ratedAt: number }[]
}

/** A judgement of many outputs at once. */
export interface DatasetDocumentRating {
  document: string
  annotator: string
  protocol: string
  value: number
  ratedAt: number
}

/** Outputs put before people, and what they said of them. */
export interface DatasetCampaign {
  name: string
  protocol: string
  seed: number
  showsReference: boolean
  /** Name of the file that its judgements were read from; empty where people judged here. */
  source: string
  createdAt: number
  createdBy: string
  /** In the order of their places; walked more than once. */
  items: Iterable<DatasetItem>
}

export interface DatasetItem {
  place: number
  clip: string
  kind: string
  /** Of the item that a repeat or a check was made from. */
  originPlace: number | null
  outputs: readonly { slot: number; run: string; rank: number; text: string; damage: string | null }[]
  judgements: readonly DatasetJudgement[]
}

export interface DatasetJudgement {
  annotator: string
  startedAt: number
  finishedAt: number | null
  values: readonly { slot: number; value: number | null; spans: readonly DatasetSpan[] }[]
}

/** Code points of the text that was shown, the end not included. */
export interface DatasetSpan {
  startCp: number
  endCp: number
  isMissing: boolean
  severity: string
  category: string | null
  comment: string
}

/** A media file that clips are cut from. */
export interface DatasetMedia {
  recording: string
  recordingNote: string
  /** Without folders. */
  file: string
  role: string
  contentHash: string
  bytes: number
  frames: number
  durationMs: number
  offsetMs: number
  licence: string
  /** Frame rate, picture size and what else was found in the file. */
  facts: unknown
  /** The presentation time stamps of its frames, packed, in base64: with them a copy of the file fits at once. */
  frameIndex: string
  /** There never was a file, only what predictions or features tell of it. */
  isAbsent: boolean
}

export interface DatasetHypothesis {
  clip: string
  rank: number
  text: string
  /** The model's own score. */
  score: number | null
  /** As the model's tokenizer numbers them; null where nobody kept them. */
  tokenIds: readonly number[] | null
  ratings: readonly DatasetRating[]
}

/** One run with everything needed to repeat it. */
export interface DatasetRun {
  name: string
  kind: string
  task: TaskType
  createdAt: number
  device: string | null
  parameters: unknown
  warning: string | null
  /** Clips that it was asked to translate. */
  clips: number
  /** How the job went that made it; null where none did, or where it is forgotten. */
  work: { clips: number; seconds: number; attempts: number } | null
  documentRatings: readonly DatasetDocumentRating[]
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
  /** Best first within a clip, in the order of the clips; walked more than once. */
  hypotheses: Iterable<DatasetHypothesis>
}

/** A test of all pairs of some runs that somebody made, runs by their names. */
export type DatasetTest = Omit<SignificanceReport, 'runs'> & { runs: string[] }

export type InteropFormat = 'eaf' | 'srt' | 'vtt'

/** Of tools that compare or rate the outputs of systems. */
export type TaskFormat = 'wmt' | 'pearmut' | 'appraise'

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
  /** By name, in code units. Walked more than once, one clip after the other: a release may hold more than fits. */
  clips: Iterable<DatasetClip>
  consents: readonly DatasetConsent[]
  licences: readonly NamedLicence[]
  media: readonly DatasetMedia[]
  campaigns: readonly DatasetCampaign[]
  /** By name, in code units. */
  runs: readonly DatasetRun[]
  /** Name of the run that the others are tested against; the one made first unless stated. */
  baseline?: string | null
  /** How the corpus is scored, besides by sacreBLEU. */
  evaluation: EvaluationChoice
  /** The tokenizer that references go through where the recipe asks for one; none where it is not at hand. */
  roundTrip?: RoundTrip | undefined
  /** The latest of each question. Those that were made over other sentences stay behind. */
  tests: readonly DatasetTest[]
  /** How many clips of the corpus are not in the release, by reason. Which ones is nobody's business. */
  excluded: Readonly<Partial<Record<Exclusion, number>>>
  /** Releases of the same name that were written before. */
  written?: readonly WrittenRelease[]
  metrics?: readonly string[]
  /**
   * How clips are written; JSON Lines holds all of a clip, CSV the flat part, Parquet all of it and the tables of the
   * evaluation. Default: all.
   */
  formats?: readonly ClipFormat[]
  /** Annotation files that go along, one a recording. */
  interop?: readonly InteropFormat[]
  /** Outputs for shared tasks and rating tools. */
  tasks?: readonly TaskFormat[]
}
