/** How people judge outputs; names and scales as the field uses them. */
export const RATING_PROTOCOLS = ['da', 'sqm', 'da-sqm', 'esa', 'mqm', 'pairwise', 'best-worst'] as const
export type RatingProtocol = (typeof RATING_PROTOCOLS)[number]

/** What a rater does on one screen: gives each output a number, or says which of them is better. */
export type JudgementKind = 'number' | 'errors' | 'choice'

export interface ProtocolFacts {
  kind: JudgementKind
  /** The lowest and highest value that an output can get. */
  min: number
  max: number
  isHigherBetter: boolean
  hasSpans: boolean
  hasCategories: boolean
  /** Outputs shown together: as many as there are, exactly two, or as the campaign likes. */
  outputs: 'free' | 'two' | 'all'
}

/** Twenty-five is what five major errors cost, the most that count in a segment (Freitag et al. 2021). */
const MOST_PENALTY = 25

const NUMBER = { kind: 'number', isHigherBetter: true, hasCategories: false, outputs: 'free' } as const

export const PROTOCOLS: Readonly<Record<RatingProtocol, ProtocolFacts>> = {
  /** Direct assessment (Graham et al. 2013). */
  da: { ...NUMBER, min: 0, max: 100, hasSpans: false },
  /** Scalar quality metric, seven labelled points (Freitag et al. 2021). */
  sqm: { ...NUMBER, min: 0, max: 6, hasSpans: false },
  /** Direct assessment with the seven labels of SQM as ticks (Kocmi et al. 2022). */
  'da-sqm': { ...NUMBER, min: 0, max: 100, hasSpans: false },
  /** Error span annotation (Kocmi et al. 2024): spans first, then a number. */
  esa: { ...NUMBER, min: 0, max: 100, hasSpans: true },
  /** Multidimensional quality metrics (Lommel et al. 2014; weights of Freitag et al. 2021). */
  mqm: {
    kind: 'errors',
    min: 0,
    max: MOST_PENALTY,
    isHigherBetter: false,
    hasSpans: true,
    hasCategories: true,
    outputs: 'free',
  },
  pairwise: {
    kind: 'choice',
    min: 0,
    max: 1,
    isHigherBetter: true,
    hasSpans: false,
    hasCategories: false,
    outputs: 'two',
  },
  'best-worst': {
    kind: 'choice',
    min: -1,
    max: 1,
    isHigherBetter: true,
    hasSpans: false,
    hasCategories: false,
    outputs: 'all',
  },
}

export const SEVERITIES = ['minor', 'major', 'neutral'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Error types of MQM, with those that only translations of signing have. */
export const ERROR_CATEGORIES = [
  'name',
  'depiction',
  'non-manual',
  'space',
  'role-shift',
  'number',
  'negation',
  'question',
  'mistranslation',
  'omission',
  'addition',
  'grammar',
  'punctuation',
  'style',
  'non-translation',
  'other',
] as const
export type ErrorCategory = (typeof ERROR_CATEGORIES)[number]

/** An error in an output: code points of its text, `endCp` not included. */
export interface ErrorMark {
  startCp: number
  endCp: number
  /** Something of the video that the text does not say; it has no place in it. */
  isMissing: boolean
  severity: Severity
  category: ErrorCategory | null
  /** Empty where the rater says nothing more. */
  comment: string
}

/** What an error costs: major 5, minor 1, minor punctuation 0.1, neutral 0, non-translation 25 (Freitag et al. 2021, table 3). */
export function errorWeight({ severity, category }: Pick<ErrorMark, 'severity' | 'category'>): number {
  if (category === 'non-translation') return MOST_PENALTY
  if (severity === 'neutral') return 0
  if (severity === 'major') return 5
  return category === 'punctuation' ? 0.1 : 1
}

/** The MQM penalty of an output, 0–25: lower is better. */
export function mqmPenalty(marks: readonly Pick<ErrorMark, 'severity' | 'category'>[]): number {
  const total = marks.reduce((sum, mark) => sum + errorWeight(mark), 0)
  return Math.min(MOST_PENALTY, Math.round(total * 10) / 10)
}
