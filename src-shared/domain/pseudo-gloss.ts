/** From tagged words to pseudo-glosses: Wong et al. 2024, "Sign2GPT", section 3.2. */
import type { GlossLanguage, GlossRule } from '../contract/pseudo-gloss.ts'
import type { Upos } from './pos.ts'

/** NOUN, NUM, ADV, PRON, PROPN, ADJ and VERB: what the paper keeps, in any language. */
export const PAPER_POS: readonly Upos[] = ['NOUN', 'PROPN', 'VERB', 'ADJ', 'ADV', 'PRON', 'NUM']
/** From the loaders of the release; the paper does not name it. */
export const PAPER_SHARE = 0.4

/** German and English by lemma in lower case; Chinese words as they are. */
export function paperRule(language: GlossLanguage): GlossRule {
  const isChinese = language === 'zh'
  return {
    keptPos: [...PAPER_POS],
    form: isChinese ? 'surface' : 'lemma',
    isLowerCase: !isChinese,
    scheme: 'ud',
    stopWords: [],
    keepWords: [],
    leastCount: 1,
    mostShare: PAPER_SHARE,
  }
}

export interface TaggedWord {
  surface: string
  lemma: string
  /** Null: given as a pseudo-gloss, without the word that it came from. */
  pos: Upos | null
}

export interface GlossDecision {
  /** What the word gives, kept or not. */
  gloss: string
  isKept: boolean
  reason: 'rule' | 'pos' | 'stop' | 'keep'
}

/** What the rule says of a word wherever it stands; how often a gloss occurs is not looked at. */
export function glossDecider(rule: GlossRule, language: GlossLanguage): (word: TaggedWord) => GlossDecision {
  const kept = new Set<Upos>(rule.keptPos)
  const stop = new Set(rule.stopWords)
  const keep = new Set(rule.keepWords)
  return word => {
    const { surface, lemma, pos } = rule.scheme === 'spacy' ? asSpacy(word, language) : word
    const form = rule.form === 'lemma' ? lemma : surface
    const gloss = rule.isLowerCase ? form.toLowerCase() : form
    if (keep.has(gloss)) return { gloss, isKept: true, reason: 'keep' }
    if (stop.has(gloss)) return { gloss, isKept: false, reason: 'stop' }
    const isKept = pos === null || kept.has(pos)
    return { gloss, isKept, reason: isKept ? 'rule' : 'pos' }
  }
}

const GERMAN_MODALS = new Set(['dürfen', 'können', 'mögen', 'müssen', 'sollen', 'wollen'])
/** Indefinite words before a noun, STTS tags PIAT and PIDAT: determiners in spaCy, often adjectives in UD. */
const GERMAN_DETERMINERS = new Set([
  'all',
  'alle',
  'beide',
  'beid',
  'einig',
  'einige',
  'kein',
  'manch',
  'mehr',
  'mehrere',
  'paar',
  'sämtlich',
  'solch',
  'viel',
  'wenig',
])
const CHINESE_VERBS = new Set(['是', '为', '有', '没有'])
const CHINESE_CLASSIFIERS = new Set<string>(
  '个件只条张本位名家所座辆台部间次遍种份些块片支杯瓶双对岁年月日号点分秒',
)

/** Where spaCy's German and Chinese models differ from UD by convention rather than by mistake. */
function asSpacy(word: TaggedWord, language: GlossLanguage): TaggedWord {
  const { surface, lemma, pos } = word
  if (language === 'de') {
    const lower = lemma.toLowerCase()
    if (pos === 'AUX' && GERMAN_MODALS.has(lower)) return { ...word, pos: 'VERB' }
    if ((pos === 'ADJ' || pos === 'NOUN' || pos === 'DET') && GERMAN_DETERMINERS.has(lower))
      return { ...word, pos: 'DET' }
    if (pos === 'PRON') return { ...word, lemma: surface }
  }
  if (language === 'zh') {
    if ((pos === 'AUX' || pos === 'VERB') && CHINESE_VERBS.has(surface)) return { ...word, pos: 'VERB' }
    if (pos === 'NOUN' && CHINESE_CLASSIFIERS.has(surface)) return { ...word, pos: 'NUM' }
  }
  return word
}
