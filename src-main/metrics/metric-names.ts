import type { GlossCleanup } from '#shared/domain/gloss-cleanup.ts'
import { AppError } from '#shared/contract/errors.ts'
import { bleu, type Smoothing } from './bleu.ts'
import { chrf } from './chrf.ts'
import type { Metric } from './metric.ts'
import { rougeL, type RougeVariant } from './rouge.ts'
import { ter } from './ter.ts'
import type { TokenizerName } from './tokenizers.ts'
import { wer } from './wer.ts'

/** The options that the command line and the windows offer; a metric takes what concerns it. */
export interface MetricOptions {
  tokenize?: TokenizerName
  lowercase?: boolean
  smooth?: Smoothing
  smoothValue?: number
  effectiveOrder?: boolean
  rouge?: RougeVariant
  /** The text has no spaces between words: TER and ROUGE compare characters, or a sentence is one word. */
  unspaced?: boolean
  /** Of glosses, before WER compares them. */
  cleanup?: GlossCleanup
}

type Factory = (options: MetricOptions) => Metric

const FACTORIES: Record<string, Factory> = {
  bleu: options => bleu(options),
  'bleu-1': options => bleu({ ...options, maxOrder: 1 }),
  'bleu-2': options => bleu({ ...options, maxOrder: 2 }),
  'bleu-3': options => bleu({ ...options, maxOrder: 3 }),
  'bleu-4': options => bleu(options),
  chrf: ({ lowercase }) => chrf({ lowercase }),
  'chrf++': ({ lowercase }) => chrf({ lowercase, wordOrder: 2 }),
  ter: ({ unspaced }) => ter(unspaced ? { normalized: true, asianSupport: true } : {}),
  rouge: ({ rouge, unspaced }) => rougeL({ variant: rouge ?? (unspaced ? 'characters' : 'rouge-score') }),
  wer: ({ cleanup }) => wer({ cleanup }),
  'wer-sclite': ({ cleanup }) => wer({ costs: '4-3-3', cleanup }),
}

const ALIASES: Record<string, string> = {
  chrf2: 'chrf',
  'chrf2++': 'chrf++',
  chrfpp: 'chrf++',
  'rouge-l': 'rouge',
  rougel: 'rouge',
  bleu1: 'bleu-1',
  bleu2: 'bleu-2',
  bleu3: 'bleu-3',
  bleu4: 'bleu',
}

/** The names `metricFrom` knows, for help texts. */
export const METRIC_NAMES: readonly string[] = Object.keys(FACTORIES)

/** A metric by the name a user types: `bleu`, `bleu-1`, `chrf`, `chrf++`, `ter`, `rouge`, `wer`, … */
export function metricFrom(name: string, options: MetricOptions = {}): Metric {
  const key = name.trim().toLowerCase()
  const factory = FACTORIES[ALIASES[key] ?? key]
  if (factory) return factory(options)
  throw new AppError('invalid-input', `There is no metric "${name}". Known: ${METRIC_NAMES.join(', ')}.`, {
    details: { metric: name },
  })
}
