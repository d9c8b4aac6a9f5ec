import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ComparedClip, Comparison, RunScores, TOKENIZERS } from '#shared/contract/run.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CorpusContext } from '../context.ts'
import { findRun } from '../run/run.queries.ts'
import { clipsOfRun, type RunClip, saveSentenceScore, unscoredHypotheses } from './evaluation.queries.ts'
import { chooseTokenizer, scoreClips, type ScoredClip, scoreSentences } from './scorer.ts'

export interface ScoreRequest {
  runId: RunId
  split: string | null
  tokenize: (typeof TOKENIZERS)[number]
  metrics?: string[] | undefined
}

/** Scores of runs and sentences, always against the references as they are now. */
export function createEvaluationService(context: CorpusContext) {
  const { db } = context

  function requireRun(runId: RunId) {
    const run = findRun(db, runId)
    if (!run) throw new AppError('not-found', `There is no run ${runId}. It may have been removed.`)
    return run
  }

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

  function score({ runId, split, tokenize, metrics }: ScoreRequest): RunScores {
    return scoresOf(runId, split, clipsOfRun(db, runId, split), { tokenize, metrics })
  }

  function scoresOf(
    runId: RunId,
    split: string | null,
    clips: readonly RunClip[],
    options: Pick<ScoreRequest, 'tokenize' | 'metrics'>,
  ): RunScores {
    const run = requireRun(runId)
    const { scores, withoutReference } = scoreClips(clips.map(asScored), {
      ...options,
      language: languageOf(clips),
    })
    return { runId, run: run.name, split, clips: clips.length - withoutReference.length, scores }
  }

  /** Only clips that every run has translated: scores over different clips must not stand side by side. */
  function compare({
    runIds,
    split,
    tokenize,
  }: { runIds: RunId[] } & Omit<ScoreRequest, 'runId' | 'metrics'>): Comparison {
    const perRun = runIds.map(runId => (requireRun(runId), clipsOfRun(db, runId, split)))
    const shared = sharedClips(perRun)
    const kept = perRun.map(clips => clips.filter(clip => shared.has(clip.clipId)))
    const all = new Set(perRun.flatMap(clips => clips.map(clip => clip.clipId)))
    return {
      runs: kept.map((clips, at) => scoresOf(runIds[at] as RunId, split, clips, { tokenize })),
      clips: comparedClips(runIds, kept, { tokenize, language: languageOf(kept[0] ?? []) }),
      leftOut: all.size - shared.size,
    }
  }

  return { ensureSentenceScores, score, compare }
}

export type EvaluationService = ReturnType<typeof createEvaluationService>

function asScored(clip: RunClip): ScoredClip<ClipId> {
  return { clip: clip.clipId, hypothesis: clip.text, references: JSON.parse(clip.references) as string[] }
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

function comparedClips(
  runIds: readonly RunId[],
  kept: readonly (readonly RunClip[])[],
  options: { tokenize: ScoreRequest['tokenize']; language: string },
): ComparedClip[] {
  const sentences = kept.map(clips => scoreSentences(clips.map(asScored), options))
  return (kept[0] ?? []).map((clip, row) => {
    const hypotheses = runIds.map((runId, at) => ({
      runId,
      text: kept[at]?.[row]?.text ?? '',
      bleu: sentences[at]?.[row]?.bleu ?? 0,
      chrf: sentences[at]?.[row]?.chrf ?? 0,
    }))
    const delta = (hypotheses.at(-1)?.bleu ?? 0) - (hypotheses[0]?.bleu ?? 0)
    const [reference = ''] = JSON.parse(clip.references) as string[]
    return { clipId: clip.clipId, name: clip.name, split: clip.split, reference, hypotheses, delta }
  })
}
