import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import { prepareReferences, prepareText } from '#main/metrics/recipes/prepare-text.ts'
import type { Procedure } from '#main/metrics/recipes/procedure.ts'
import { bestOutputs, type PlainFiles, plainFilesOf, plainLine, scoredLines } from './dataset-plain.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline, OutlinedRun } from './release-outline.ts'
import type { PartSource, ReleasePart } from './release-parts.ts'
import { keyOfWay, PLAIN_WAY, procedureOfWay, releasedWays } from './scored-ways.ts'

/** The sentences of a run as a recipe reads them: on these, sacreBLEU with its options gives the recipe's numbers. */
export interface PreparedFiles extends Pick<PlainFiles, 'hypotheses' | 'references'> {
  choice: EvaluationChoice
  procedure: Procedure
  /** Of the runs of the release. */
  run: number
}

/** A folder of `plain/` for each recipe besides sacreBLEU, and in it the files of each run that is scored. */
export function preparedFilesOf(dataset: EvaluatedDataset, outline: Outline): PreparedFiles[] {
  const language = dataset.corpus.textLanguage
  const files = plainFilesOf(outline)
  return releasedWays(dataset)
    .filter(choice => keyOfWay(choice) !== keyOfWay(PLAIN_WAY))
    .flatMap(choice => {
      const procedure = procedureOfWay(choice, { language, roundTrip: dataset.roundTrip })
      const inFolder = (file: string) => file.replace(/^plain\//, `plain/${keyOfWay(choice)}/`)
      return files.flatMap(({ hypotheses, references }, run): PreparedFiles[] => {
        if (outline.runs[run]!.scored === 0) return []
        const read = procedure.references === 'first' ? references.slice(0, 1) : references
        return [{ choice, procedure, run, hypotheses: inFolder(hypotheses), references: read.map(inFolder) }]
      })
    })
}

export function preparedParts({ dataset, outline }: PartSource): ReleasePart[] {
  const shared = new Set<string>()
  return preparedFilesOf(dataset, outline).flatMap(({ procedure, run, hypotheses, references }) => {
    const parts: ReleasePart[] = [
      {
        path: hypotheses,
        steps: outline.runs[run]!.hypotheses,
        pieces: () => preparedHypotheses(dataset, outline, { procedure, run }),
      },
    ]
    for (const [ordinal, path] of references.entries()) {
      if (shared.has(path)) continue
      shared.add(path)
      const pieces = () => preparedReferences(dataset, outline, { procedure, run, ordinal })
      parts.push({ path, steps: outline.clips.length, pieces })
    }
    return parts
  })
}

interface PreparedRun {
  procedure: Procedure
  run: number
}

function* preparedHypotheses(
  dataset: EvaluatedDataset,
  outline: Outline,
  { procedure, run }: PreparedRun,
): Generator<string> {
  const scored = (function* () {
    for (const output of bestOutputs(dataset.runs[run]!.hypotheses, outline))
      if (outline.clips[output.position]!.references > 0) yield output
  })()
  for (const { text } of withoutOmitted(scored, procedure))
    yield lineOf(prepareText(plainLine(text), procedure, 'hypothesis'))
}

function* preparedReferences(
  dataset: EvaluatedDataset,
  { streams, runs }: Outline,
  { procedure, run, ordinal }: PreparedRun & { ordinal: number },
): Generator<string> {
  const ofRun = linesOfRun(scoredLines(dataset, streams), runs[run]!)
  for (const { references } of withoutOmitted(ofRun, procedure))
    yield lineOf(prepareReferences(references, procedure, dataset.roundTrip)[ordinal] ?? '')
}

function* linesOfRun<Line extends { position: number }>(
  lines: Iterable<Line>,
  { hasOutput }: OutlinedRun,
): Generator<Line> {
  for (const line of lines) if (hasOutput[line.position] === 1) yield line
}

/** Published code may forget a segment, counted from 0. */
function* withoutOmitted<T>(segments: Iterable<T>, { leaveOut }: Procedure): Generator<T> {
  let at = 0
  for (const segment of segments) if (leaveOut === 'none' || at++ !== Number(leaveOut)) yield segment
}

const lineOf = (text: string) => `${plainLine(text)}\n`
