import type { CurrentSession, Os } from '../router.ts'

export function rightsRoutes({ consent, licence }: Os, session: CurrentSession) {
  return {
    consent: {
      list: consent.list.handler(() => session().consents.list()),
      give: consent.give.handler(({ input }) => session().consents.give(input)),
      save: consent.save.handler(({ input }) => session().consents.save(input)),
      remove: consent.remove.handler(({ input }) => session().consents.remove(input.consentId)),
    },
    licence: {
      list: licence.list.handler(() => session().licences.list()),
      save: licence.save.handler(({ input }) => session().licences.save(input)),
      remove: licence.remove.handler(({ input }) => session().licences.remove(input.licenceId)),
      assign: licence.assign.handler(({ input }) => session().licences.assign(input)),
    },
  }
}
