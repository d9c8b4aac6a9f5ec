import { bleu } from '#main/metrics/bleu.ts'
import { chrf } from '#main/metrics/chrf.ts'
import { metricFrom, type MetricOptions } from '#main/metrics/metric-names.ts'
import { countReferences, sumOfTable, type Metric } from '#main/metrics/metric.ts'
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
  const hypotheses = scored.map(({ hypothesis }) => hypothesis)
  const references = scored.map(clip => clip.references)
  return {
    scores: scoreCorpus(hypotheses, references, options),
    sentences: scoreSentences(scored, options),
    withoutReference,
  }
}

/** Corpus scores of one system; references are per segment. */
export function scoreCorpus(
  hypotheses: readonly string[],
  references: readonly (readonly (string | null)[])[],
  options: ScorerOptions = {},
): NamedScore[] {
  const unspaced = options.unspaced ?? isUnspaced(options.language ?? '')
  const resolved = { ...options, unspaced, tokenize: chooseTokenizer(options) }
  const count = countReferences(references)
  const totalOf = (metric: Metric) => sumOfTable(metric.tables([hypotheses], references)[0]!)
  let bleuTotal: Float64Array | undefined
  return (options.metrics ?? DEFAULT_METRICS).map(name => {
    const metric = metricFrom(name, resolved)
    // The statistics of order 4 hold those of the lower orders, so BLEU-1 to 4 take one pass over the text.
    const total = metric.name.startsWith('BLEU') ? (bleuTotal ??= totalOf(bleu(resolved))) : totalOf(metric)
    const { score, details } = metric.evaluate(total)
    return { metric: metric.name, score, signature: metric.signature(count), details: { ...details } }
  })
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
