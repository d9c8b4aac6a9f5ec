import type { CurrentSession, Os } from '../router.ts'

/** Handlers of what concerns the past of the corpus, and other copies of it. */
export function historyRoutes({ history, merging }: Os, session: CurrentSession) {
  const past = () => session().history
  return {
    history: {
      edits: history.edits.handler(({ input }) => past().edits(input)),
      ofEdit: history.ofEdit.handler(({ input }) => past().ofEdit(input.editId)),
      previewJump: history.previewJump.handler(({ input, signal }) =>
        past().previewJump(input.editId, signal),
      ),
      jumpTo: history.jumpTo.handler(({ input, signal }) => past().jumpTo(input.editId, signal)),
      of: history.of.handler(({ input }) => past().of(input)),
      restoreValue: history.restoreValue.handler(({ input }) => past().restoreValue(input)),
      diff: history.diff.handler(({ input }) => past().diff(input)),
      previewRestoreTier: history.previewRestoreTier.handler(({ input }) => past().previewRestoreTier(input)),
      restoreTier: history.restoreTier.handler(({ input }) => past().restoreTier(input)),
    },
    merging: {
      preview: merging.preview.handler(({ input }) => session().merge.preview(input)),
      apply: merging.apply.handler(({ input }) => session().merge.apply(input)),
    },
  }
}
