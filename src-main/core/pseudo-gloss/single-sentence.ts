import type { GlossRule, GlossSentence, GlossSetting } from '#shared/contract/pseudo-gloss.ts'
import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { paperRule } from '#shared/domain/pseudo-gloss.ts'
import type { CorpusContext } from '../context.ts'
import { sortCorrections } from './gloss-decider.ts'
import { indexOf } from './gloss-index.ts'
import { createLens } from './gloss-lens.ts'
import { sentenceOf } from './gloss-view.ts'
import type { GlossView } from './gloss-views.ts'
import type { LanguageTools } from './language-tools.ts'
import {
  findReferenceOfClip,
  listCorrections,
  listTaggings,
  type ReferenceRow,
} from './pseudo-gloss.queries.ts'
import type { Inputs } from './gloss-inputs.ts'
import { stored } from './stored-words.ts'

interface SingleDeps {
  language: Pick<LanguageTools, 'tag' | 'providers'>
  setting: () => GlossSetting
  current: () => Promise<GlossView>
}

/** One sentence at a time, tagged at once where that has not been done. */
export function createSingle({ db }: CorpusContext, { language: tools, setting, current }: SingleDeps) {
  const { providers } = tools

  async function ofClip(clipId: ClipId): Promise<GlossSentence | null> {
    const chosen = setting()
    const row = findReferenceOfClip(db, chosen.language, clipId)
    if (!row) return null
    const { index: whole, lens: all } = await current()
    const at = whole.rows.findIndex(({ referenceId }) => referenceId === row.referenceId)
    if (whole.rows[at]?.text === row.text && whole.rows[at].taggingId !== null)
      return sentenceOf(whole, all, at, listTaggings(db))
    const provider = providers.choose(chosen.language, chosen.providerId)
    const [tokens = []] = await tools.tag(providers.sourceOf(provider), [row.text])
    const index = indexOf([{ row, words: stored(tokens) }])
    const corrections = sortCorrections(listCorrections(db))
    const lens = createLens(index, { ...chosen, splits: [], rule: withoutLines(chosen.rule) }, corrections)
    const sentence = sentenceOf(index, lens, 0, [])
    const targets = sentence.targets.filter(gloss => !all.frequent.has(gloss) && !all.rare.has(gloss))
    return { ...sentence, targets, source: `${provider.name} ${provider.version}` }
  }

  async function ofText({ text, language, providerId }: Inputs['ofText']) {
    const chosen = setting()
    const wanted = language ?? chosen.language
    const isOwn = wanted === chosen.language
    const provider = providers.choose(wanted, providerId ?? (isOwn ? chosen.providerId : null))
    const [tokens = []] = await tools.tag(providers.sourceOf(provider), [text])
    const index = indexOf([{ row: typed(text), words: stored(tokens) }])
    const rule = withoutLines(isOwn ? chosen.rule : paperRule(wanted))
    const corrections = isOwn ? listCorrections(db).filter(({ referenceId }) => referenceId === null) : []
    const own = { language: wanted, providerId: null, splits: [], rule }
    const lens = createLens(index, own, sortCorrections(corrections))
    return { provider, tokens: lens.tokensOf(0), glosses: lens.glossesOf(0) }
  }

  return { ofClip, ofText }
}

function typed(text: string): ReferenceRow {
  return { referenceId: 0 as ReferenceId, clipId: 0 as ClipId, clip: '', split: '', text, taggingId: 0 }
}

/** One sentence is no corpus to count over. */
function withoutLines(rule: GlossRule): GlossRule {
  return { ...rule, leastCount: 1, mostShare: 1 }
}
