import type { CurrentSession, Os } from '../router.ts'
import type { Workspace } from '../workspace.ts'

/** Models and what only some of them can do. */
export function modelRoutes(
  { model, localisation }: Pick<Os, 'model' | 'localisation'>,
  workspace: Workspace,
  session: CurrentSession,
) {
  return {
    model: {
      list: model.list.handler(() => workspace.models.list()),
      get: model.get.handler(({ input }) => workspace.models.get(input.modelId)),
      verify: model.verify.handler(({ input, signal }) => workspace.models.verify(input.modelId, signal)),
      inspectSources: model.inspectSources.handler(({ input }) => workspace.conversions.inspect(input)),
      convert: model.convert.handler(({ input }) => workspace.machine.convert(input)),
      add: model.add.handler(({ input, signal }) => workspace.models.add(input.dir, signal)),
      speeds: model.speeds.handler(({ input }) =>
        workspace.devices.remembered(workspace.models.bundle(input.modelId)),
      ),
      measure: model.measure.handler(({ input, signal }) =>
        workspace.devices.measure(workspace.models.bundle(input.modelId), signal),
      ),
      gates: model.gates.handler(({ input }) => workspace.models.gates(input.modelId)),
      remove: model.remove.handler(({ input }) => workspace.models.remove(input.modelId)),
    },
    localisation: {
      ofClip: localisation.ofClip.handler(({ input, signal }) =>
        session().localisation.ofClip(input, signal),
      ),
      words: localisation.words.handler(({ input, signal }) => session().localisation.words(input, signal)),
      match: localisation.match.handler(({ input, signal }) => session().localisation.match(input, signal)),
      segments: localisation.segments.handler(({ input, signal }) =>
        session().localisation.segments(input, signal),
      ),
      propose: localisation.propose.handler(({ input, signal }) =>
        session().localisation.propose(input, signal),
      ),
      againstTier: localisation.againstTier.handler(({ input, signal }) =>
        session().localisation.againstTier(input, signal),
      ),
    },
  }
}
