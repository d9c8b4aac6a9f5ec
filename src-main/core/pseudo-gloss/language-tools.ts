import { createLanguageThread } from '../../language/language-thread.ts'
import { createProviders } from './providers.ts'
import { createTaggerPacks, type PackDeps } from './tagger-packs.ts'

/** Taggers and what runs them: they outlive a corpus, because what was trained serves all. */
export function createLanguageTools(deps: PackDeps) {
  const packs = createTaggerPacks(deps)
  return { ...createLanguageThread(), packs, providers: createProviders(packs) }
}

export type LanguageTools = ReturnType<typeof createLanguageTools>
