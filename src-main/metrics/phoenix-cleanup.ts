import type { GlossCleanup } from '#shared/domain/gloss-cleanup.ts'

type Rule = readonly [pattern: RegExp, replacement: string]

/** Python's `\b` and `\w` know letters of every script, those of JavaScript only ASCII. */
const WORD = String.raw`[\p{L}\p{N}_]`
const EDGE = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`
const rule = (pattern: string, replacement = ''): Rule => [new RegExp(pattern, 'gu'), replacement]
const times = (count: number, of: Rule): Rule[] => Array.from({ length: count }, () => of)

/** `A B C` is a spelled word, A+B+C; SCH and double N are single hand shapes of the finger alphabet. */
const SPELLED: readonly Rule[] = [
  rule('^([A-Z]) ([A-Z][+ ])', '$1+$2'),
  rule('[ +]([A-Z]) ([A-Z]) ', ' $1+$2 '),
  ...times(3, rule('([ +][A-Z]) ([A-Z][ +])', '$1+$2')),
  rule('([ +]SCH) ([A-Z][ +])', '$1+$2'),
  rule('([ +]NN) ([A-Z][ +])', '$1+$2'),
  rule('([ +][A-Z]) (NN[ +])', '$1+$2'),
  rule('([ +][A-Z]) ([A-Z])$', '$1+$2'),
]
const SPACES = rule(' +', ' ')
const REPEATED = rule(
  String.raw`(?<![\p{L}\p{N}_-])(${EDGE}[A-Z]+(?![\p{L}\p{N}_-])) \1(?![\p{L}\p{N}_-])`,
  '$1',
)

const RULES: Record<Exclude<GlossCleanup, 'none'>, readonly Rule[]> = {
  phoenix2014: [
    ...['loc-', 'cl-', 'qu-', 'poss-', 'lh-'].map(mark => rule(mark)),
    rule('S0NNE', 'SONNE'),
    rule('HABEN2', 'HABEN'),
    ...['EMOTION', 'PU', 'LEFTHAND'].map(mark => rule(`__${mark}__`)),
    rule('WIE AUSSEHEN', 'WIE-AUSSEHEN'),
    rule('ZEIGEN ', 'ZEIGEN-BILDSCHIRM '),
    rule('ZEIGEN$', 'ZEIGEN-BILDSCHIRM'),
    ...SPELLED,
    rule('([A-Z][A-Z])RAUM', '$1'),
    rule('-PLUSPLUS'),
    SPACES,
    ...times(4, REPEATED),
    SPACES,
  ],
  phoenix2014t: [
    ...['LEFTHAND', 'EPENTHESIS', 'EMOTION'].map(mark => rule(`__${mark}__`)),
    rule(`${EDGE}__[^_ ]*__${EDGE}`),
    rule(`${EDGE}loc-([^ ]*)${EDGE}`, '$1'),
    rule(`${EDGE}cl-([^ ]*)${EDGE}`, '$1'),
    rule(`${EDGE}([^ ]*)-PLUSPLUS${EDGE}`, '$1'),
    rule(`${EDGE}([A-Z][A-Z]*)RAUM${EDGE}`, '$1'),
    rule('WIE AUSSEHEN', 'WIE-AUSSEHEN'),
    ...SPELLED,
    SPACES,
    ...times(3, REPEATED),
    SPACES,
  ],
}

/**
 * What published recognition and translation code does to glosses of RWTH-PHOENIX-Weather before it computes WER, so that
 * notation is no error: marks of no sign go, marks on signs go, spelled letters are joined, and repetitions become one. It
 * follows neccam/slt (signjoey/phoenix_utils/phoenix_cleanup.py), which follows the evaluation scripts that come with the
 * corpora; the order of the rules matters, and some run several times because a match takes the letter that the next needs.
 */
export function cleanGlosses(text: string, cleanup: GlossCleanup): string {
  if (cleanup === 'none') return text
  const cleaned = RULES[cleanup].reduce(
    (glosses, [pattern, replacement]) => glosses.replace(pattern, replacement),
    text.trim(),
  )
  const words = cleaned.split(' ')
  return words.filter((word, at) => word !== '' && word !== words[at - 1]).join(' ')
}
