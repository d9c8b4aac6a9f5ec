import { pythonSplit } from './python-text.ts'

export interface TerTextOptions {
  /** Splits punctuation off as Tercom's normaliser does. */
  normalized?: boolean
  noPunct?: boolean
  /** With `normalized`, splits Chinese and kanji into characters; with `noPunct`, drops their punctuation too. */
  asianSupport?: boolean
  caseSensitive?: boolean
}

/**
 * Tercom's Western rules (Normalizer.java of jhclark/tercom). Its rule for `'s` at the very end is left
 * out: the line was padded with a space before, so it can never apply.
 */
function normalizeWestern(line: string): string {
  const joined = line
    .replaceAll('\n-', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
  return ` ${joined} `
    .replace(/[{-~[-` -&(-+:-@/]/g, ' $& ')
    .replaceAll("'s ", " 's ")
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
}

const ASIAN_PUNCTUATION = /[\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb]/g
const FULL_WIDTH_PUNCTUATION = /[\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09]/g

/**
 * CJK ideographs, strokes, radicals, compatibility forms; and U+3200..3F22, a slip for 32FF in sacreBLEU
 * that is kept. Its three kana rules need kana at the start of the padded line, so they never apply.
 */
const ASIAN_CHARACTERS = /[\u4e00-\u9fff\u3200-\u4dbf\u31c0-\u31ef\u2e80-\u2eff\uf900-\ufaff\ufe30-\ufe4f]/g

const splitAround = (line: string, pattern: RegExp) => line.replace(pattern, ' $& ')

/** The words TER compares, as sacreBLEU's Tercom tokenizer cuts them. */
export function terWords(line: string, options: TerTextOptions): string[] {
  const { normalized = false, noPunct = false, asianSupport = false, caseSensitive = false } = options
  let text = caseSensitive ? line : line.toLowerCase()
  if (normalized) text = normalizeWestern(text)
  if (normalized && asianSupport)
    text = [ASIAN_CHARACTERS, ASIAN_PUNCTUATION, FULL_WIDTH_PUNCTUATION].reduce(splitAround, text)
  if (noPunct) text = text.replace(/[.,?:;!"()]/g, '')
  if (noPunct && asianSupport) text = text.replace(ASIAN_PUNCTUATION, '').replace(FULL_WIDTH_PUNCTUATION, '')
  return pythonSplit(text)
}
