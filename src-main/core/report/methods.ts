import { recipeNamed } from '#main/metrics/recipes/registry.ts'
import type { OutlinedRun } from '../export/release-outline.ts'
import { keyOfWay, nameOfWay, PLAIN_WAY } from '../export/scored-ways.ts'
import type { ReportSource } from './report.types.ts'

/** What has to stand in a paper so that others can compute the same numbers (Müller et al. 2023, arXiv 2211.15464). */
export function methodsParagraph({ dataset, outline, plain, tests }: ReportSource): string {
  const { generator, corpus } = dataset
  const nrefs = outline.streams
  const [test] = tests
  const sentences = [
    `Translations of ${scoredClips(outline.runs)} clips were scored against ${nrefs === 1 ? 'one reference' : `${nrefs} references`} each${corpus.textLanguage ? ` (${corpus.textLanguage})` : ''}.`,
    `BLEU, chrF and TER are those of sacreBLEU 2.6.0 (Post, 2018), recomputed by ${generator.name} ${generator.version}; the tokenizer is ${plain.tokenize}, and the full signatures are given below.`,
    'BLEU-n is the cumulative geometric mean of the n-gram precisions up to n with one brevity penalty.',
    'For sacreBLEU, texts were scored as they are: neither hypotheses nor references were lower-cased, normalised or tokenized beforehand.',
    '95 % confidence intervals come from 1000 bootstrap resamples of the segments.',
  ]
  const { evaluation } = dataset
  if (keyOfWay(evaluation) !== keyOfWay(PLAIN_WAY))
    sentences.push(
      `Scores under ${nameOfWay(evaluation)} follow ${recipeNamed(evaluation.recipe).name} (${recipeNamed(evaluation.recipe).source}): texts are prepared as its second signature says, and its numbers stand beside those of the same recipe alone.`,
    )
  if (test)
    sentences.push(
      `Systems were tested against ${test.baseline} under ${[...new Set(tests.map(({ metric }) => metric))].join(', ')} by paired approximate randomization (${test.n} trials, seed ${test.seed}, two-sided) over the segments that both have translated; p-values were corrected for the number of systems by Holm’s method.`,
    )
  return sentences.join(' ')
}

/** How many clips each run is scored on. */
function scoredClips(runs: readonly OutlinedRun[]): string {
  const counts = runs.map(({ scored }) => scored).filter(scored => scored > 0)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return least === most ? String(most) : `${least} to ${most}`
}

/** What the numbers do not say. */
export function limits({ dataset, outline, plain }: ReportSource): string[] {
  const partial = plain.runs.filter(({ untranslated }) => untranslated > 0)
  const segments = Math.max(...outline.runs.map(({ scored }) => scored))
  const without = outline.clips.length - outline.scored
  const warned = dataset.runs.filter(({ warning }) => warning !== null)
  return [
    ...(without > 0 ? [`${without} clips have no reference and are in no score.`] : []),
    ...partial.map(
      ({ run, clips, untranslated }) =>
        `${run} is scored on ${clips} clips; ${untranslated} clips with a reference are not translated by it. Its corpus scores stand beside those over other clips; only the tests compare the same clips.`,
    ),
    ...(segments < 500
      ? [`${segments} segments are few: small differences cannot be told from chance.`]
      : []),
    ...warned.map(({ name, warning }) => `${name}: ${warning}`),
    'Overlap with one reference says little about whether a translation is understood: paraphrases score low, fluent inventions may score high.',
    'Scores of other publications can be set beside these only where tokenizer, smoothing, case and preparation of the texts are the same.',
  ]
}
