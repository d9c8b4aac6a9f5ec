import { referencesOf } from './published/published.queries.ts'
import type { CurrentSession, Os } from './router.ts'
import type { Workspace } from './workspace.ts'

/** Questions about the whole corpus; only the choice of a recipe changes something in it. */
export function inquiryRoutes(
  { agreement, analysis, density, evaluation, published, search }: Os,
  workspace: Workspace,
  session: CurrentSession,
) {
  const queries = () => session().search
  return {
    agreement: {
      choices: agreement.choices.handler(({ input }) => session().agreement.choices(input)),
      measure: agreement.measure.handler(({ input, signal }) => session().agreement.measure(input, signal)),
      disagreements: agreement.disagreements.handler(({ input, signal }) =>
        session().agreement.disagreements(input, signal),
      ),
    },
    analysis: {
      prepare: analysis.prepare.handler(({ input, signal }) => session().analysis.prepare(input, signal)),
      view: analysis.view.handler(({ input, signal }) => session().analysis.view(input, signal)),
      segments: analysis.segments.handler(({ input, signal }) => session().analysis.segments(input, signal)),
      ngrams: analysis.ngrams.handler(({ input, signal }) => session().analysis.ngrams(input, signal)),
    },
    density: {
      measure: density.measure.handler(({ input, signal }) => session().density.measure(input, signal)),
    },
    published: {
      list: published.list.handler(() => workspace.published()),
      corpus: published.corpus.handler(({ input }) => referencesOf(session().corpus.context.db, input.split)),
    },
    evaluation: {
      recipes: evaluation.recipes.handler(() => session().scoring.recipes()),
      choice: evaluation.choice.handler(() => session().scoring.choice()),
      choose: evaluation.choose.handler(({ input }) => session().scoring.choose(input)),
      scores: evaluation.scores.handler(({ input, signal }) => session().scoring.scores(input, signal)),
      explain: evaluation.explain.handler(({ input, signal }) => session().scoring.explain(input, signal)),
      lint: evaluation.lint.handler(({ input, signal }) => session().scoring.lint(input, signal)),
      tested: evaluation.tested.handler(({ input }) => session().scoring.tested(input)),
      significance: evaluation.significance.handler(({ input, signal }) =>
        session().scoring.significance(input, signal),
      ),
    },
    search: {
      run: search.run.handler(({ input, signal }) => queries().run(input, signal)),
      prepare: search.prepare.handler(({ signal }) => queries().prepare(signal)),
      export: search.export.handler(({ input, signal }) => queries().export(input, signal)),
      names: search.names.handler(() => queries().names()),
      saved: search.saved.handler(() => queries().saved()),
      save: search.save.handler(({ input }) => queries().save(input)),
      forget: search.forget.handler(({ input }) => queries().forget(input.name)),
    },
  }
}
