import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import type { PlainText } from './dataset-plain.ts'
import { keyOfWay, PLAIN_WAY } from './scored-ways.ts'

const FLAGS = { BLEU: 'bleu', chrF2: 'chrf', TER: 'ter' } as const

/** One `sacrebleu` command for each run, to be called in the folder of a release. */
export function sacrebleuCommands({ runs, tokenize }: PlainText): string[] {
  return runs
    .filter(({ scores }) => scores.length > 0)
    .map(({ files, scores }) => {
      const ter = scores.find(({ metric }) => metric === 'TER')?.signature.includes('asian:yes')
        ? ' --ter-normalized --ter-asian-support'
        : ''
      const flags = Object.entries(FLAGS).flatMap(([name, flag]) =>
        scores.some(({ metric }) => metric === name) ? [flag] : [],
      )
      return `sacrebleu ${files.references.join(' ')} -i ${files.hypotheses} -m ${flags.join(' ')} -tok ${tokenize}${ter} -w 4`
    })
}

/**
 * `reproduce.sh`: the commands, and beside each what it has to print. Another recipe is no program that one can install:
 * its command is a remark.
 */
export function* reproduceScript(
  plain: PlainText,
  evaluation: EvaluationChoice,
  textLanguage: string,
): Generator<string> {
  yield '#!/bin/sh\n# Needs: pip install sacrebleu==2.6.0\nset -eu\ncd "$(dirname "$0")"\n'
  const commands = sacrebleuCommands(plain)
  const scored = plain.runs.filter(({ scores }) => scores.length > 0)
  for (const [i, { scores }] of scored.entries()) {
    yield '\n'
    for (const { metric, score, signature } of scores)
      if (Object.hasOwn(FLAGS, metric)) yield `# ${metric}|${signature} = ${score.toFixed(4)}\n`
    yield `${commands[i]}\n`
  }
  if (keyOfWay(evaluation) === keyOfWay(PLAIN_WAY)) return
  const { recipe, normalisers } = evaluation
  const options = [
    `--recipe ${recipe}`,
    ...(normalisers.length > 0 ? [`--normalise ${normalisers.join(',')}`] : []),
    ...(textLanguage ? [`--language ${textLanguage}`] : []),
  ].join(' ')
  yield '\n# The other recipe in eval/corpus_scores.json, by Signwright:\n'
  for (const { files } of scored)
    yield `#   signwright score ${files.hypotheses} ${files.references.join(' ')} ${options}\n`
}
