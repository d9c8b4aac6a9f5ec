import { pythonSplit, pythonStrip } from './python-text.ts'

export const TOKENIZER_NAMES = ['13a', 'intl', 'zh', 'zh-fixed', 'char', 'none'] as const

/** How a metric cuts a sentence into words; all but `zh-fixed` are sacreBLEU's and carry its names. */
export type TokenizerName = (typeof TOKENIZER_NAMES)[number]

export interface Tokenizer {
  name: TokenizerName
  /** The tokenized line, as sacreBLEU's tokenizers return it. */
  text: (line: string) => string
  /** The same line as words, which is what the metrics count. */
  words: (line: string) => string[]
}

/**
 * mteval-v13a's punctuation rules, shared by `13a` and `zh`. The original class also holds the space;
 * widening a space changes no word, so it is left out, which spares a replacement per word.
 */
const PUNCTUATION = /[{-~[-`!-&(-+:-@/]/g
const STOP_AFTER_NON_DIGIT = /([^0-9])([.,])/g
const STOP_BEFORE_NON_DIGIT = /([.,])([^0-9])/g
const DASH_AFTER_DIGIT = /([0-9])(-)/g

function splitPunctuation(line: string): string {
  let spaced = line.replace(PUNCTUATION, ' $& ')
  if (spaced.includes('.') || spaced.includes(','))
    spaced = spaced.replace(STOP_AFTER_NON_DIGIT, '$1 $2 ').replace(STOP_BEFORE_NON_DIGIT, ' $1 $2')
  return spaced.includes('-') ? spaced.replace(DASH_AFTER_DIGIT, '$1 $2 ') : spaced
}

function unescapeEntities(line: string): string {
  if (!line.includes('&')) return line
  return line
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
}

function words13a(line: string): string[] {
  let joined = line
  if (joined.includes('<')) joined = joined.replaceAll('<skipped>', '')
  if (joined.includes('\n')) joined = joined.replaceAll('-\n', '').replaceAll('\n', ' ')
  return pythonSplit(splitPunctuation(` ${unescapeEntities(joined)} `))
}

/** mteval-v14's international rules. A number before a final stop stays joined, as in the original. */
function wordsIntl(line: string): string[] {
  return pythonSplit(
    line
      .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
      .replace(/\p{S}/gu, ' $& '),
  )
}

/**
 * What sacreBLEU 2.6.0 takes for Chinese. Its ranges for Extension B and the compatibility supplement
 * are written `'\u20000'`, which Python reads as U+2000 and a zero: so quotation marks, dashes and
 * arrows (U+2001..2A6D, U+2F81..2FA1) count as Chinese and 𠮷 does not (mjpost/sacrebleu#298).
 */
const CHINESE_AS_SACREBLEU =
  /[\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\u2001-\u2a6d\u2f81-\u2fa1\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f\u2600-\u27bf\u3200-\u33ff]/g

/** The same list with the two ranges as their comments mean them. */
const CHINESE_AS_MEANT =
  /[\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\u{20000}-\u{2a6d6}\u{2f800}-\u{2fa1d}\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f\u2600-\u27bf\u3200-\u33ff]/gu

const wordsChinese =
  (ideographs: RegExp) =>
  (line: string): string[] =>
    pythonSplit(splitPunctuation(pythonStrip(line).replace(ideographs, ' $& ')))

function joining(name: TokenizerName, words: (line: string) => string[]): Tokenizer {
  return { name, words, text: line => words(line).join(' ') }
}

const TOKENIZERS: Record<TokenizerName, Tokenizer> = {
  '13a': joining('13a', words13a),
  intl: joining('intl', wordsIntl),
  zh: joining('zh', wordsChinese(CHINESE_AS_SACREBLEU)),
  'zh-fixed': joining('zh-fixed', wordsChinese(CHINESE_AS_MEANT)),
  char: {
    name: 'char',
    text: line => Array.from(line).join(' '),
    words: line => pythonSplit(Array.from(line).join(' ')),
  },
  none: { name: 'none', text: line => line, words: pythonSplit },
}

/** The tokenizer of a name. */
export function tokenizerNamed(name: TokenizerName): Tokenizer {
  return TOKENIZERS[name]
}

const CHINESE = ['zh', 'zho', 'chi', 'cmn', 'yue']
const UNSPACED = [...CHINESE, 'ja', 'jpn', 'th', 'tha']

const primarySubtag = (language: string) => language.toLowerCase().split(/[-_]/)[0] ?? ''

/** Whether a language (BCP 47 tag) is written without spaces between words. */
export function isUnspaced(language: string): boolean {
  return UNSPACED.includes(primarySubtag(language))
}

/**
 * What sacreBLEU's authors recommend for a language: `zh` for Chinese, else `13a`. Japanese needs MeCab
 * there; without its dictionary characters are the honest choice.
 */
export function tokenizerForLanguage(language: string): TokenizerName {
  if (CHINESE.includes(primarySubtag(language))) return 'zh'
  return isUnspaced(language) ? 'char' : '13a'
}
