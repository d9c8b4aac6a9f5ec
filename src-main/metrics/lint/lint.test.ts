import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LINT_CHECKS, type LintCheck } from '#shared/contract/evaluation.ts'
import { procedureOf } from '../recipes/registry.ts'
import { normalised } from '../recipes/procedure.ts'
import { scoreSystems } from '../recipes/score-tables.ts'
import { hitsOf, lacks, type LintedText } from './checks.ts'
import { createEffects } from './effect.ts'

const GERMAN = [
  'Der Regen zieht am Abend von Westen her über das Land.',
  'Im Süden bleibt es trocken und die Sonne scheint noch.',
  'Am Freitag fällt in den Bergen für kurze Zeit Schnee.',
  'Die Temperaturen steigen auf zwölf bis zwanzig Grad an.',
  'Über der Küste weht ein kräftiger Wind aus Nordwest.',
]
const CHINESE = [
  '今天晚上北方会下大雪。',
  '明天南方的天气比较暖和。',
  '周末在山区可能会有大风。',
  '我们希望你喜欢这个节目。',
]

/** Five hundred segments: sentences of the list with a number word, so that none is like another. */
function cleanText(language: 'de' | 'zh', segments = 500): LintedText {
  const list = language === 'de' ? GERMAN : CHINESE
  const digits = '零一二三四五六七八九'
  const numbered = (sentence: string, i: number) =>
    language === 'de'
      ? sentence.replace(/\.$/, ` Nummer ${i}.`)
      : sentence.replace(/。$/, `第${Array.from(String(i), digit => digits[Number(digit)]).join('')}次。`)
  const references = Array.from({ length: segments }, (_, i) => [numbered(list[i % list.length]!, i)])
  return {
    references,
    hypotheses: [references.map(([text]) => text!.replace('Abend', 'Morgen').replace('晚上', '早上'))],
    language,
    training: ['Ein ganz anderer Satz aus dem Training.', '训练集里完全不同的一个句子。'],
    roundTrip: text => text,
  }
}

type Spoil = (text: string, row: number) => string

/** Each defect as it comes about; the function spoils an output, `reference` the reference. */
const SPOILED: Record<
  LintCheck,
  { language: 'de' | 'zh'; hypothesis?: Spoil; reference?: Spoil; text?: Partial<LintedText> }
> = {
  stop: { language: 'de', hypothesis: text => text.replace(/\.$/, '') },
  nfc: { language: 'de', hypothesis: text => `${text} über`.normalize('NFD') },
  width: {
    language: 'zh',
    hypothesis: text => text.replace('第', '，第'),
    reference: text => text.replace('第', ',第'),
  },
  spacing: { language: 'de', hypothesis: text => text.replace(/\.$/, ' .') },
  case: { language: 'de', hypothesis: text => text.toLowerCase() },
  entities: { language: 'de', hypothesis: text => text.replace(' ', ' &amp; ') },
  strip: { language: 'de', reference: text => text.replace(' ', ' \u200b') },
  empty: { language: 'de', hypothesis: () => ' ' },
  duplicate: { language: 'de', hypothesis: () => 'Morgen bleibt es überall freundlich.' },
  leak: { language: 'de', text: { training: cleanText('de').references.flat() } },
  length: { language: 'de', hypothesis: text => `${text} ${text} ${text} ${text}` },
  language: {
    language: 'de',
    hypothesis: () => 'The rain is coming from the west and it will stay for days.',
  },
  'zh-ranges': { language: 'zh', hypothesis: text => `“${text}”` },
  'round-trip': {
    language: 'zh',
    text: { roundTrip: text => text.replace('的', '<unk>').replace('第', '') },
  },
}

const spoil = (check: LintCheck): LintedText => {
  const { language, hypothesis = text => text, reference = text => text, text: more } = SPOILED[check]
  const clean = cleanText(language)
  return {
    ...clean,
    references: clean.references.map(([text], row) => [reference(text!, row)]),
    hypotheses: clean.hypotheses.map(of => of.map(hypothesis)),
    ...more,
  }
}

test.each(LINT_CHECKS)('%s: finds 500 of 500 seeded defects', check => {
  expect(new Set(hitsOf(check, spoil(check)).map(({ row }) => row)).size).toBe(500)
})

test.each(['de', 'zh'] as const)('finds nothing in clean text: %s', language => {
  const text = cleanText(language)
  expect(LINT_CHECKS.filter(check => hitsOf(check, text).length > 0)).toEqual([])
})

test('says what it could not check', () => {
  const text = { ...cleanText('de'), training: [], roundTrip: undefined }
  expect(LINT_CHECKS.map(check => lacks(check, text)).filter(needs => needs !== null)).toEqual([
    'training-text',
    'chinese',
    'tokenizer',
  ])
})

test('French spaces before marks are how French is written', () => {
  const of = (sentence: string) =>
    hitsOf('spacing', {
      ...cleanText('de', 1),
      language: 'fr',
      references: [[sentence]],
      hypotheses: [[sentence]],
    }).length
  expect([of('Il pleut ce soir\u00a0!'), of('Il pleut ce soir .')]).toEqual([0, 2])
})

test.each(['stop', 'nfc', 'width', 'spacing', 'case', 'entities', 'strip'] as const)(
  'the effect of mending %s is the difference of two scores',
  check => {
    const text = spoil(check)
    const procedure = procedureOf('sacrebleu', text.language)
    const score = (by: typeof procedure) =>
      scoreSystems(text, { procedure: by, recipe: 'sacrebleu', metrics: ['bleu', 'chrf'] }).lines()
    const [before, after] = [score(procedure), score(normalised(procedure, [check]))]
    const [effect] = createEffects(text, procedure).ofNormaliser(check)
    expect(effect!.bleu).toBeCloseTo(after[0]!.scores[0]! - before[0]!.scores[0]!, 9)
    expect(effect!.chrf).toBeCloseTo(after[1]!.scores[0]! - before[1]!.scores[0]!, 9)
  },
)

const GOLDEN = join(
  process.env['SIGNWRIGHT_GOLDEN'] ?? join(import.meta.dirname, '../../../../shared/golden'),
  'metrics/scores',
)
/** Sets without a defect by construction; the others of the folder are made of defects. */
const CLEAN_SETS = [
  'de02_cased_punct',
  'de03_identical',
  'en01_basic',
  'en03_numbers',
  'en16_instructional',
  'zh01_basic',
  'zh11_long',
]
const clean = existsSync(GOLDEN)
  ? readdirSync(GOLDEN).filter(name => CLEAN_SETS.includes(name.replace('.json', '')))
  : []
if (clean.length === 0) console.warn(`golden metrics are not at ${GOLDEN}: their tests are skipped`)

test.skipIf(clean.length === 0)('no false alarm on the clean golden sets', () => {
  const alarms = clean.flatMap(name => {
    const { hyps, refs } = JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as {
      hyps: string[]
      refs: (string | null)[][]
    }
    const text: LintedText = {
      references: hyps.map((_, i) => refs.flatMap(stream => stream[i] ?? [])),
      hypotheses: [hyps],
      language: name.slice(0, 2),
      training: [],
    }
    return LINT_CHECKS.flatMap(check => hitsOf(check, text).map(hit => [name, check, hit.text, hit.other]))
  })
  expect(alarms).toEqual([])
})
