import { bleu } from '#main/metrics/bleu.ts'
import { chrf } from '#main/metrics/chrf.ts'
import { metricFrom, type MetricOptions } from '#main/metrics/metric-names.ts'
import {
  countReferences,
  rowOf,
  sumOfTable,
  type Metric,
  type StatisticsTable,
} from '#main/metrics/metric.ts'
import { isUnspaced, tokenizerForLanguage, type TokenizerName } from '#main/metrics/tokenizers.ts'

/** One clip of a run with what it is compared with; a clip without a reference is not scored. */
export interface ScoredClip<Id = number> {
  clip: Id
  hypothesis: string
  references: readonly (string | null)[]
}

/** A score as `signwright score` prints it and the windows show it. */
export interface NamedScore {
  /** sacreBLEU's name; BLEU of shorter n-grams is `BLEU-1` to `BLEU-3`. */
  metric: string
  score: number
  /** sacreBLEU's signature, verbatim. */
  signature: string
  details: Record<string, unknown>
}

export interface SentenceScore<Id = number> {
  clip: Id
  bleu: number
  chrf: number
}

export interface CorpusScores<Id = number> {
  scores: NamedScore[]
  sentences: SentenceScore<Id>[]
  /** Clips left out because no reference exists. */
  withoutReference: Id[]
}

export interface ScorerOptions extends Omit<MetricOptions, 'tokenize'> {
  /** `auto` takes the tokenizer that fits the language of the text. */
  tokenize?: TokenizerName | 'auto'
  /** BCP 47, of the text (not of the sign language). */
  language?: string
  metrics?: readonly string[]
}

export const DEFAULT_METRICS = ['bleu-1', 'bleu-2', 'bleu-3', 'bleu', 'chrf'] as const

/** The tokenizer that options and language lead to. */
export function chooseTokenizer({ tokenize = 'auto', language = 'en' }: ScorerOptions): TokenizerName {
  return tokenize === 'auto' ? tokenizerForLanguage(language) : tokenize
}

/** Options with the tokenizer and the handling of unspaced scripts settled. */
export function resolveOptions(options: ScorerOptions): MetricOptions {
  const unspaced = options.unspaced ?? isUnspaced(options.language ?? '')
  return { ...options, unspaced, tokenize: chooseTokenizer(options) }
}

/** Scores a run: corpus scores of the metrics asked for, and BLEU and chrF of every sentence. */
export function scoreClips<Id>(
  clips: readonly ScoredClip<Id>[],
  options: ScorerOptions = {},
): CorpusScores<Id> {
  const scored = clips.filter(({ references }) => references.some(text => text !== null))
  const withoutReference = clips
    .filter(({ references }) => references.every(text => text === null))
    .map(({ clip }) => clip)
  if (scored.length === 0) return { scores: [], sentences: [], withoutReference }
  const scorer = createScorer(
    scored.map(({ hypothesis }) => hypothesis),
    scored.map(clip => clip.references),
    options,
  )
  const sentences = scorer.sentences().map((score, i) => ({ clip: scored[i]!.clip, ...score }))
  return { scores: scorer.corpus(), sentences, withoutReference }
}

/** Corpus scores of one system; references are per segment. */
export function scoreCorpus(
  hypotheses: readonly string[],
  references: readonly (readonly (string | null)[])[],
  options: ScorerOptions = {},
): NamedScore[] {
  return createScorer(hypotheses, references, options).corpus()
}

/** Scores of one text that share their statistics: each metric reads it once, whatever is asked. */
export interface Scorer {
  corpus: () => NamedScore[]
  /** One corpus score; the way to score a large text with pauses. */
  metric: (name: string) => NamedScore
  sentences: () => { bleu: number; chrf: number }[]
}

export function createScorer(
  hypotheses: readonly string[],
  references: readonly (readonly (string | null)[])[],
  options: ScorerOptions = {},
): Scorer {
  const resolved = resolveOptions(options)
  const count = countReferences(references)
  const tables = new Map<string, StatisticsTable>()

  /** The statistics of BLEU-4 hold those of the lower orders, so BLEU-1 to 4 take one pass. */
  function tableOf(metric: Metric): StatisticsTable {
    const isBleu = metric.name.startsWith('BLEU')
    const key = isBleu ? 'BLEU' : `${metric.name} ${metric.signatureKeys}`
    const known = tables.get(key)
    if (known) return known
    const [table] = (isBleu ? bleu(resolved) : metric).tables([hypotheses], references)
    tables.set(key, table!)
    return table!
  }

  function metricScore(name: string): NamedScore {
    const metric = metricFrom(name, resolved)
    const { score, details } = metric.evaluate(sumOfTable(tableOf(metric)))
    return { metric: metric.name, score, signature: metric.signature(count), details: { ...details } }
  }

  function sentences(): { bleu: number; chrf: number }[] {
    const metrics = sentenceMetrics(chooseTokenizer(options), options.lowercase)
    const [ofBleu, ofChrf] = [tableOf(metrics.bleu), tableOf(metrics.chrf)]
    return hypotheses.map((_, row) => ({
      bleu: metrics.bleu.evaluate(rowOf(ofBleu, row)).score,
      chrf: metrics.chrf.evaluate(rowOf(ofChrf, row)).score,
    }))
  }

  return {
    corpus: () => (options.metrics ?? DEFAULT_METRICS).map(metricScore),
    metric: metricScore,
    sentences,
  }
}

/** BLEU of a sentence leaves out the orders it is too short for, as sacreBLEU's `sentence_bleu` does. */
export function scoreSentences<Id>(
  clips: readonly ScoredClip<Id>[],
  options: ScorerOptions = {},
): SentenceScore<Id>[] {
  const metrics = sentenceMetrics(chooseTokenizer(options), options.lowercase ?? false)
  return clips.map(({ clip, hypothesis, references }) => ({
    clip,
    bleu: metrics.bleu.sentence(hypothesis, references).score,
    chrf: metrics.chrf.sentence(hypothesis, references).score,
  }))
}

const SENTENCE_METRICS = new Map<string, { bleu: Metric; chrf: Metric }>()

/** Kept between calls: scoring one sentence after an edit must not build the tables anew. */
export function sentenceMetrics(tokenize: TokenizerName, lowercase = false): { bleu: Metric; chrf: Metric } {
  const key = `${tokenize} ${lowercase}`
  const known = SENTENCE_METRICS.get(key)
  if (known) return known
  const made = { bleu: bleu({ tokenize, lowercase, effectiveOrder: true }), chrf: chrf({ lowercase }) }
  SENTENCE_METRICS.set(key, made)
  return made
}
