import type { CurrentSession, Os } from '../router.ts'
import { onHits } from '../search/hits-scope.ts'

/** What the contract says about annotations, their tiers, vocabularies and files, and about undo. */
export function annotationRoutes(
  { annotation, annotationFile, vocabulary, suggestion, edit }: Os,
  session: CurrentSession,
) {
  return {
    annotation: {
      ...tierRoutes(annotation, session),
      list: annotation.list.handler(({ input }) => session().annotations.list(input)),
      some: annotation.some.handler(({ input }) => session().annotations.some(input.annotationIds)),
      columns: annotation.columns.handler(({ input }) => session().annotations.columns(input.tierIds)),
      create: annotation.create.handler(({ input }) => session().annotations.create(input)),
      update: annotation.update.handler(({ input }) => session().annotations.update(input)),
      remove: annotation.remove.handler(({ input }) => session().annotations.remove(input.annotationIds)),
      batch: annotation.batch.handler(({ input }) => session().annotations.batch(input.steps)),
      countRemoval: annotation.countRemoval.handler(({ input }) => session().annotations.countRemoval(input)),
      split: annotation.split.handler(({ input }) => session().annotations.split(input)),
      mergeNext: annotation.mergeNext.handler(({ input }) => session().annotations.mergeNext(input)),
      duplicate: annotation.duplicate.handler(({ input }) => session().annotations.duplicate(input)),
      find: annotation.find.handler(async ({ input, signal }) =>
        session().bulk.find(await onHits(session().search, input, signal)),
      ),
      previewBulk: annotation.previewBulk.handler(async ({ input, signal }) =>
        session().bulk.previewBulk(await onHits(session().search, input, signal)),
      ),
      bulk: annotation.bulk.handler(async ({ input, signal }) =>
        session().bulk.bulk(await onHits(session().search, input, signal)),
      ),
      applyTemplate: annotation.applyTemplate.handler(({ input }) =>
        session().annotationFiles.applyTemplate(input),
      ),
    },
    suggestion: {
      list: suggestion.list.handler(({ input }) => session().suggestions.list(input.recordingId)),
      accept: suggestion.accept.handler(({ input }) => session().suggestions.accept(input.suggestionIds)),
      reject: suggestion.reject.handler(({ input }) => session().suggestions.reject(input.suggestionIds)),
      origins: suggestion.origins.handler(({ input }) => session().suggestions.origins(input.recordingId)),
    },
    vocabulary: vocabularyRoutes(vocabulary, session),
    annotationFile: annotationFileRoutes(annotationFile, session),
    edit: {
      state: edit.state.handler(() => session().edits.state()),
      undo: edit.undo.handler(() => session().edits.undo()),
      redo: edit.redo.handler(() => session().edits.redo()),
      history: edit.history.handler(({ input }) => session().edits.history(input)),
    },
  }
}

function tierRoutes(annotation: Os['annotation'], session: CurrentSession) {
  return {
    tiers: annotation.tiers.handler(({ input }) => session().annotations.tiers(input.recordingId)),
    createTier: annotation.createTier.handler(({ input }) => session().annotations.createTier(input)),
    renameTier: annotation.renameTier.handler(({ input }) => session().annotations.renameTier(input)),
    updateTier: annotation.updateTier.handler(({ input }) => session().annotations.updateTier(input)),
    orderTiers: annotation.orderTiers.handler(({ input }) => session().annotations.orderTiers(input)),
    removeTier: annotation.removeTier.handler(({ input }) => session().annotations.removeTier(input.tierId)),
    types: annotation.types.handler(() => session().annotations.types()),
    createType: annotation.createType.handler(({ input }) => session().annotations.createType(input)),
    updateType: annotation.updateType.handler(({ input }) => session().annotations.updateType(input)),
    layout: annotation.layout.handler(() => session().tierLayout.read()),
    saveLayout: annotation.saveLayout.handler(({ input }) => session().tierLayout.save(input)),
    removeType: annotation.removeType.handler(({ input }) => session().annotations.removeType(input.typeId)),
  }
}

function annotationFileRoutes(annotationFile: Os['annotationFile'], session: CurrentSession) {
  const files = () => session().annotationFiles
  return {
    find: annotationFile.find.handler(({ input }) => files().find(input)),
    preview: annotationFile.preview.handler(({ input }) => files().preview(input)),
    check: annotationFile.check.handler(({ input }) => files().check(input)),
    import: annotationFile.import.handler(({ input }) => session().work.importAnnotations(input)),
    list: annotationFile.list.handler(({ input }) => files().list(input)),
    linkMedia: annotationFile.linkMedia.handler(({ input }) => files().linkMedia(input)),
    previewExport: annotationFile.previewExport.handler(({ input }) => files().previewExport(input)),
    export: annotationFile.export.handler(({ input }) => files().export(input)),
  }
}

function vocabularyRoutes(vocabulary: Os['vocabulary'], session: CurrentSession) {
  const all = () => session().vocabularies
  return {
    list: vocabulary.list.handler(() => all().list()),
    entries: vocabulary.entries.handler(({ input }) => all().entries(input.vocabularyId)),
    create: vocabulary.create.handler(({ input }) => all().create(input)),
    update: vocabulary.update.handler(({ input }) => all().update(input)),
    remove: vocabulary.remove.handler(({ input }) => all().remove(input.vocabularyId)),
    addEntry: vocabulary.addEntry.handler(({ input }) => all().addEntry(input)),
    updateEntry: vocabulary.updateEntry.handler(({ input }) => all().updateEntry(input)),
    setLook: vocabulary.setLook.handler(({ input }) => all().setLook(input)),
    removeEntry: vocabulary.removeEntry.handler(({ input }) => all().removeEntry(input.entryId)),
    orderEntries: vocabulary.orderEntries.handler(({ input }) => all().orderEntries(input)),
    unmatched: vocabulary.unmatched.handler(({ input }) => all().unmatched(input.vocabularyId)),
    match: vocabulary.match.handler(({ input }) => all().match(input)),
    importFile: vocabulary.importFile.handler(({ input }) => all().importFile(input.file)),
    fetchExternal: vocabulary.fetchExternal.handler(({ input }) => all().fetchExternal(input.vocabularyId)),
  }
}
