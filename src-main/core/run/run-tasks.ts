import { AppError } from '#shared/contract/errors.ts'
import type { RunId } from '#shared/contract/ids.ts'
import { writesGlosses } from '#shared/domain/task-type.ts'
import type { ReadDb } from '../../db/types.ts'
import { findRun, type RunRecord } from './run.queries.ts'

export function requireRun(db: ReadDb, runId: RunId): RunRecord {
  const run = findRun(db, runId)
  if (!run) throw new AppError('not-found', `There is no run ${runId}. It may have been removed.`)
  return run
}

/** For what compares outputs with sentences. */
export function requireSentenceRun(db: ReadDb, runId: RunId): RunRecord {
  const run = requireRun(db, runId)
  if (writesGlosses(run.task))
    throw new AppError(
      'invalid-input',
      `The run "${run.name}" (${run.task}) writes glosses, which are not compared with sentences. Its word error rate against glosses is on the Compare screen and in "signwright evaluate".`,
      { details: { run: run.name, task: run.task } },
    )
  return run
}

/** Refuses runs that write glosses beside runs that write sentences: no metric fits both. */
export function assertOneKind(runs: readonly RunRecord[]): void {
  const glosses = runs.find(({ task }) => writesGlosses(task))
  const sentences = runs.find(({ task }) => !writesGlosses(task))
  if (glosses && sentences)
    throw new AppError(
      'invalid-input',
      `The run "${glosses.name}" (${glosses.task}) writes glosses and "${sentences.name}" (${sentences.task}) writes sentences: no metric fits both. Compare each with runs of its own kind.`,
      { details: { runs: [glosses.name, sentences.name] } },
    )
}
