import type { GlossLanguage, GlossSetting } from '#shared/contract/pseudo-gloss.ts'
import type { CorpusContext } from '../context.ts'
import { sortCorrections } from './gloss-decider.ts'
import { type GlossIndex, readIndex } from './gloss-index.ts'
import { createLens, type GlossLens } from './gloss-lens.ts'
import { listCorrections } from './pseudo-gloss.queries.ts'

interface Reading {
  language: GlossLanguage
  /** Null where it was overtaken by a change. */
  index: Promise<GlossIndex | null>
}

export interface GlossView {
  index: GlossIndex
  lens: GlossLens
  corrections: number
}

const STALE_KINDS = new Set(['clips', 'clip', 'reference', 'pseudo-gloss', 'corpus'])

/** The index of the corpus, read once, and the lens of the last setting: both are kept until something changes. */
export function createViews(context: CorpusContext, setting: () => GlossSetting) {
  const { db } = context
  let reading: Reading | null = null
  let last: { key: string; index: GlossIndex; view: GlossView } | null = null
  let isClosed = false
  const off = context.changes.on(({ kind }) => {
    if (STALE_KINDS.has(kind)) reading = last = null
  })

  async function indexFor(language: GlossLanguage): Promise<GlossIndex> {
    for (;;) {
      if (isClosed) throw new DOMException('The corpus was closed.', 'AbortError')
      const mine = reading?.language === language ? reading : begin(language)
      const index = await mine.index
      if (index && reading === mine) return index
    }
  }

  function begin(language: GlossLanguage): Reading {
    const mine: Reading = { language, index: Promise.resolve(null) }
    reading = mine
    mine.index = readIndex(db, language, () => reading === mine && !isClosed)
    return mine
  }

  async function through(chosen: GlossSetting): Promise<GlossView> {
    const index = await indexFor(chosen.language)
    const key = JSON.stringify(chosen)
    if (last?.key === key && last.index === index) return last.view
    const records = listCorrections(db)
    const view = {
      index,
      lens: createLens(index, chosen, sortCorrections(records)),
      corrections: records.length,
    }
    last = { key, index, view }
    return view
  }

  const close = () => {
    isClosed = true
    off()
  }
  return { through, current: () => through(setting()), close }
}
