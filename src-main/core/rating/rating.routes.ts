import type { CurrentSession, Os } from '../router.ts'

/** What people think of outputs. */
export function ratingRoutes({ rating, campaign }: Os, session: CurrentSession) {
  const results = () => session().ratingResults
  return {
    rating: {
      set: rating.set.handler(({ input }) => session().ratings.set(input)),
      sources: rating.sources.handler(() => results().sources()),
      results: rating.results.handler(({ input }) => results().results(input)),
      metrics: rating.metrics.handler(({ input, signal }) =>
        session().metricsAgainstPeople.measure(input, signal),
      ),
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
