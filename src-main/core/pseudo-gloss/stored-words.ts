import type { Token } from '../../language/token.ts'
import type { StoredWord } from './pseudo-gloss.queries.ts'

export function stored(tokens: readonly Token[]): StoredWord[] {
  return tokens.map(({ surface, lemma, pos, isUnsure }) => [surface, lemma, pos, isUnsure ? 1 : 0])
}
