import type { Procedure } from '#main/metrics/recipes/procedure.ts'
import type { PlainFiles, PlainText } from './dataset-plain.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import { preparedFilesOf } from './prepared-text.ts'
import type { Outline } from './release-outline.ts'
import { keyOfWay, nameOfWay, PLAIN_WAY, procedureOfWay, type WayScore } from './scored-ways.ts'

const FLAGS: Readonly<Record<string, string>> = { bleu: 'bleu', chrf: 'chrf', ter: 'ter' }

/** What the program that a reader can install computes under the same name; `chrf++` takes a command of its own. */
const ofSacrebleu = (scores: readonly WayScore[], { tokenize, effectiveOrder }: Procedure) =>
  scores.filter(
    ({ key }) =>
      Object.hasOwn(FLAGS, key) && (key !== 'bleu' || (tokenize !== 'zh-fixed' && effectiveOrder === 'no')),
  )

type Scored = Pick<PlainFiles, 'hypotheses' | 'references'>

function sacrebleuCommand(
  { hypotheses, references }: Scored,
  scores: readonly WayScore[],
  { tokenize, smooth, lowercase, asian }: Procedure,
): string {
  const keys = scores.map(({ key }) => key)
  const [, method = smooth, value] = /^(.+)\[(.+)\]$/.exec(smooth) ?? []
  const options = [
    keys.includes('bleu') && `-tok ${tokenize}`,
    keys.includes('bleu') && smooth !== 'exp' && `--smooth-method ${method}`,
    keys.includes('bleu') && value !== undefined && `--smooth-value ${Number(value)}`,
    lowercase === 'yes' && '-lc --chrf-lowercase',
    keys.includes('ter') && asian === 'yes' && '--ter-normalized --ter-asian-support',
    '-w 4',
  ].filter(option => option !== false)
  const flags = Object.keys(FLAGS).filter(key => keys.includes(key))
  return `sacrebleu ${references.join(' ')} -i ${hypotheses} -m ${flags.join(' ')} ${options.join(' ')}`
}

const PLAIN_PROCEDURE = (language: string) => procedureOfWay(PLAIN_WAY, { language, roundTrip: undefined })

/** One `sacrebleu` command for each run, to be called in the folder of a release. */
export function sacrebleuCommands({ runs }: PlainText, language: string): string[] {
  const procedure = PLAIN_PROCEDURE(language)
  return runs.flatMap(({ files, ways }) => {
    const scores = ofSacrebleu(ways[0]!.scores, procedure)
    return scores.length === 0 ? [] : [sacrebleuCommand(files, scores, procedure)]
  })
}

interface ReproducedSource {
  dataset: EvaluatedDataset
  outline: Outline
  plain: PlainText
}

/** `reproduce.sh`: the commands, and beside each what it has to print. */
export function* reproduceScript({ dataset, outline, plain }: ReproducedSource): Generator<string> {
  yield '#!/bin/sh\n# Needs: pip install sacrebleu==2.6.0\nset -eu\ncd "$(dirname "$0")"\n'
  const procedure = PLAIN_PROCEDURE(dataset.corpus.textLanguage)
  for (const { files, ways } of plain.runs) yield* reproduced(files, ways[0]!.scores, procedure)
  yield* preparedCommands({ dataset, outline, plain })
}

function* reproduced(files: Scored, scores: readonly WayScore[], procedure: Procedure): Generator<string> {
  const known = ofSacrebleu(scores, procedure)
  if (known.length === 0) return
  yield '\n'
  for (const { metric, score, signature } of known) yield `# ${metric}|${signature} = ${score.toFixed(4)}\n`
  yield `${sacrebleuCommand(files, known, procedure)}\n`
}

/** What sacreBLEU does not know, as ROUGE-L, is a remark: this program computes it from the same lines. */
function* preparedCommands({ dataset, outline, plain }: ReproducedSource): Generator<string> {
  const { textLanguage } = dataset.corpus
  let told = ''
  for (const { choice, procedure, run, ...files } of preparedFilesOf(dataset, outline)) {
    if (told !== keyOfWay(choice)) yield `\n# ${nameOfWay(choice)}, on the lines as it prepares them:\n`
    told = keyOfWay(choice)
    const { scores } = plain.runs[run]!.ways.find(way => keyOfWay(way.choice) === told)!
    yield* reproduced(files, scores, procedure)
    const others = scores.filter(score => !ofSacrebleu(scores, procedure).includes(score))
    for (const { metric, score, signature, slt } of others)
      yield `# ${metric}|${signature} ${slt} = ${score.toFixed(4)}\n`
    const options = [
      `--recipe ${choice.recipe}`,
      ...(choice.normalisers.length > 0 ? [`--normalise ${choice.normalisers.join(',')}`] : []),
      '--prepared',
      ...(textLanguage ? [`--language ${textLanguage}`] : []),
    ].join(' ')
    if (others.length > 0)
      yield `#   signwright score ${files.hypotheses} ${files.references.join(' ')} ${options}\n`
  }
}
