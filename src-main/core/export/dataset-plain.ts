import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import { pythonRstrip } from '#main/metrics/python-text.ts'
import { createRunningScore } from '../evaluation/running-score.ts'
import {
  chooseTokenizer,
  type NamedScore,
  type ScorerOptions,
  sentenceMetrics,
} from '../evaluation/scorer.ts'
import type { DatasetHypothesis, EvaluatedDataset } from './dataset.types.ts'
import { fileNames } from './file-names.ts'
import { inTurns, type Outline, type OutlinedRun, scoredReferences } from './release-outline.ts'
import { createWay, otherWays, plainWay, type ScoredWay, type WayOptions } from './scored-ways.ts'

/** What a release is scored by unless the dataset says otherwise. */
export const DATASET_METRICS = ['bleu-1', 'bleu-2', 'bleu-3', 'bleu', 'chrf', 'chrf++', 'ter'] as const

/** The files that `sacrebleu` scores a run from. */
export interface PlainFiles {
  hypotheses: string
  references: string[]
  ids: string
}

/** One run and its scores on exactly the lines of its files. */
export interface PlainRun {
  run: string
  files: PlainFiles
  /** Clips that it is scored on. */
  clips: number
  /** Clips with a reference that it has not translated. */
  untranslated: number
  /** References that each of these clips is scored with. */
  references: number
  scores: NamedScore[]
  /** Sentence scores of the best output of a clip, by its position; null where there is none. */
  sentence: (position: number) => { bleu: number; chrf: number } | null
  /** The plain one first. Statistics have a row for each position where `hasOutput` holds and a reference is. */
  ways: ScoredWay[]
}

export interface PlainText {
  runs: PlainRun[]
  tokenize: string
  sentenceSignatures: { bleu: string; chrf: string }
}

export const IDS_FILE = 'plain/ids.txt'

export const REFERENCE_FILE = (ordinal: number) =>
  ordinal === 0 ? 'plain/ref.txt' : `plain/ref.${ordinal + 1}.txt`

/** A text as one line of a file: `sacrebleu` ends lines at U+000A and drops white space at their end. */
export function plainLine(text: string): string {
  return pythonRstrip(text.replace(/[\r\n]+/g, ' '))
}

/** A run that lacks clips gets references and ids of its own, so that line n is the same clip in all its files. */
export function plainFilesOf({ runs, scored, streams }: Outline): PlainFiles[] {
  const names = fileNames(runs.map(({ name }) => name))
  return runs.map((run, i) => {
    const isWhole = run.scored === scored
    const own = (file: string) => `plain/${names[i]}.${file.slice('plain/'.length)}`
    const count = run.scored === 0 ? 0 : streams
    return {
      hypotheses: `plain/${names[i]}.hyp.txt`,
      references: Array.from({ length: count }, (_, at) =>
        isWhole ? REFERENCE_FILE(at) : own(REFERENCE_FILE(at)),
      ),
      ids: isWhole ? IDS_FILE : own(IDS_FILE),
    }
  })
}

/** Every scored clip, with the lines that it is compared with. */
export function* scoredLines(
  dataset: EvaluatedDataset,
  streams: number,
): Generator<{ position: number; references: string[] }> {
  let position = 0
  for (const clip of dataset.clips) {
    const references = scoredReferences(clip, dataset.corpus.textLanguage)
    if (references.length > 0)
      yield { position, references: references.slice(0, streams).map(({ text }) => plainLine(text)) }
    position += 1
  }
}

/** The best outputs of a run with their positions, in the order of the clips. */
export function* bestOutputs(
  hypotheses: Iterable<DatasetHypothesis>,
  { positions }: Outline,
): Generator<{ position: number; text: string }> {
  for (const { clip, rank, text } of hypotheses)
    if (rank === 0) yield { position: positions.get(clip)!, text }
}

/** Scores every run over the clips that have references, while both pass by. */
export async function scorePlain(
  dataset: EvaluatedDataset,
  outline: Outline,
  signal?: AbortSignal,
): Promise<PlainText> {
  const options = {
    language: dataset.corpus.textLanguage,
    metrics: dataset.metrics ?? DATASET_METRICS,
    ways: otherWays(dataset),
    roundTrip: dataset.roundTrip,
  }
  const tallies = dataset.runs.map((run, i) =>
    createTally(outline, outline.runs[i]!, options, run.hypotheses),
  )
  for await (const { position, references } of inTurns(scoredLines(dataset, outline.streams), signal))
    for (const tally of tallies) tally.visit(position, references)
  const files = plainFilesOf(outline)
  const tokenize = chooseTokenizer(options)
  const metrics = sentenceMetrics(tokenize)
  const nrefs = outline.streams || 1
  return {
    runs: tallies.map((tally, i) => ({ files: files[i]!, ...tally.result(outline) })),
    tokenize,
    sentenceSignatures: { bleu: metrics.bleu.signature(nrefs), chrf: metrics.chrf.signature(nrefs) },
  }
}

interface TallyOptions extends Omit<ScorerOptions, 'language'>, WayOptions {
  metrics: readonly string[]
  /** Besides the plain one. */
  ways: readonly EvaluationChoice[]
}

/** One run beside the references that pass by. */
function createTally(
  outline: Outline,
  run: OutlinedRun,
  { ways, roundTrip, ...options }: TallyOptions,
  hypotheses: Iterable<DatasetHypothesis>,
) {
  const running = createRunningScore(run.scored, outline.streams, options)
  const others = ways.map(way => createWay(way, run.scored, { language: options.language, roundTrip }))
  const sentences = new Float64Array(2 * outline.clips.length).fill(NaN)
  const outputs = bestOutputs(run.isScored ? hypotheses : [], outline)
  let next = outputs.next()

  function visit(position: number, references: readonly string[]): void {
    while (!next.done && next.value.position < position) next = outputs.next()
    if (next.done || next.value.position !== position) return
    const line = plainLine(next.value.text)
    const { bleu, chrf } = running.add(line, references)
    for (const way of others) way.add(line, references)
    sentences.set([bleu, chrf], 2 * position)
  }

  function sentence(position: number) {
    const [bleu = NaN, chrf = NaN] = sentences.subarray(2 * position, 2 * position + 2)
    return Number.isNaN(bleu) ? null : { bleu, chrf }
  }

  function result({ scored, streams }: Outline) {
    const references = run.scored === 0 ? 0 : streams
    const plain = plainWay(running, { keys: options.metrics, language: options.language, references })
    return {
      run: run.name,
      clips: run.scored,
      untranslated: run.isScored ? scored - run.scored : 0,
      references,
      scores: running.scores(),
      sentence,
      ways: [plain, ...others.map(way => way.result())],
    }
  }

  return { visit, result }
}

/** The lines of a file of references; `run` alone has them where it lacks clips. */
export function* referenceLines(
  dataset: EvaluatedDataset,
  { streams }: Outline,
  ordinal: number,
  run?: OutlinedRun,
): Generator<string> {
  for (const { position, references } of scoredLines(dataset, streams))
    if (!run || run.hasOutput[position] === 1) yield `${references[ordinal]}\n`
}

export function* idLines({ clips }: Outline, run?: OutlinedRun): Generator<string> {
  for (const [position, { name, references }] of clips.entries())
    if (references > 0 && (!run || run.hasOutput[position] === 1)) yield `${name}\n`
}

export function* hypothesisLines(
  hypotheses: Iterable<DatasetHypothesis>,
  outline: Outline,
): Generator<string> {
  for (const { position, text } of bestOutputs(hypotheses, outline))
    if (outline.clips[position]!.references > 0) yield `${plainLine(text)}\n`
}
