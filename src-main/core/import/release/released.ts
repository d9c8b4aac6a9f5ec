import { z } from 'zod'
import { EvaluationChoice, SignificanceReport } from '#shared/contract/evaluation.ts'
import { EXCLUSIONS, Purpose } from '#shared/contract/rights.ts'
import { ReleaseChange } from '../../export/release-changes.ts'
import { TASK_TYPES } from '#shared/domain/task-type.ts'

/** Moments are written as ISO 8601 and kept as milliseconds since 1970. */
const moment = z.iso.datetime().transform(text => Date.parse(text))
const states = ['new', 'seen', 'accepted', 'corrected', 'flagged'] as const

/** A line of `data/clips.jsonl`. */
export const ReleasedClip = z.object({
  clip: z.string().min(1),
  split: z.string(),
  recording: z.string().min(1),
  file: z.string().nullable(),
  contentHash: z.string().nullable(),
  startMs: z.int(),
  endMs: z.int(),
  firstFrame: z.int(),
  lastFrame: z.int(),
  signer: z.string().nullable(),
  state: z.enum(states),
  tags: z.array(z.string()),
  gloss: z.string(),
  note: z.string(),
  licence: z.string(),
  consentId: z.int().nullable(),
  references: z.array(
    z.object({
      language: z.string(),
      text: z.string(),
      source: z.string(),
      versions: z
        .array(
          z.object({
            version: z.int(),
            text: z.string(),
            source: z.string(),
            changedAt: moment,
            changedBy: z.string(),
          }),
        )
        .min(1),
    }),
  ),
})

/** A line of `data/media.jsonl`. */
export const ReleasedMedia = z.object({
  recording: z.string().min(1),
  recordingNote: z.string(),
  file: z.string(),
  role: z.enum(['video', 'audio', 'frames']),
  contentHash: z.string(),
  bytes: z.int(),
  frames: z.int(),
  durationMs: z.int(),
  offsetMs: z.int(),
  licence: z.string(),
  isAbsent: z.boolean(),
  facts: z.record(z.string(), z.unknown()),
  frameIndex: z.base64(),
})

const judgement = {
  annotator: z.string(),
  protocol: z.string().min(1),
  value: z.int().min(0).max(100),
  ratedAt: moment,
}

/** A line of `hypotheses.jsonl`. */
export const ReleasedHypothesis = z.object({
  run: z.string(),
  clip: z.string(),
  rank: z.int().min(0),
  text: z.string(),
  score: z.number().nullable(),
  tokenIds: z.array(z.int()).nullable().default(null),
  ratings: z.array(
    z.object({
      ...judgement,
      repeats: z.array(z.object({ value: z.int().min(0).max(100), ratedAt: moment })).default([]),
    }),
  ),
})

/** A line of `document-ratings.jsonl`. */
export const ReleasedDocumentRating = z.object({ run: z.string(), document: z.string().min(1), ...judgement })

/** A line of `campaigns.jsonl`. */
export const ReleasedCampaign = z.object({
  name: z.string().min(1),
  protocol: z.string(),
  seed: z.int(),
  showsReference: z.boolean(),
  source: z.string(),
  createdAt: moment,
  createdBy: z.string(),
})

const ReleasedSpan = z.object({
  startCp: z.int(),
  endCp: z.int(),
  isMissing: z.boolean(),
  severity: z.string(),
  category: z.string().nullable(),
  // Releases of before comments have none.
  comment: z.string().default(''),
})

/** A line of `judgements.jsonl`. */
export const ReleasedItem = z.object({
  campaign: z.string(),
  place: z.int(),
  clip: z.string(),
  kind: z.string(),
  originPlace: z.int().nullable(),
  outputs: z.array(
    z.object({
      slot: z.int(),
      run: z.string(),
      rank: z.int(),
      text: z.string(),
      damage: z.string().nullable(),
    }),
  ),
  judgements: z.array(
    z.object({
      annotator: z.string(),
      startedAt: moment,
      finishedAt: moment.nullable(),
      values: z.array(
        z.object({ slot: z.int(), value: z.number().nullable(), spans: z.array(ReleasedSpan) }),
      ),
    }),
  ),
})

/** Tests of all pairs, as `eval/pairwise_tests.json` has them. */
export const ReleasedTests = z.array(
  SignificanceReport.omit({ runs: true, testedAt: true }).extend({
    testedAt: moment,
    runs: z.array(z.string()),
  }),
)

/** What is read of `manifest.json`. */
export const ReleaseManifest = z.object({
  formatVersion: z.literal(2, { error: 'was written by another version of the program' }),
  corpus: z.record(z.string(), z.unknown()).and(z.object({ name: z.string() })),
  use: z.object({ purpose: Purpose, withVideo: z.boolean(), territory: z.string() }),
  excluded: z.partialRecord(z.enum(EXCLUSIONS), z.int()),
  /** Releases of earlier programs have none: they were scored by sacreBLEU alone. */
  evaluation: EvaluationChoice.nullable().default(null),
  /** Releases of earlier programs have none. */
  changes: z.array(ReleaseChange).default([]),
  runs: z.array(
    z.object({
      name: z.string().min(1),
      kind: z.string(),
      // Releases of before task types hold translations.
      task: z.enum(TASK_TYPES).default('S2T'),
      createdAt: moment,
      device: z.string().nullable(),
      parameters: z.unknown(),
      warning: z.string().nullable(),
      clips: z.int(),
      work: z.object({ clips: z.number(), seconds: z.number(), attempts: z.int() }).nullable(),
      model: z.object({
        name: z.string(),
        version: z.string(),
        kind: z.string(),
        fingerprint: z.string(),
        provenance: z.record(z.string(), z.unknown()),
      }),
    }),
  ),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
})
