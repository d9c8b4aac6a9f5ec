import {
  type MATCH_KINDS,
  type RELATIONS,
  SearchQuery,
  type SearchRelation,
  type SearchSource,
  type SearchTerm,
  type SearchText,
} from '#shared/contract/search.ts'

/** A text as the fields hold it: empty while nobody has typed. */
export interface TextDraft {
  text: string
  match: (typeof MATCH_KINDS)[number]
  isCaseSensitive: boolean
  isNegated: boolean
}

export interface TermDraft extends TextDraft {
  sources: readonly SearchSource[]
  tier: string
  type: string
  participant: string
  annotator: string
  recording: string
  entry: string
  /** NaN for any. */
  leastMs: number
  mostMs: number
  fromMs: number
  toMs: number
}

export interface RelationDraft extends TermDraft {
  relation: (typeof RELATIONS)[number]
  isAbsent: boolean
  /** NaN for any distance. */
  distance: number
  unit: 'ms' | 'steps'
}

export interface QueryDraft extends TermDraft {
  next: readonly TextDraft[]
  relations: readonly RelationDraft[]
}

const NO_TEXT: TextDraft = { text: '', match: 'plain', isCaseSensitive: false, isNegated: false }
const NO_TERM: TermDraft = {
  ...NO_TEXT,
  sources: ['annotations'],
  tier: '',
  type: '',
  participant: '',
  annotator: '',
  recording: '',
  entry: '',
  leastMs: NaN,
  mostMs: NaN,
  fromMs: NaN,
  toMs: NaN,
}

export const ALL_SOURCES: readonly SearchSource[] = ['annotations', 'references', 'glosses', 'hypotheses']
export const newQuery = (): QueryDraft => ({ ...NO_TERM, sources: ALL_SOURCES, next: [], relations: [] })
export const newText = (): TextDraft => ({ ...NO_TEXT })
export const newRelation = (): RelationDraft => ({
  ...NO_TERM,
  relation: 'overlaps',
  isAbsent: false,
  distance: NaN,
  unit: 'ms',
})

const NAMES = ['tier', 'type', 'participant', 'annotator', 'recording', 'entry'] as const
const NUMBERS = ['leastMs', 'mostMs', 'fromMs', 'toMs'] as const

function textOf({ text, match, isCaseSensitive, isNegated }: TextDraft): SearchText | null {
  return text === '' ? null : { text, match, isCaseSensitive, isNegated }
}

function termOf(draft: TermDraft): SearchTerm {
  const text = textOf(draft)
  return {
    sources: [...draft.sources],
    ...(text && { text }),
    ...Object.fromEntries(NAMES.filter(key => draft[key] !== '').map(key => [key, draft[key]])),
    ...Object.fromEntries(NUMBERS.filter(key => Number.isInteger(draft[key])).map(key => [key, draft[key]])),
  }
}

function relationOf(draft: RelationDraft): SearchRelation {
  const { relation, isAbsent, distance, unit } = draft
  const isDistant =
    (relation === 'before' || relation === 'after') && Number.isInteger(distance) && distance > 0
  return {
    relation,
    isNegated: isAbsent,
    ...(isDistant && (unit === 'ms' ? { mostMs: distance } : { mostSteps: distance })),
    term: termOf(draft),
  }
}

/** The query that the fields describe; null while they ask for nothing in particular. */
export function queryOf(draft: QueryDraft): SearchQuery | null {
  const term = termOf(draft)
  const isEmpty = Object.keys(term).length === 1 && draft.relations.length === 0
  if (isEmpty && draft.next.length === 0) return null
  const query = SearchQuery.safeParse({
    ...term,
    next: draft.next.map(textOf),
    relations: draft.relations.map(relationOf),
  })
  return query.success ? query.data : null
}

function textDraft(text: SearchText | null | undefined): TextDraft {
  return text ? { ...text } : newText()
}

function termDraft({ text, sources, ...term }: SearchTerm): TermDraft {
  const given = Object.fromEntries(Object.entries(term).filter(([, value]) => value !== undefined))
  return { ...NO_TERM, ...given, ...textDraft(text), sources: [...sources] }
}

/** The fields of a query that was read from its readable form. */
export function draftOf({ next, relations, ...term }: SearchQuery): QueryDraft {
  return {
    ...termDraft(term),
    next: next.map(textDraft),
    relations: relations.map(({ relation, isNegated, mostMs, mostSteps, term: other }) => ({
      ...termDraft(other),
      relation,
      isAbsent: isNegated,
      distance: mostSteps ?? mostMs ?? NaN,
      unit: mostSteps === undefined ? ('ms' as const) : ('steps' as const),
    })),
  }
}
