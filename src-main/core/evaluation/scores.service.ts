import type {
  EvaluationChoice,
  LintReport,
  Recipe,
  ScoreGap,
  ScoreSheet,
  SignificanceEvent,
  SignificanceInput,
  SignificanceReport,
} from '#shared/contract/evaluation.ts'
import { SignificanceReport as Report } from '#shared/contract/evaluation.ts'
import type { ModelId, RunId } from '#shared/contract/ids.ts'
import { listRecipes } from '#main/metrics/recipes/registry.ts'
import { moduleBeside } from '../../module-beside.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { createActsThread } from '../thread/acts-thread.ts'
import { commonTextLanguage } from './choice.queries.ts'
import { createChoice } from './choice.ts'
import { latestSignificance } from './dataset.queries.ts'
import type { ExplainRequest, Scoring, ScoringScope } from './scoring.ts'
import { asksForTokenizer, type FindTokenizer, type TokenizerPlace } from './tokenizer-of.ts'

/** Long enough for a meeting's coffee: what was scored stays at hand while people look at it. */
const IDLE_MS = 600_000
/** As it is asked: by the recipe of the corpus and with the tokenizer of the runs, unless stated. */
type Asked<T extends { choice: EvaluationChoice; tokenizer: TokenizerPlace | null }> = Omit<
  T,
  'choice' | 'tokenizer'
> & {
  choice?: EvaluationChoice | undefined
}

/** What a question leaves open: the recipe of the corpus, the tokenizer of the runs. */
function createDefaults(db: ReadDb, choice: () => EvaluationChoice, findTokenizer: FindTokenizer) {
  const withChoice = <T extends { choice?: EvaluationChoice | undefined }>(input: T) => ({
    ...input,
    choice: input.choice ?? choice(),
  })

  function placeOf(runIds: readonly RunId[], asked?: ModelId): TokenizerPlace | null {
    const found = findTokenizer(db, runIds, asked)
    return found && { name: found.name, dir: found.dir }
  }

  /** Models are only looked for where the recipe asks for one. */
  function withTokenizer<T extends { runIds: readonly RunId[]; choice?: EvaluationChoice | undefined }>(
    input: T,
  ) {
    const chosen = withChoice(input)
    return { ...chosen, tokenizer: asksForTokenizer(chosen.choice) ? placeOf(input.runIds) : null }
  }

  const tokenizerBetween = ({ runId, to, choice: from = choice() }: Asked<ExplainRequest>) =>
    [from, { recipe: to, normalisers: [] }].some(asksForTokenizer) ? placeOf([runId]) : null

  return { placeOf, withChoice, withTokenizer, tokenizerBetween }
}

/** Scores of runs by recipes, their tests and the checks of their text; computed on a thread of its own. */
export function createScoresService(
  context: CorpusContext,
  { editing, findTokenizer }: { editing: Editing; findTokenizer: FindTokenizer },
) {
  const { db } = context
  const thread = createActsThread<Scoring>({
    module: () => moduleBeside(import.meta.url, './scoring.worker.ts', 'scoring.worker.js'),
    workerData: { database: context.db.name },
    resourceLimits: { maxOldGenerationSizeMb: 8192 },
    idleMs: IDLE_MS,
    purpose: 'scores runs',
    tooLarge: 'The runs are too large for the memory of this computer. Choose a split, or fewer runs.',
    author: context.author,
  })

  // A thread that does not run has nothing in memory that could be out of date.
  const off = context.changes.on(({ kind, clipId }) => {
    if (!thread.isRunning() || !['reference', 'clips', 'clip', 'run', 'corpus'].includes(kind)) return
    void thread.ask('changed', kind === 'reference' || kind === 'clip' ? clipId : null).catch(() => {})
  })

  const { choice, choose } = createChoice(context, editing)
  const { placeOf, withChoice, withTokenizer, tokenizerBetween } = createDefaults(db, choice, findTokenizer)

  /** Its time and scores tell whether the sentences are still those that were tested. */
  function tested(scope: Asked<ScoringScope>): SignificanceReport | null {
    const report = latestSignificance(db, withChoice(scope))
    return report === undefined ? null : Report.parse(JSON.parse(report))
  }

  async function close(): Promise<void> {
    off()
    await thread.stop()
  }

  return {
    recipes: (): Recipe[] => listRecipes(commonTextLanguage(db)),
    choice,
    choose,
    scores: (scope: Asked<ScoringScope>, signal?: AbortSignal): Promise<ScoreSheet> =>
      thread.ask('scores', withTokenizer(scope), signal ? { signal } : {}),
    explain: (request: Asked<ExplainRequest>, signal?: AbortSignal): Promise<ScoreGap> =>
      thread.ask(
        'explain',
        { ...withChoice(request), tokenizer: tokenizerBetween(request) },
        signal ? { signal } : {},
      ),
    lint: (
      { tokenizerOf, ...scope }: Asked<ScoringScope> & { tokenizerOf?: ModelId | undefined },
      signal?: AbortSignal,
    ): Promise<LintReport> => {
      const tokenizer = placeOf(scope.runIds, tokenizerOf)
      return thread.ask('lint', { ...withChoice(scope), tokenizer }, signal ? { signal } : {})
    },
    tested,
    /** Progress until the report is there; what was tested before comes at once. */
    significance: (
      input: SignificanceInput & { choice?: EvaluationChoice | undefined },
      signal?: AbortSignal,
    ) => followTest(thread, withTokenizer(input), signal),
    close,
  }
}

async function* followTest(
  thread: ReturnType<typeof createActsThread<Scoring>>,
  input: Parameters<Scoring['significance']>[0],
  signal?: AbortSignal,
): AsyncGenerator<SignificanceEvent> {
  const startedAt = performance.now()
  let latest: { done: number; total: number } | null = null
  let isSettled = false
  let wake = () => {}
  const answer = thread
    .ask('significance', input, {
      ...(signal && signal ? { signal } : {}),
      progress: part => {
        latest = part as { done: number; total: number }
        wake()
      },
    })
    .finally(() => {
      isSettled = true
      wake()
    })
  // Awaited below; until then its failure is not unhandled.
  answer.catch(() => {})
  while (!isSettled) {
    if (latest) yield { kind: 'progress', ...withTimeLeft(latest, performance.now() - startedAt) }
    latest = null
    if (!isSettled) await new Promise<void>(resolve => (wake = resolve))
  }
  yield { kind: 'report', report: await answer }
}

/** The first trials are slow, and an estimate from them frightens people. */
const KNOWN_AFTER_MS = 700

function withTimeLeft(part: { done: number; total: number }, passedMs: number) {
  const isKnown = part.done > 0 && passedMs > KNOWN_AFTER_MS
  const secondsLeft = isKnown ? ((passedMs / 1000) * (part.total - part.done)) / part.done : null
  return { ...part, secondsLeft }
}
