import { AppError } from '#shared/contract/errors.ts'
import { compareSystems, type SystemDifference } from './compare-systems.ts'
import { readPlainLines } from './plain-lines.ts'
import { scoreCorpus, type NamedScore, type ScorerOptions } from './scorer.ts'

export interface ScoreFilesOptions extends ScorerOptions {
  /** One hypothesis a line. */
  hyp: string
  /** One file a reference, line by line as the hypotheses. */
  refs: readonly string[]
  /** Another system over the same references, to compare with. */
  baseline?: string
}

/** What `signwright score --json` prints. */
export interface FileScores {
  lines: number
  scores: NamedScore[]
  baseline?: { file: string; scores: NamedScore[]; tests: SystemDifference[] }
  /** Things that make two tools disagree, said before somebody wonders. */
  warnings: string[]
}

/** Scores plain files of sentences; the numbers and signatures are those of `sacrebleu REF… -i HYP`. */
export function scoreFiles({ hyp, refs, baseline, ...options }: ScoreFilesOptions): FileScores {
  if (refs.length === 0) throw new AppError('invalid-input', 'Name at least one file of references.')
  const hypotheses = readPlainLines(hyp)
  if (hypotheses.length === 0)
    throw new AppError('invalid-input', `${hyp} has no lines, so there is nothing to score.`, {
      details: { file: hyp },
    })
  const streams = refs.map(file => alignedLines(file, hyp, hypotheses.length))
  const references = hypotheses.map((_, i) => streams.map(stream => stream[i]!))
  const result: FileScores = {
    lines: hypotheses.length,
    scores: scoreCorpus(hypotheses, references, options),
    warnings: warningsFor(hyp, hypotheses),
  }
  if (baseline === undefined) return result
  const other = alignedLines(baseline, hyp, hypotheses.length)
  const tests = compareSystems(other, [{ name: hyp, hypotheses }], references, options)
  return { ...result, baseline: { file: baseline, scores: scoreCorpus(other, references, options), tests } }
}

/** The lines of a file that must have as many as the hypotheses. */
export function alignedLines(file: string, hypothesisFile: string, expected: number): string[] {
  const lines = readPlainLines(file)
  if (lines.length === expected) return lines
  const [shorter, at] = lines.length < expected ? [file, lines.length + 1] : [hypothesisFile, expected + 1]
  throw new AppError(
    'invalid-input',
    `${file} has ${lines.length} lines and ${hypothesisFile} has ${expected}: ${shorter} has no line ${at}.`,
    { details: { file: shorter, line: at, lines: lines.length, expected } },
  )
}

function warningsFor(file: string, lines: readonly string[]): string[] {
  const warnings: string[] = []
  const tokenized = lines.filter(line => line.endsWith(' .')).length
  // The threshold of sacreBLEU's own warning.
  if (tokenized >= 100)
    warnings.push(
      `${tokenized} lines of ${file} end in a separate full stop: the text looks tokenized already.`,
    )
  if (lines[0]?.startsWith('\ufeff'))
    warnings.push(`${file} starts with a byte order mark, which counts as a character of its first line.`)
  const empty = lines.filter(line => line === '').length
  if (empty > 0) warnings.push(`${empty} lines of ${file} are empty.`)
  return warnings
}
