import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { Comparison, RunScores, TOKENIZERS } from '#shared/contract/run.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { GlossCleanup } from '#shared/domain/gloss-cleanup.ts'
import { writesGlosses } from '#shared/domain/task-type.ts'
import type { CorpusContext } from '../context.ts'
import type { RunRecord } from '../run/run.queries.ts'
import { assertOneKind, requireRun } from '../run/run-tasks.ts'
import {
  clipsOfRun,
  glossClipsOfRun,
  listAnnotatedTiers,
  type RunClip,
  saveSentenceScore,
  unscoredHypotheses,
} from './evaluation.queries.ts'
import { chooseTokenizer, scoreClips, type ScoredClip, scoreSentences } from './scorer.ts'

export interface ScoreRequest {
  runId: RunId
  split: string | null
  tokenize: (typeof TOKENIZERS)[number]
  /** Where the run writes glosses: the tiers that they are compared with. */
  glossTier?: string | null
  cleanup?: GlossCleanup
  metrics?: string[] | undefined
}

/** Levenshtein's costs, and sclite's as in neccam/slt. */
const GLOSS_METRICS = ['wer', 'wer-sclite']

/** Scores of runs and sentences, always against the references as they are now. */
export function createEvaluationService(context: CorpusContext) {
  const { db } = context

  /** Scores what has no sentence score yet; cheap where nothing changed. */
  function ensureSentenceScores(clipIds: readonly ClipId[]): void {
    const unscored = unscoredHypotheses(db, clipIds)
    if (unscored.length === 0) return
    db.transaction(() => {
      for (const row of unscored) {
        const tokenizer = chooseTokenizer({ language: row.language })
        const scored = {
          clip: row.clipId,
          hypothesis: row.text,
          references: JSON.parse(row.references) as string[],
        }
        const [score] = scoreSentences([scored], { tokenize: tokenizer })
        if (score) saveSentenceScore(db, { ...row, tokenizer, bleu: score.bleu, chrf: score.chrf })
      }
    })()
  }

  function clipsOf(run: RunRecord, { split, glossTier = null }: Pick<ScoreRequest, 'split' | 'glossTier'>) {
    return writesGlosses(run.task)
      ? glossClipsOfRun(db, { runId: run.id, split, tier: glossTier })
      : clipsOfRun(db, run.id, split)
  }

  function score(request: ScoreRequest): RunScores {
    const run = requireRun(db, request.runId)
    return scoresOf(run, clipsOf(run, request), request)
  }

  /** Only clips that every run has translated: scores over different clips must not stand side by side. */
  function compare(request: { runIds: RunId[] } & Omit<ScoreRequest, 'runId' | 'metrics'>): Comparison {
    const runs = request.runIds.map(runId => requireRun(db, runId))
    assertOneKind(runs)
    const perRun = runs.map(run => clipsOf(run, request))
    const shared = sharedClips(perRun)
    const kept = perRun.map(clips => clips.filter(clip => shared.has(clip.clipId)))
    const all = new Set(perRun.flatMap(clips => clips.map(clip => clip.clipId)))
    return {
      runs: runs.map((run, at) => scoresOf(run, kept[at] ?? [], request)),
      leftOut: all.size - shared.size,
    }
  }

  return { ensureSentenceScores, glossTiers: () => listAnnotatedTiers(db), score, compare }
}

function asScored(clip: RunClip): ScoredClip<ClipId> {
  return { clip: clip.clipId, hypothesis: clip.text, references: JSON.parse(clip.references) as string[] }
}

function scoresOf(
  { id: runId, name, task }: RunRecord,
  clips: readonly RunClip[],
  {
    split,
    tokenize,
    metrics,
    cleanup = 'none',
  }: Pick<ScoreRequest, 'split' | 'tokenize' | 'metrics' | 'cleanup'>,
): RunScores {
  const { scores, withoutReference } = writesGlosses(task)
    ? scoreClips(clips.map(asScored), { metrics: glossMetrics(metrics), tokenize: 'none', cleanup })
    : scoreClips(clips.map(asScored), { metrics, tokenize, language: languageOf(clips) })
  return { runId, run: name, task, split, clips: clips.length - withoutReference.length, scores }
}

function glossMetrics(wanted: readonly string[] = GLOSS_METRICS): readonly string[] {
  const unfit = wanted.find(name => !GLOSS_METRICS.includes(name.toLowerCase()))
  if (unfit === undefined) return wanted
  throw new AppError(
    'invalid-input',
    `${unfit} compares sentences, and this run writes glosses. Score it by ${GLOSS_METRICS.join(' or ')}.`,
    { details: { metric: unfit } },
  )
}

/** The language most clips are in; a corpus of mixed languages is scored with that one's tokenizer. */
function languageOf(clips: readonly RunClip[]): string {
  const counts = new Map<string, number>()
  for (const { language } of clips) counts.set(language, (counts.get(language) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

function sharedClips(perRun: readonly (readonly RunClip[])[]): Set<ClipId> {
  const hasReference = (clip: RunClip) => clip.references !== '[]'
  const sets = perRun.map(clips => new Set(clips.filter(hasReference).map(clip => clip.clipId)))
  return sets.reduce((left, right) => left.intersection(right))
}
