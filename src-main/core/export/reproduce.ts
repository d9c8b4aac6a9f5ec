import type { PlainText } from './dataset-plain.ts'

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

/** `reproduce.sh`: the commands, and beside each what it has to print. */
export function* reproduceScript(plain: PlainText): Generator<string> {
  yield '#!/bin/sh\n# Needs: pip install sacrebleu==2.6.0\nset -eu\ncd "$(dirname "$0")"\n'
  const commands = sacrebleuCommands(plain)
  const scored = plain.runs.filter(({ scores }) => scores.length > 0)
  for (const [i, { scores }] of scored.entries()) {
    yield '\n'
    for (const { metric, score, signature } of scores)
      if (Object.hasOwn(FLAGS, metric)) yield `# ${metric}|${signature} = ${score.toFixed(4)}\n`
    yield `${commands[i]}\n`
  }
}
