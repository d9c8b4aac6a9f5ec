import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { RECIPE_IDS, type RecipeId } from '#shared/contract/evaluation.ts'
import { explainGap } from './explain.ts'
import { normalised } from './procedure.ts'
import { listRecipes, procedureOf, recipeNamed } from './registry.ts'
import { scoreSystems } from './score-tables.ts'

interface Case {
  language: string
  pairs: [hypothesis: string, reference: string][]
  expected: Partial<Record<RecipeId, Record<string, number>>>
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/recipes.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

const systemsOf = (pairs: Case['pairs']) => ({
  hypotheses: [pairs.map(([hypothesis]) => hypothesis)],
  references: pairs.map(([, reference]) => [reference]),
})

function score(pairs: Case['pairs'], recipe: RecipeId, language: string, metric: string) {
  const procedure = procedureOf(recipe, language)
  return scoreSystems(systemsOf(pairs), { procedure, recipe, metrics: [metric] }).line(metric)
}

const rows = cases.flatMap(({ language, pairs, expected }) =>
  Object.entries(expected).flatMap(([recipe, scores]) =>
    Object.entries(scores).map(([metric, value]) => ({
      language,
      pairs,
      recipe: recipe as RecipeId,
      metric,
      value,
    })),
  ),
)

test.each(rows)(
  '$recipe computes what its code computes: $metric, $language',
  ({ language, pairs, recipe, metric, value }) => {
    expect(Math.abs(score(pairs, recipe, language, metric).scores[0]! - value)).toBeLessThanOrEqual(1e-9)
  },
)

test('the three sentence pairs of the slt scorer', () => {
  const pairs: Case['pairs'] = [
    [
      'am tag zwölf grad an der ostsee und bis zu zwanzig grad im süden .',
      'am tag zwölf grad an der ostsee und bis zwanzig grad in niederbayern .',
    ],
    [
      'ich wünsche ihnen noch einen schönen abend und machen sie es gut .',
      'ich wünsche ihnen einen schönen abend und machen sie es gut .',
    ],
    [
      'der wind weht schwach bis mäßig aus süd bis südost .',
      'dazu weht ein schwacher bis mäßiger wind aus südost bis süd .',
    ],
  ]
  const metrics = ['bleu-1', 'bleu-2', 'bleu-3', 'bleu', 'rouge', 'chrf']
  expect(
    metrics.map(metric => Number(score(pairs, 'neccam2020', 'de', metric).scores[0]!.toFixed(4))),
  ).toEqual([82.0513, 65.8064, 58.1707, 52.9716, 74.3713, 74.2413])
  expect(score([['a b c', 'a b c']], 'neccam2020', 'en', 'bleu').scores).toEqual([0])
})

test('both signatures say how a number was made', () => {
  const { signature, slt } = score(cases[0]!.pairs, 'neccam2020', 'de', 'bleu-2')
  expect(signature).toBe('nrefs:1|case:mixed|eff:no|tok:none|smooth:floor[0.00]|version:2.6.0')
  expect(slt).toMatch(
    /^order:2\|strip:none\|stop:keep\|nfc:no\|refsrc:raw\|case:lower-references\|refs:first\|recipe:neccam2020\|unicode:\d+/,
  )
})

test('every recipe can score all that it lists', () => {
  for (const language of ['de', 'zh'])
    for (const { id, metrics, procedure } of listRecipes(language)) {
      expect({ ...procedure, refsrc: '' }).toEqual({ ...procedureOf(id, language), refsrc: '' })
      const { lines } = scoreSystems(systemsOf(cases[0]!.pairs.slice(0, 5)), {
        procedure: procedureOf(id, language),
        recipe: id,
        metrics,
      })
      expect(lines().every(line => Number.isFinite(line.scores[0]))).toBe(true)
    }
})

describe('why two numbers differ', () => {
  const pairs = cases[0]!.pairs
  const way = (recipe: RecipeId, metric = 'bleu') => ({
    recipe,
    procedure: procedureOf(recipe, 'de'),
    metric,
  })
  const input = { hypotheses: systemsOf(pairs).hypotheses[0]!, references: systemsOf(pairs).references }

  test('every pair of recipes is split into single changes that add up to the last printed digit', () => {
    for (const from of RECIPE_IDS)
      for (const to of RECIPE_IDS) {
        const { steps, gap, ...ends } = explainGap({ ...input, from: way(from), to: way(to) })
        const sum = steps.reduce((total, { points }) => total + Math.round(points * 100), 0)
        expect(sum).toBe(Math.round(gap * 100))
        expect(sum).toBe(Math.round(ends.to.score * 100) - Math.round(ends.from.score * 100))
        expect(ends.to.score).toBe(score(pairs, to, 'de', 'bleu').scores[0])
      }
  })

  test('names what was changed, and leaves the rest of a published number to the system', () => {
    const found = explainGap({
      ...input,
      from: way('sacrebleu'),
      to: way('neccam2020', 'bleu-1'),
      published: 50,
    })
    expect(found.steps.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['references', 'all', 'first'],
      ['case', 'keep', 'lower-references'],
      ['tokenize', '13a', 'none'],
      ['smooth', 'exp', 'floor[0.00]'],
      ['metric', 'BLEU', 'BLEU-1'],
      ['system', '', ''],
    ])
    expect(found.steps.at(-1)!.score).toBe(50)
  })
})

test('a repair of the text shows in the second signature and nowhere else', () => {
  const procedure = normalised(procedureOf('sacrebleu', 'de'), ['stop', 'nfc'])
  const metrics = recipeNamed('sacrebleu').metrics
  const { signature, slt } = scoreSystems(systemsOf(cases[0]!.pairs), {
    procedure,
    recipe: 'sacrebleu',
    metrics,
  }).line('bleu')
  expect(signature).toBe('nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0')
  expect(slt).toContain('stop:strip|nfc:yes')
})

test('an exchanged segment gives the scores of a text scored anew', () => {
  const pairs = cases[0]!.pairs
  const options = {
    procedure: procedureOf('sacrebleu', 'de'),
    recipe: 'sacrebleu' as const,
    metrics: ['bleu', 'chrf', 'ter', 'rouge'],
  }
  const tables = scoreSystems(systemsOf(pairs), options)
  const changed = pairs.map((pair, i): Case['pairs'][number] =>
    i === 7 ? [pair[0], 'ganz anders heute .'] : pair,
  )
  tables.fill(7, { hypotheses: [[changed[7]![0]]], references: [['ganz anders heute .', null]] })
  expect(tables.lines()).toEqual(scoreSystems(systemsOf(changed), options).lines())
})
