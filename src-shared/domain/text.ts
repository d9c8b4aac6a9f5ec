/** A piece of a sentence as it is shown: what is compared, and the white space after it. */
export interface TextUnit {
  /** Where it starts, in UTF-16 units. */
  start: number
  text: string
  /** What two units are compared by: composed and decomposed letters look the same and count as the same. */
  key: string
}

/** Scripts that are written without spaces between words, where a character is the unit a reader compares. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*`

/** Letters and digits, with the apostrophes, hyphens, stops and commas inside: "don't", "3,5", "Süd-West". */
const WORD = String.raw`[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_]|['’.,:\-](?=[\p{L}\p{N}]))*`

const WORDS = new RegExp(String.raw`(?:${UNSPACED}|(?=\S)(?:(?!${UNSPACED})${WORD})|\S\p{M}*)\s*`, 'gu')

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Cuts a sentence into words for comparison: words in spaced scripts, characters in the others, and every
 * mark by itself. White space belongs to the unit before it, so the units joined are the sentence.
 */
export function splitWords(sentence: string): TextUnit[] {
  const units: TextUnit[] = []
  for (const match of sentence.matchAll(WORDS)) units.push(unit(match.index, match[0]))
  return withLeadingSpace(units, sentence)
}

/** Latin, Greek, Cyrillic, CJK and their marks, where each code unit is a character; the segmenter is ten times slower. */
const SIMPLE =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u1e00-\u1eff\u2010-\u2027\u3000-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff9d]*$/

/** Cuts a sentence into characters as a reader counts them: an emoji or a letter with its accent is one. */
export function splitCharacters(sentence: string): TextUnit[] {
  if (SIMPLE.test(sentence)) return Array.from(sentence, (text, start) => ({ start, text, key: text }))
  return Array.from(GRAPHEMES.segment(sentence), ({ index, segment }) => ({
    start: index,
    text: segment,
    key: segment.normalize('NFC'),
  }))
}

function unit(start: number, text: string): TextUnit {
  return { start, text, key: text.trimEnd().normalize('NFC') }
}

/** White space before the first word becomes a part of it, for display only. */
function withLeadingSpace(units: TextUnit[], sentence: string): TextUnit[] {
  const [first, ...rest] = units
  if (!first) return sentence === '' ? [] : [{ start: 0, text: sentence, key: '' }]
  if (first.start === 0) return units
  return [{ ...first, start: 0, text: sentence.slice(0, first.start) + first.text }, ...rest]
}
