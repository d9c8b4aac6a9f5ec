import { AppError } from '#shared/contract/errors.ts'

/** The begin of a string, a flag in angle brackets, a number that stands alone; or a comment. */
const TOKEN = /"|<(exists|absent)>|(?<![^\s])([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?=\s|$)|![^\r\n]*/g

interface Token {
  kind: 'string' | 'flag' | 'number'
  text: string
}

/** What Praat sees of a text file: everything else in it is decoration. */
export class TextGridTokens {
  readonly #text: string
  readonly #file: string
  readonly #pattern = new RegExp(TOKEN)
  #next: Token | null
  #at = 0

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
    this.#next = this.#read()
  }

  string(what: string): string {
    return this.#take('string', what).replaceAll('""', '"')
  }

  number(what: string): string {
    return this.#take('number', what)
  }

  count(what: string): number {
    const text = this.number(what)
    if (!/^\d{1,9}$/.test(text)) throw this.error(`${what} is ${text}`)
    return Number(text)
  }

  flag(): string {
    return this.#take('flag', 'whether there are tiers')
  }

  hasMore(): boolean {
    return this.#next !== null
  }

  line(): number {
    let line = 1
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < this.#at; at = this.#text.indexOf('\n', at + 1))
      line += 1
    return line
  }

  error(reason: string): AppError {
    const line = this.line()
    const column = this.#at - this.#text.lastIndexOf('\n', Math.max(0, this.#at - 1))
    return new AppError(
      'corrupt-file',
      `${this.#file}, line ${line}, column ${column}: ${reason}. Save it once more from Praat, or mend this line.`,
      {
        details: { file: this.#file, line, column, reason },
      },
    )
  }

  #take(kind: Token['kind'], what: string): string {
    const token = this.#next
    if (!token) throw this.error(`the file ends where ${what} is expected`)
    if (token.kind !== kind) throw this.error(`${token.text.slice(0, 40)} stands where ${what} is expected`)
    this.#next = this.#read()
    return token.text
  }

  #read(): Token | null {
    for (let match = this.#pattern.exec(this.#text); match; match = this.#pattern.exec(this.#text)) {
      this.#at = match.index
      const [whole, flag, number] = match
      if (whole === '"') return { kind: 'string', text: this.#readString() }
      if (flag !== undefined) return { kind: 'flag', text: flag }
      if (number !== undefined) return { kind: 'number', text: number }
    }
    this.#at = this.#text.length
    return null
  }

  /** Two quotation marks stand for one. */
  #readString(): string {
    const from = this.#pattern.lastIndex
    let at = this.#text.indexOf('"', from)
    while (at >= 0 && this.#text[at + 1] === '"') at = this.#text.indexOf('"', at + 2)
    if (at < 0) throw this.error('a quotation mark is opened and never closed')
    this.#pattern.lastIndex = at + 1
    return this.#text.slice(from, at)
  }
}
