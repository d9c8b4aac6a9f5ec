/** Ways of published code to bring glosses into one notation before they are compared (`metrics/phoenix-cleanup.ts`). */
export const GLOSS_CLEANUPS = ['none', 'phoenix2014', 'phoenix2014t'] as const
export type GlossCleanup = (typeof GLOSS_CLEANUPS)[number]
