import { setImmediate } from 'node:timers/promises'
import { pythonRstrip } from '#main/metrics/python-text.ts'
import {
  chooseTokenizer,
  createScorer,
  DEFAULT_METRICS,
  sentenceMetrics,
  type NamedScore,
  type ScorerOptions,
} from '../evaluation/scorer.ts'
import type { DatasetClip, DatasetReference, DatasetRun } from './dataset.types.ts'

/** One run as lines that `sacrebleu` can score, and its scores on exactly these lines. */
export interface PlainRun {
  run: string
  clips: string[]
  hypotheses: string[]
  /** References per clip, as many for each. */
  references: string[][]
  files: { hypotheses: string; references: string[]; ids: string }
  scores: NamedScore[]
  sentences: Map<string, { bleu: number; chrf: number }>
  /** Clips with a reference that the run has not translated. */
  untranslated: number
}

export interface PlainText {
  /** Clips with a reference, and as many of their references as each of them has. */
  clips: string[]
  references: string[][]
  runs: PlainRun[]
  tokenize: string
  sentenceSignatures: { bleu: string; chrf: string }
}

export const REFERENCE_FILE = (ordinal: number) =>
  ordinal === 0 ? 'plain/ref.txt' : `plain/ref.${ordinal + 1}.txt`

/** A text as one line of a file: `sacrebleu` ends lines at U+000A and drops white space at their end. */
export function plainLine(text: string): string {
  return pythonRstrip(text.replace(/[\r\n]+/g, ' '))
}

/** What is written of a run, before it is scored. */
export type PlainRunLines = Omit<PlainRun, 'scores' | 'sentences'>
export type PlainLines = Pick<PlainText, 'clips' | 'references'> & { runs: PlainRunLines[] }

/** Lines and scores of every run over the clips that have references. */
export async function plainText(
  clips: readonly DatasetClip[],
  runs: readonly DatasetRun[],
  options: ScorerOptions,
): Promise<PlainText> {
  const lines = plainLines(clips, runs, options.language ?? '')
  const tokenize = chooseTokenizer(options)
  const metrics = sentenceMetrics(tokenize)
  const nrefs = lines.references[0]?.length ?? 1
  const scored: PlainRun[] = []
  for (const run of lines.runs) scored.push(await scoredRun(run, options))
  return {
    ...lines,
    runs: scored,
    tokenize,
    sentenceSignatures: { bleu: metrics.bleu.signature(nrefs), chrf: metrics.chrf.signature(nrefs) },
  }
}

/** The lines alone: what the files hold and how they are called. */
export function plainLines(
  clips: readonly DatasetClip[],
  runs: readonly DatasetRun[],
  language: string,
): PlainLines {
  const scored = clips
    .map(clip => ({ name: clip.name, references: inLanguage(clip, language) }))
    .filter(({ references }) => references.length > 0)
  const streams = scored.reduce((least, { references }) => Math.min(least, references.length), Infinity)
  const references = scored.map(clip => clip.references.slice(0, streams).map(({ text }) => plainLine(text)))
  const names = fileNames(runs.map(({ name }) => name))
  return {
    clips: scored.map(({ name }) => name),
    references,
    runs: runs.map((run, i) => runLines(run, names[i]!, scored, references)),
  }
}

/** A run that lacks clips gets references and ids of its own, so that line n is the same clip in all its files. */
export function plainFiles({ references, runs }: PlainLines): string[] {
  const common = ['plain/ids.txt', ...(references[0] ?? []).map((_, i) => REFERENCE_FILE(i))]
  const own = runs.flatMap(({ files }) => [files.hypotheses, files.ids, ...files.references])
  return [...new Set([...common, ...own])]
}

/** A translation is compared with references in its language; one without a language may be in any. */
function inLanguage({ references }: DatasetClip, wanted: string): readonly DatasetReference[] {
  const primary = (tag: string) => tag.toLowerCase().split(/[-_]/)[0]
  if (wanted === '') return references
  return references.filter(({ language }) => language === '' || primary(language) === primary(wanted))
}

function runLines(
  run: DatasetRun,
  fileName: string,
  scored: readonly { name: string }[],
  references: readonly string[][],
): PlainRunLines {
  const best = new Map(run.hypotheses.filter(({ rank }) => rank === 0).map(({ clip, text }) => [clip, text]))
  const rows = scored.flatMap(({ name }, i) => {
    const text = best.get(name)
    return text === undefined ? [] : [{ clip: name, hypothesis: plainLine(text), references: references[i]! }]
  })
  const isWhole = rows.length === scored.length
  const streams = rows[0]?.references.length ?? 0
  const own = (ordinal: number) => `plain/${fileName}.${REFERENCE_FILE(ordinal).slice('plain/'.length)}`
  return {
    run: run.name,
    clips: rows.map(({ clip }) => clip),
    hypotheses: rows.map(({ hypothesis }) => hypothesis),
    references: rows.map(row => row.references),
    files: {
      hypotheses: `plain/${fileName}.hyp.txt`,
      references: Array.from({ length: streams }, (_, i) => (isWhole ? REFERENCE_FILE(i) : own(i))),
      ids: isWhole ? 'plain/ids.txt' : `plain/${fileName}.ids.txt`,
    },
    untranslated: scored.length - rows.length,
  }
}

async function scoredRun(lines: PlainRunLines, options: ScorerOptions): Promise<PlainRun> {
  const { clips, hypotheses, references } = lines
  const rows = hypotheses.map((hypothesis, i) => ({ hypothesis, references: references[i]! }))
  const { scores, sentences } = await scoreRows(rows, options)
  return { ...lines, scores, sentences: new Map(sentences.map((score, i) => [clips[i]!, score])) }
}

/** A large run takes a second a metric: others get their turn in between. */
async function scoreRows(
  rows: readonly { hypothesis: string; references: string[] }[],
  options: ScorerOptions,
): Promise<{ scores: NamedScore[]; sentences: { bleu: number; chrf: number }[] }> {
  if (rows.length === 0) return { scores: [], sentences: [] }
  const scorer = createScorer(
    rows.map(({ hypothesis }) => hypothesis),
    rows.map(({ references }) => references),
    options,
  )
  const scores: NamedScore[] = []
  for (const name of options.metrics ?? DEFAULT_METRICS) {
    scores.push(scorer.metric(name))
    await setImmediate()
  }
  return { scores, sentences: scorer.sentences() }
}

/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Names that are good on every system: letters, digits, `.`, `_`, `-`; different when case is ignored. */
export function fileNames(names: readonly string[]): string[] {
  const taken = new Set<string>(['ref', 'ids'])
  return names.map(name => {
    const base = fileNameOf(name)
    let unique = base
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${base}-${n}`
    taken.add(unique.toLowerCase())
    return unique
  })
}

function fileNameOf(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 80)
    .replace(/^[.-]+|[.-]+$/g, '')
  if (safe === '') return 'run'
  return RESERVED.test(safe) ? `run-${safe}` : safe
}
