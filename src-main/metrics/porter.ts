/**
 * The Porter stemmer (1980) with the departures of NLTK's default mode, which rouge-score uses: a few
 * irregular words, `ied`, short `ies`, `logi`, `fulli`, and final `y` only after a consonant.
 */
const IRREGULAR: Record<string, string> = {
  sky: 'sky',
  skies: 'sky',
  dying: 'die',
  lying: 'lie',
  tying: 'tie',
  news: 'news',
  innings: 'inning',
  inning: 'inning',
  outings: 'outing',
  outing: 'outing',
  cannings: 'canning',
  canning: 'canning',
  howe: 'howe',
  proceed: 'proceed',
  exceed: 'exceed',
  succeed: 'succeed',
}

/** A suffix, what replaces it, and what the stem before it must be for that. */
type Rule = readonly [suffix: string, replacement: string, condition?: (stem: string) => boolean]

function isConsonant(word: string, i: number): boolean {
  const letter = word[i]!
  if ('aeiou'.includes(letter)) return false
  return letter !== 'y' || i === 0 || !isConsonant(word, i - 1)
}

/** How often a vowel run is followed by a consonant run. */
function measure(stem: string): number {
  let count = 0
  for (let i = 1; i < stem.length; i++) if (isConsonant(stem, i) && !isConsonant(stem, i - 1)) count += 1
  return count
}

const isMeasured = (stem: string) => measure(stem) > 0
const isLong = (stem: string) => measure(stem) > 1

function hasVowel(stem: string): boolean {
  for (let i = 0; i < stem.length; i++) if (!isConsonant(stem, i)) return true
  return false
}

function endsInDoubleConsonant(word: string): boolean {
  const last = word.length - 1
  return last >= 1 && word[last] === word[last - 1] && isConsonant(word, last)
}

/** Consonant, vowel, consonant other than w, x, y; or two letters, vowel and consonant. */
function endsShort(word: string): boolean {
  const last = word.length - 1
  if (last === 1) return !isConsonant(word, 0) && isConsonant(word, 1)
  if (last < 2 || 'wxy'.includes(word[last]!)) return false
  return isConsonant(word, last - 2) && !isConsonant(word, last - 1) && isConsonant(word, last)
}

/** The first rule whose suffix fits decides, also when its condition fails. */
function applyFirst(word: string, rules: readonly Rule[]): string {
  for (const [suffix, replacement, condition] of rules) {
    if (!word.endsWith(suffix)) continue
    const stem = word.slice(0, word.length - suffix.length)
    return !condition || condition(stem) ? stem + replacement : word
  }
  return word
}

function plurals(word: string): string {
  if (word.endsWith('ies') && word.length === 4) return word.slice(0, -1)
  return applyFirst(word, [
    ['sses', 'ss'],
    ['ies', 'i'],
    ['ss', 'ss'],
    ['s', ''],
  ])
}

function pastAndGerund(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2)
  if (word.endsWith('eed')) return isMeasured(word.slice(0, -3)) ? word.slice(0, -1) : word
  const suffix = ['ed', 'ing'].find(end => word.endsWith(end) && hasVowel(word.slice(0, -end.length)))
  if (!suffix) return word
  const stem = word.slice(0, -suffix.length)
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`
  if (endsInDoubleConsonant(stem)) return 'lsz'.includes(stem.at(-1)!) ? stem : stem.slice(0, -1)
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem
}

function finalY(word: string): string {
  return applyFirst(word, [['y', 'i', stem => stem.length > 1 && isConsonant(stem, stem.length - 1)]])
}

const DOUBLE_SUFFIXES: readonly Rule[] = [
  ['ational', 'ate', isMeasured],
  ['tional', 'tion', isMeasured],
  ['enci', 'ence', isMeasured],
  ['anci', 'ance', isMeasured],
  ['izer', 'ize', isMeasured],
  ['bli', 'ble', isMeasured],
  ['alli', 'al', isMeasured],
  ['entli', 'ent', isMeasured],
  ['eli', 'e', isMeasured],
  ['ousli', 'ous', isMeasured],
  ['ization', 'ize', isMeasured],
  ['ation', 'ate', isMeasured],
  ['ator', 'ate', isMeasured],
  ['alism', 'al', isMeasured],
  ['iveness', 'ive', isMeasured],
  ['fulness', 'ful', isMeasured],
  ['ousness', 'ous', isMeasured],
  ['aliti', 'al', isMeasured],
  ['iviti', 'ive', isMeasured],
  ['biliti', 'ble', isMeasured],
  ['fulli', 'ful', isMeasured],
  // The stem is measured with its l.
  ['logi', 'log', stem => isMeasured(`${stem}l`)],
]

function doubleSuffixes(word: string): string {
  if (word.endsWith('alli') && isMeasured(word.slice(0, -4))) return doubleSuffixes(word.slice(0, -2))
  return applyFirst(word, DOUBLE_SUFFIXES)
}

const THIRD_STEP: readonly Rule[] = [
  ['icate', 'ic', isMeasured],
  ['ative', '', isMeasured],
  ['alize', 'al', isMeasured],
  ['iciti', 'ic', isMeasured],
  ['ical', 'ic', isMeasured],
  ['ful', '', isMeasured],
  ['ness', '', isMeasured],
]

const FOURTH_STEP: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'].map(
    suffix => [suffix, '', isLong] as const,
  ),
  ['ion', '', stem => isLong(stem) && /[st]$/.test(stem)],
  ...['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'].map(suffix => [suffix, '', isLong] as const),
]

function finalLetters(word: string): string {
  let stem = word
  if (word.endsWith('e')) {
    const before = word.slice(0, -1)
    if (isLong(before) || (measure(before) === 1 && !endsShort(before))) stem = before
  }
  return stem.endsWith('ll') && isLong(stem.slice(0, -1)) ? stem.slice(0, -1) : stem
}

/** The stem of a lower-case English word, as `nltk.stem.porter.PorterStemmer().stem` gives it. */
export function stemPorter(word: string): string {
  const irregular = Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined
  if (irregular !== undefined) return irregular
  if (word.length <= 2) return word
  const inflected = finalY(pastAndGerund(plurals(word)))
  return finalLetters(applyFirst(applyFirst(doubleSuffixes(inflected), THIRD_STEP), FOURTH_STEP))
}
