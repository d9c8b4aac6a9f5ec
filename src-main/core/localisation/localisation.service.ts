import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ModelId } from '#shared/contract/ids.ts'
import type {
  AgainstTierInput,
  Localisation,
  LocateInput,
  ProposeInput,
} from '#shared/contract/localisation.ts'
import { foldedWord } from '#shared/domain/gloss-spelling.ts'
import type { CorpusContext } from '../context.ts'
import type { SuggestionService } from '../suggestion/suggestion.service.ts'
import { againstTier } from './against-tier.ts'
import { createLocator, type LocatorDeps } from './locator.ts'
import { type LemmaSource, matchWords } from './match-words.ts'
import { locateAll, type Searched, type Search, withProgress } from './locate-all.ts'
import { propose } from './propose.ts'

export interface LocalisationDeps extends LocatorDeps {
  pseudoGlosses: LemmaSource
  suggestions: Pick<SuggestionService, 'put'>
}

interface Wish {
  clipId: ClipId
  modelId: ModelId
  words?: readonly string[] | undefined
}

/** Where a model finds pseudo-glosses: in a clip, over many, on a tier, and against one. */
export function createLocalisationService(context: CorpusContext, deps: LocalisationDeps) {
  const locator = createLocator(context, deps)

  async function ofClip({ clipId, modelId, words }: Wish, signal?: AbortSignal): Promise<Localisation> {
    const bundle = await locator.bundleOf(modelId, signal)
    const found = await locator.locate(clipId, bundle, words ?? null, signal)
    if (found) return found
    throw new AppError(
      'not-found',
      `The clip has no features of ${bundle.manifest.name} yet. Extract them, then localise.`,
      { details: { clipId, modelId, missing: 'features' } },
    )
  }

  async function words(
    { modelId, text, limit }: { modelId: ModelId; text: string; limit: number },
    signal?: AbortSignal,
  ) {
    const { glosses, counts } = locator.vocabularyOf(await locator.bundleOf(modelId, signal))
    const beginning = foldedWord(text)
    const found = glosses
      .map((word, id) => ({ word, count: counts[id] ?? 0 }))
      .filter(({ word }) => foldedWord(word).startsWith(beginning))
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    return { total: found.length, words: found.slice(0, limit) }
  }

  async function match(
    { modelId, words: typed }: { modelId: ModelId; words: string[] },
    signal?: AbortSignal,
  ) {
    const bundle = await locator.bundleOf(modelId, signal)
    return matchWords(typed, locator.vocabularyOf(bundle).glosses, {
      lemmas: deps.pseudoGlosses,
      languages: bundle.manifest.languages.text,
    })
  }

  const search = (input: Search, signal?: AbortSignal): AsyncGenerator<Searched, void, void> =>
    locateAll(context, locator, input, signal)

  return {
    ofClip,
    words,
    match,
    segments: ({ against, propose: target, ...input }: LocateInput, signal?: AbortSignal) =>
      withProgress(search(input, signal), searched => ({
        kind: 'done' as const,
        segments: searched.clips.flatMap(({ segments }) => segments),
        clips: searched.clips.length,
        withoutFeatures: searched.withoutFeatures,
        unknown: searched.unknown,
        against: against ? againstTier(context.db, { ...input, ...against }, searched) : null,
        proposed: target ? propose(deps.suggestions, { ...input, ...target }, searched) : null,
      })),
    propose: (input: ProposeInput, signal?: AbortSignal) =>
      withProgress(search(input, signal), searched => propose(deps.suggestions, input, searched)),
    againstTier: (input: AgainstTierInput, signal?: AbortSignal) =>
      withProgress(search(input, signal), searched => againstTier(context.db, input, searched)),
  }
}
