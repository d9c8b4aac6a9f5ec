import type { SearchPattern } from '../contract/annotation-bulk.ts'
import type { SearchQuery, SearchRelation, SearchTerm, SearchText } from '../contract/search.ts'

/**
 * The readable form of a query:
 *
 *     "sonne"w tier:"Gloss R" longer:200 then /^WIND/ within (tier:Sentence "regen") not before<=500ms (tier:Mouthing)
 *
 * A text is quoted, a regular expression stands between slashes; letters behind it say how it is meant: `w` a whole
 * word, `v` the whole value, `c` case matters. `-` before it means values that do not match; `*` after `then` is any.
 */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError'
  /** Position in the text. */
  readonly at: number
  readonly problem: 'text' | 'word' | 'number' | 'bracket' | 'end'

  constructor(problem: QuerySyntaxError['problem'], at: number) {
    super(`The query cannot be read at character ${at + 1}.`)
    this.problem = problem
    this.at = at
  }
}

const NAMES = ['tier', 'type', 'participant', 'annotator', 'recording', 'entry'] as const
const NUMBERS = { longer: 'leastMs', shorter: 'mostMs', from: 'fromMs', to: 'toMs' } as const
const PLAIN_WORD = /^[\p{L}\p{N}_*@.+-]+$/u

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Slashes that are not escaped yet; `\\/` and `/` mean the same to a regular expression. */
function escapeSlashes(text: string): string {
  return text.replaceAll(/\\[\s\S]|\//g, found => (found === '/' ? '\\/' : found))
}

function printText({ text, match, isCaseSensitive, isNegated }: SearchText): string {
  const flags = `${match === 'word' ? 'w' : match === 'whole' ? 'v' : ''}${isCaseSensitive ? 'c' : ''}`
  const body = match === 'regex' ? `/${escapeSlashes(text)}/` : quote(text)
  return `${isNegated ? '-' : ''}${body}${flags}`
}

function printTerm(term: SearchTerm): string[] {
  const parts: string[] = []
  if (term.sources.join() !== 'annotations') parts.push(`in:${term.sources.join(',')}`)
  if (term.text) parts.push(printText(term.text))
  for (const name of NAMES) {
    const value = term[name]
    if (value !== undefined) parts.push(`${name}:${PLAIN_WORD.test(value) ? value : quote(value)}`)
  }
  for (const [word, key] of Object.entries(NUMBERS)) {
    const value = term[key]
    if (value !== undefined) parts.push(`${word}:${value}`)
  }
  return parts
}

function printRelation({ relation, isNegated, mostMs, mostSteps, term }: SearchRelation): string {
  const distance = mostSteps !== undefined ? `<=${mostSteps}` : mostMs !== undefined ? `<=${mostMs}ms` : ''
  return `${isNegated ? 'not ' : ''}${relation}${distance} (${printTerm(term).join(' ')})`
}

/** A query as text; `parseQuery` reads it back. */
export function printQuery(query: SearchQuery): string {
  const next = query.next.map(text => `then ${text ? printText(text) : '*'}`)
  return [...printTerm(query), ...next, ...query.relations.map(printRelation)].join(' ')
}

/** Reads the readable form; throws `QuerySyntaxError` with the place that it does not understand. */
export function parseQuery(source: string): SearchQuery {
  const reader = new QueryReader(source)
  const query = reader.query()
  reader.end()
  return query
}

/** A cursor over the text of a query. */
class QueryReader {
  private at = 0
  private readonly source: string

  constructor(source: string) {
    this.source = source
  }

  query(): SearchQuery {
    const query: SearchQuery = { sources: ['annotations'], next: [], relations: [] }
    for (;;) {
      this.space()
      if (this.term(query)) continue
      if (this.eat(/then\b/y)) query.next.push(this.nextText())
      else if (!this.relation(query.relations)) return query
    }
  }

  end(): void {
    if (this.at < this.source.length) throw new QuerySyntaxError('word', this.at)
  }

  private nextText(): SearchText | null {
    this.space()
    if (this.eat(/\*/y)) return null
    const text = this.text()
    if (!text) throw new QuerySyntaxError('text', this.at)
    return text
  }

  /** One condition of a term, where there is one. */
  private term(into: SearchTerm): boolean {
    const text = this.text()
    if (text) {
      if (into.text) throw new QuerySyntaxError('text', this.at)
      into.text = text
      return true
    }
    const name = this.eat(/(tier|type|participant|annotator|recording|entry):/y)?.[1]
    if (name) {
      into[name as (typeof NAMES)[number]] = this.name()
      return true
    }
    const number = this.eat(/(longer|shorter|from|to):/y)?.[1]
    if (number) {
      into[NUMBERS[number as keyof typeof NUMBERS]] = this.number()
      return true
    }
    const sources = this.eat(/in:([a-z]+(?:,[a-z]+)*)/y)?.[1]
    if (!sources) return false
    into.sources = this.sources(sources)
    return true
  }

  private sources(text: string): SearchTerm['sources'] {
    const known = ['annotations', 'references', 'glosses', 'hypotheses'] as const
    return text.split(',').map(word => {
      const source = known.find(each => each === word)
      if (!source) throw new QuerySyntaxError('word', this.at - text.length)
      return source
    })
  }

  private relation(into: SearchRelation[]): boolean {
    const start = this.at
    const isNegated = this.eat(/not\b\s*/y) !== null
    const word = this.eat(/(overlaps|within|contains|before|after)(?:<=(\d+)(ms)?)?\s*\(/y)
    if (!word) {
      if (isNegated) throw new QuerySyntaxError('word', this.at)
      this.at = start
      return false
    }
    const [, relation, distance, unit] = word
    const term: SearchTerm = { sources: ['annotations'] }
    this.space()
    while (this.term(term)) this.space()
    if (!this.eat(/\)/y)) throw new QuerySyntaxError('bracket', this.at)
    into.push({
      relation: relation as SearchRelation['relation'],
      isNegated,
      ...(distance !== undefined && (unit ? { mostMs: Number(distance) } : { mostSteps: Number(distance) })),
      term,
    })
    return true
  }

  /** `"…"`, `/…/` or their negation. */
  private text(): SearchText | null {
    const quoted = this.eat(/(-?)"((?:[^"\\]|\\[\s\S])*)"([wvc]*)/y)
    if (quoted) {
      const [, minus, body = '', flags = ''] = quoted
      if (body === '') throw new QuerySyntaxError('text', this.at)
      return {
        text: body.replaceAll(/\\([\s\S])/g, '$1'),
        match: flags.includes('w') ? 'word' : flags.includes('v') ? 'whole' : 'plain',
        isCaseSensitive: flags.includes('c'),
        isNegated: minus === '-',
      }
    }
    const regex = this.eat(/(-?)\/((?:[^/\\]|\\[\s\S])+)\/(c?)/y)
    if (!regex) return null
    const [, minus, body = '', flag] = regex
    return {
      text: body.replaceAll(/\\[\s\S]/g, found => (found === '\\/' ? '/' : found)),
      match: 'regex',
      isCaseSensitive: flag === 'c',
      isNegated: minus === '-',
    }
  }

  private name(): string {
    const quoted = this.eat(/"((?:[^"\\]|\\[\s\S])+)"/y)?.[1]
    if (quoted !== undefined) return quoted.replaceAll(/\\([\s\S])/g, '$1')
    const word = this.eat(/[\p{L}\p{N}_*@.+-]+/uy)?.[0]
    if (word === undefined) throw new QuerySyntaxError('text', this.at)
    return word
  }

  private number(): number {
    const digits = this.eat(/\d{1,10}/y)?.[0]
    if (digits === undefined) throw new QuerySyntaxError('number', this.at)
    return Number(digits)
  }

  private space(): void {
    this.eat(/\s+/y)
  }

  private eat(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)
    if (found) this.at += found[0].length
    return found
  }
}

const ESCAPED = /[\\^$.*+?()[\]{}|/]/g

/** A text as find and replace knows it, so that what is found is what is replaced. */
export function asPattern({ text, match, isCaseSensitive }: SearchText): SearchPattern {
  if (match !== 'word')
    return { text, isRegex: match === 'regex', isCaseSensitive, isWholeValue: match === 'whole' }
  const word = text.replace(ESCAPED, String.raw`\$&`)
  return {
    text: String.raw`(?<![\p{L}\p{N}_])${word}(?![\p{L}\p{N}_])`,
    isRegex: true,
    isCaseSensitive,
    isWholeValue: false,
  }
}
