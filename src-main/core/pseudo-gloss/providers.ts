import type { GlossLanguage, GlossProvider } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TaggerSource } from '../../language/language.worker.ts'
import { type TaggerPacks, TRAINED } from './tagger-packs.ts'

const NOT_TRAINED = { trained: null, accuracy: null }

/** set-F1: `bench/pseudo-gloss.bench.ts`, from raw text, against the treebank's own words. */
const BUILT_IN: readonly GlossProvider[] = [
  {
    id: 'lexicon',
    kind: 'lexicon',
    language: 'de',
    name: 'Weather lexicon',
    version: '1',
    licence: 'MIT',
    isApproximate: true,
    setF1: null,
    measuredOn: '',
    ...NOT_TRAINED,
  },
  {
    id: 'wink',
    kind: 'wink',
    language: 'en',
    name: 'wink-nlp, wink-eng-lite-web-model',
    version: '2.4.0, 1.8.1',
    licence: 'MIT',
    isApproximate: false,
    setF1: 0.912,
    measuredOn: 'UD English-EWT, test',
    ...NOT_TRAINED,
  },
  {
    id: 'jieba',
    kind: 'jieba',
    language: 'zh',
    name: '@node-rs/jieba',
    version: '2.0.3',
    licence: 'MIT',
    isApproximate: true,
    setF1: 0.725,
    measuredOn: 'UD Chinese-GSDSimp, test',
    ...NOT_TRAINED,
  },
]

/** Taggers by id: what comes with the program, and what was trained on this machine. */
export function createProviders(packs: TaggerPacks) {
  const list = (): GlossProvider[] => [...BUILT_IN, ...packs.list()]

  /** The chosen one where it is still there, else the best that is. */
  function choose(language: GlossLanguage, id: string | null): GlossProvider {
    const known = list().filter(provider => provider.language === language)
    const chosen = known.find(provider => provider.id === id)
    if (chosen) return chosen
    const best = known.toSorted((a, b) => (b.setF1 ?? 0) - (a.setF1 ?? 0))[0]
    if (!best) throw new AppError('not-found', `There is no tagger for the language ${language}.`)
    return best
  }

  function sourceOf({ id, kind, trained }: GlossProvider): TaggerSource {
    if (kind !== 'trained') return { kind }
    return { kind, file: packs.fileOf(id.slice(TRAINED.length)), sha256: trained?.sha256 ?? '' }
  }

  return { list, choose, sourceOf }
}
