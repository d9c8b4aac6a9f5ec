/** Frequent words that no other language of the list has. */
const FUNCTION_WORDS: Record<string, string> = {
  de: 'der und ist nicht ein eine den mit auf für das dem des sich auch es im noch bei nach vom zum wird sind wir ihr sie ich',
  en: 'the and of is that it with for are this they have from you your his her she he but not which will would there their be by',
  fr: 'les est et pas une dans qui que pour sur avec vous nous ils elle sont mais cette ont aux leur plus je il au',
  es: 'los las es y una para con por pero está como más este esta son muy sus ella nosotros usted hay lo',
  it: 'gli è non una per con che sono della nel questo questa più anche come ma loro alla dei delle il',
  nl: 'het een niet van en dat voor met zijn ook maar wij jullie hebben wordt naar deze heeft aan bij je',
  pl: 'nie się jest na że jak ale tak dla przez jego tylko są było będzie oraz który',
}

const BY_LANGUAGE = Object.entries(FUNCTION_WORDS).map(([language, words]) => ({
  language,
  words: new Set(words.split(' ')),
}))

const SCRIPTS = {
  Latin: /\p{Script=Latin}/gu,
  Han: /\p{Script=Han}/gu,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  Hangul: /\p{Script=Hangul}/gu,
  Cyrillic: /\p{Script=Cyrillic}/gu,
  Greek: /\p{Script=Greek}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Hebrew: /\p{Script=Hebrew}/gu,
  Devanagari: /\p{Script=Devanagari}/gu,
  Bengali: /\p{Script=Bengali}/gu,
}

const LEAST_LETTERS = 4
const LEAST_FOREIGN_WORDS = 3

/** The script of most letters; null where there are too few to say. */
function mainScript(text: string): string | null {
  let [best, most] = ['', 0]
  for (const [script, pattern] of Object.entries(SCRIPTS)) {
    const count = text.match(pattern)?.length ?? 0
    if (count > most) [best, most] = [script, count]
  }
  return most >= LEAST_LETTERS ? best : null
}

function countWords(text: string): { language: string; count: number }[] {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  return BY_LANGUAGE.map(({ language, words: known }) => ({
    language,
    count: words.filter(word => known.has(word)).length,
  }))
}

/**
 * Whether an output is in another script than its reference, or has three frequent words of another language and none
 * of the reference's. Languages that are not in the list are told by their script alone.
 */
export function isOtherLanguage(hypothesis: string, reference: string, language: string): boolean {
  const [here, there] = [mainScript(hypothesis), mainScript(reference)]
  if (here !== null && there !== null && here !== there) return true
  const own = language.toLowerCase().split(/[-_]/)[0] ?? ''
  const counts = countWords(hypothesis)
  if (!counts.some(each => each.language === own)) return false
  const ofOwn = counts.find(each => each.language === own)?.count ?? 0
  return ofOwn === 0 && counts.some(each => each.language !== own && each.count >= LEAST_FOREIGN_WORDS)
}
