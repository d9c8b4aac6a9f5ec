import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import type { ExplainedWord, Explanation } from '#shared/contract/run.ts'
import { frameCount, timeOf } from '#shared/domain/frame-index.ts'
import {
  framesOfToken,
  peakFrame,
  type VisualGeometry,
  weightsOverFrames,
} from '#shared/domain/visual-tokens.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import type { TranslateResult } from '../../engine/client.ts'
import type { CorpusContext } from '../context.ts'
import { clipFrameIndex } from '../media/clip-frame-index.ts'
import { ctcReading } from './ctc-reading.ts'
import { type ExplanationRecord, findExplanation, saveAttention, saveReading } from './explanation.queries.ts'

/** As much as a lane can show; a longer clip has bins of several frames. */
const MOST_BINS = 400

function reasonFor(kind: string): 'imported' | 'glosses' | 'earlier' {
  if (kind === 'gloss-to-text') return 'glosses'
  return kind === 'imported' ? 'imported' : 'earlier'
}

interface StoredWord {
  from: number
  to: number
  firstToken: number
  lastToken: number
}

type Outcome = Pick<TranslateResult, 'hypotheses' | 'geometry' | 'pseudoGlosses'>

/** Keeps what explains the hypotheses of a clip, which have to be stored already. */
export function saveExplanation(
  db: WriteDb,
  at: { runId: RunId; clipId: ClipId; firstFrame: number },
  { hypotheses, geometry, pseudoGlosses }: Outcome,
): void {
  saveReading(db, {
    layout: 'joint',
    ...at,
    ...geometry,
    nearest: JSON.stringify(pseudoGlosses.map(({ pieces }) => pieces)),
  })
  for (const [rank, { words, tokens, attention }] of hypotheses.entries()) {
    if (attention.length === 0) continue
    const weights = new Uint8Array(new Float16Array(attention).buffer)
    const { runId, clipId } = at
    saveAttention(db, {
      runId,
      clipId,
      rank,
      words: JSON.stringify(words),
      tokens: tokens.length - 1,
      weights,
    })
  }
}

export function createExplanationService({ db }: CorpusContext) {
  return { explanation: (hypothesisId: HypothesisId): Explanation => explanation(db, hypothesisId) }
}

function explanation(db: ReadDb, hypothesisId: HypothesisId): Explanation {
  const record = findExplanation(db, hypothesisId)
  if (!record)
    throw new AppError(
      'not-found',
      `There is no hypothesis ${hypothesisId}. Its run may have been removed or repeated.`,
    )
  if (!isStored(record))
    return ctcReading(db, { hypothesisId, ...record }) ?? { kind: reasonFor(record.kind), hypothesisId }
  const index = clipFrameIndex(db, record.clipId)
  if (record.firstFrame + record.frames > frameCount(index)) return { kind: 'changed', hypothesisId }

  const { firstFrame } = record
  const timeAt = (frame: number) => timeOf(index, firstFrame + frame)
  const perBin = Math.ceil(record.frames / MOST_BINS)
  const bins = Math.ceil(record.frames / perBin)
  const edges = Array.from({ length: bins + 1 }, (_, bin) => timeAt(Math.min(record.frames, bin * perBin)))
  const nearest = JSON.parse(record.nearest) as string[][]
  return {
    kind: 'attention',
    hypothesisId,
    binEdgesMs: edges,
    words: explainedWords(record, { perBin, bins, timeAt }),
    visualTokens: nearest.map((pieces, token) => {
      const { first, last, stream } = framesOfToken(token, record)
      return {
        startMs: Math.round(timeAt(first)),
        endMs: Math.round(timeAt(last + 1)),
        stream,
        nearest: pieces,
      }
    }),
  }
}

type Stored = ExplanationRecord &
  VisualGeometry & { [Field in StoredField]: NonNullable<ExplanationRecord[Field]> }
type StoredField = 'layout' | 'words' | 'tokens' | 'weights' | 'firstFrame' | 'nearest'

function isStored(record: ExplanationRecord): record is Stored {
  return record.weights !== null && record.frames !== null
}

interface Bins {
  perBin: number
  bins: number
  timeAt: (frame: number) => number
}

function explainedWords(record: Stored, { perBin, bins, timeAt }: Bins): ExplainedWord[] {
  const weights = new Float16Array(new Uint8Array(record.weights).buffer)
  const sources = weights.length / record.tokens
  return (JSON.parse(record.words) as StoredWord[]).map(word => {
    const curve = weightsOverFrames(meanRow(weights, sources, word), record)
    const binned = Array.from({ length: bins }, (_, bin) =>
      curve.subarray(bin * perBin, (bin + 1) * perBin).reduce((sum, value) => sum + value, 0),
    )
    return {
      ...word,
      weights: binned.map(value => Number(value.toFixed(5))),
      peakMs: Math.round(timeAt(peakFrame(curve))),
    }
  })
}

/** Mean of the rows of a word's tokens. */
function meanRow(weights: Float16Array, sources: number, word: StoredWord): Float64Array {
  const mean = new Float64Array(sources)
  const tokens = word.lastToken - word.firstToken + 1
  for (let token = word.firstToken; token <= word.lastToken; token += 1)
    for (let source = 0; source < sources; source += 1)
      mean[source] = (mean[source] ?? 0) + (weights[token * sources + source] ?? 0) / tokens
  return mean
}
