import type { Normaliser, ProcedureKey } from '#shared/contract/evaluation.ts'
import { UNTOUCHED } from '#shared/domain/untouched-text.ts'
import { bleu, type Smoothing } from '../bleu.ts'
import { chrf } from '../chrf.ts'
import type { Metric } from '../metric.ts'
import { metricFrom } from '../metric-names.ts'
import type { RougeVariant } from '../rouge.ts'
import { ter } from '../ter.ts'
import type { TokenizerName } from '../tokenizers.ts'

/**
 * Everything that decides a score besides the sentences. Flat and of words only, so that two ways of scoring differ
 * by a list of keys (`PROCEDURE_KEYS`), in whose order their gap is split.
 */
export interface Procedure {
  /** All references of a segment, or the first alone as code for one reference reads them. */
  references: 'all' | 'first'
  /** Segments that published code forgets, by position from 0. */
  leaveOut: 'none' | '242'
  /** References as they are, or encoded and decoded by the model's tokenizer. */
  refsrc: 'raw' | 'round-trip'
  entities: 'keep' | 'decode'
  /** Zero-width space, byte order mark, soft hyphen and word joiner taken out. */
  strip: 'none' | 'invisible'
  nfc: 'no' | 'yes'
  /** Full-width ASCII as half-width; `reference-marks`: ， and ？ of references only (Uni-Sign). */
  width: 'keep' | 'half' | 'reference-marks'
  /** Spaces before punctuation taken out. */
  spacing: 'keep' | 'detokenize'
  /** The final full stop; `append-reference` adds one where a reference has none (SpaMo). */
  stop: 'keep' | 'strip' | 'append-reference'
  case: 'keep' | 'lower' | 'lower-references'
  /** Each character a word; `split-keep-spaces` leaves spaces as they come (SLRT). */
  characters: 'keep' | 'split' | 'split-keep-spaces'
  tokenize: TokenizerName
  /** The metric's own lower-casing, which its signature tells. */
  lowercase: 'no' | 'yes'
  /** With its value where it has one: `floor[0.00]`. */
  smooth: 'exp' | 'none' | 'floor[0.00]' | 'floor[0.10]' | 'add-k[1.00]'
  effectiveOrder: 'no' | 'yes'
  rouge: RougeVariant
  /** TER normalises and separates Chinese and Japanese characters. */
  asian: 'no' | 'yes'
}

/** sacreBLEU's defaults on untouched text. */
export const PLAIN: Procedure = { ...UNTOUCHED, tokenize: '13a', smooth: 'exp', rouge: 'words' }

const { lowercase: _lowercase, effectiveOrder: _order, asian: _asian, ...untouchedText } = UNTOUCHED

/** What leaves texts as they come, whatever the metrics' own options are. */
export const UNTOUCHED_TEXT: Partial<Procedure> = untouchedText

const NORMALISED: Record<Normaliser, Partial<Procedure>> = {
  stop: { stop: 'strip' },
  nfc: { nfc: 'yes' },
  width: { width: 'half' },
  spacing: { spacing: 'detokenize' },
  case: { case: 'lower' },
  entities: { entities: 'decode' },
  strip: { strip: 'invisible' },
  'zh-fixed': { tokenize: 'zh-fixed' },
  'round-trip': { refsrc: 'round-trip' },
}

/** A procedure with repairs of the text on top. */
export function normalised(procedure: Procedure, normalisers: readonly Normaliser[]): Procedure {
  return Object.assign({ ...procedure }, ...normalisers.map(name => NORMALISED[name])) as Procedure
}

function smoothingOf(smooth: Procedure['smooth']): { smooth: Smoothing; smoothValue?: number } {
  const [, name = smooth, value] = /^(.+)\[(.+)\]$/.exec(smooth) ?? []
  return { smooth: name as Smoothing, ...(value === undefined ? {} : { smoothValue: Number(value) }) }
}

/** The metric of a name under a procedure, for text that is prepared already. */
export function metricUnder(procedure: Procedure, name: string): Metric {
  const lowercase = procedure.lowercase === 'yes'
  const order = bleuOrder(name)
  if (order !== null)
    return bleu({
      tokenize: procedure.tokenize,
      lowercase,
      ...smoothingOf(procedure.smooth),
      effectiveOrder: procedure.effectiveOrder === 'yes',
      maxOrder: order,
    })
  if (name === 'chrf') return chrf({ lowercase })
  if (name === 'chrf++') return chrf({ lowercase, wordOrder: 2 })
  if (name === 'ter') return ter(procedure.asian === 'yes' ? { normalized: true, asianSupport: true } : {})
  return metricFrom(name, { rouge: procedure.rouge })
}

/** The longest n-gram of a BLEU, else null. */
export function bleuOrder(name: string): number | null {
  if (name === 'bleu') return 4
  const [, order] = /^bleu-([1-4])$/.exec(name) ?? []
  return order === undefined ? null : Number(order)
}

const OF_EVERY_METRIC: readonly ProcedureKey[] = [
  'references',
  'leaveOut',
  'refsrc',
  'entities',
  'strip',
  'nfc',
  'width',
  'spacing',
  'stop',
  'case',
  'characters',
]

/** The keys on which a metric depends. */
export function keysOf(metric: string): readonly ProcedureKey[] {
  if (bleuOrder(metric) !== null)
    return [...OF_EVERY_METRIC, 'tokenize', 'lowercase', 'smooth', 'effectiveOrder']
  if (metric.startsWith('chrf')) return [...OF_EVERY_METRIC, 'lowercase']
  if (metric === 'ter') return [...OF_EVERY_METRIC, 'asian']
  return metric === 'rouge' ? [...OF_EVERY_METRIC, 'rouge'] : OF_EVERY_METRIC
}

/** Unicode version of this runtime, which decides lower-casing and classes of characters: `17`. */
const UNICODE = (process.versions['unicode'] ?? '').replace(/\.0$/, '')

/**
 * The second field beside sacreBLEU's signature: what that one does not tell (mjpost/sacrebleu#251 for the order).
 * Short keys of text preparation are there when they are not as the text came.
 */
export function sltSignature(procedure: Procedure, metric: string, recipe: string): string {
  const order = bleuOrder(metric)
  const { strip, stop, nfc, refsrc, references, leaveOut, width, spacing, characters, entities } = procedure
  const unusual: [string, string, string][] = [
    ['case', procedure.case, 'keep'],
    ['width', width, 'keep'],
    ['spacing', spacing, 'keep'],
    ['chars', characters, 'keep'],
    ['ents', entities, 'keep'],
    ['refs', references, 'all'],
    ['omit', leaveOut, 'none'],
  ]
  return [
    ...(order === null ? [] : [`order:${order}`]),
    `strip:${strip}`,
    `stop:${stop}`,
    `nfc:${nfc}`,
    `refsrc:${refsrc}`,
    ...unusual.filter(([, value, usual]) => value !== usual).map(([key, value]) => `${key}:${value}`),
    `recipe:${recipe}`,
    `unicode:${UNICODE}`,
  ].join('|')
}
