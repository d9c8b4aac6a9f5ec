import type { CurrentSession, Os } from '../router.ts'

/** What people think of outputs. */
export function ratingRoutes({ rating, campaign }: Os, session: CurrentSession) {
  const results = () => session().ratingResults
  const files = () => session().ratingFiles
  return {
    rating: {
      set: rating.set.handler(({ input }) => session().ratings.set(input)),
      queue: rating.queue.handler(({ input }) => session().reviewQueue.queue(input.filter)),
      progress: rating.progress.handler(() => session().reviewQueue.progress()),
      sources: rating.sources.handler(() => results().sources()),
      results: rating.results.handler(({ input, signal }) => results().results(input, signal)),
      metrics: rating.metrics.handler(({ input, signal }) =>
        session().metricsAgainstPeople.measure(input, signal),
      ),
      previewExport: rating.previewExport.handler(({ input }) => files().previewExport(input)),
      exportFile: rating.exportFile.handler(({ input }) => files().exportFile(input)),
      previewImport: rating.previewImport.handler(({ input }) => files().previewImport(input.path)),
      importFile: rating.importFile.handler(({ input }) => files().importFile(input)),
      units: rating.units.handler(({ input }) => results().units(input)),
    },
    campaign: {
      list: campaign.list.handler(() => session().campaigns.list()),
      preview: campaign.preview.handler(({ input }) => session().campaigns.preview(input)),
      create: campaign.create.handler(({ input }) => session().campaigns.create(input)),
      remove: campaign.remove.handler(({ input }) => session().campaigns.remove(input.campaignId)),
      open: campaign.open.handler(({ input }) => session().judging.open(input.campaignId, input.place)),
      judge: campaign.judge.handler(({ input }) => session().judging.judge(input)),
    },
  }
}
