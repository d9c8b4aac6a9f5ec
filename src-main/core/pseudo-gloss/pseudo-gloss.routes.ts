import { announce } from '../context.ts'
import type { CurrentSession, Os } from '../router.ts'
import type { Workspace } from '../workspace.ts'

export function pseudoGlossRoutes({ pseudoGloss }: Os, workspace: Workspace, session: CurrentSession) {
  const glosses = () => session().pseudoGlosses
  return {
    pseudoGloss: {
      providers: pseudoGloss.providers.handler(() => workspace.language.providers.list()),
      removeProvider: pseudoGloss.removeProvider.handler(({ input }) => {
        workspace.language.packs.remove(input.id)
        const context = workspace.session()?.corpus.context
        if (context) announce(context, 'pseudo-gloss')
      }),
      setting: pseudoGloss.setting.handler(() => glosses().setting()),
      saveSetting: pseudoGloss.saveSetting.handler(({ input }) => glosses().saveSetting(input)),
      defaultRule: pseudoGloss.defaultRule.handler(({ input }) => glosses().defaultRule(input.language)),
      effect: pseudoGloss.effect.handler(({ input }) => glosses().effect(input)),
      sentences: pseudoGloss.sentences.handler(({ input }) => glosses().sentences(input)),
      ofClip: pseudoGloss.ofClip.handler(({ input }) => glosses().ofClip(input.clipId)),
      ofText: pseudoGloss.ofText.handler(({ input }) => glosses().ofText(input)),
      correct: pseudoGloss.correct.handler(({ input }) => glosses().correct(input)),
      vocabulary: pseudoGloss.vocabulary.handler(({ input }) => glosses().vocabulary(input)),
      tag: pseudoGloss.tag.handler(({ input }) => session().work.tag(input)),
      train: pseudoGloss.train.handler(({ input }) => session().work.train(input)),
      import: pseudoGloss.import.handler(({ input }) => session().work.importTags(input)),
      export: pseudoGloss.export.handler(({ input }) => glosses().export(input)),
    },
  }
}
