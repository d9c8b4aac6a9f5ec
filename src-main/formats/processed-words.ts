/**
 * Sign2GPT's pseudo-glosses of a corpus, `processed_words.*_pkl`: a pickled dictionary of three plain dictionaries
 * (Wong et al. 2024, section 3.2). Ids are in no order, and a checkpoint means only the dictionary it was trained with.
 */
import { AppError } from '#shared/contract/errors.ts'
import { type PickleGlobal, unpickle } from './pickle/unpickle.ts'

export interface ProcessedWords {
  /** Sentence → its pseudo-glosses in spoken order, repeats included. */
  sentences: ReadonlyMap<string, readonly string[]>
  /** The pseudo-glosses; a word's place is its id. */
  glosses: readonly string[]
  /** How often each occurs in all rows of the corpus; place as in `glosses`. */
  counts: readonly number[]
}

/** Tokens that training added to a tokenizer for characters that it lacks, `replacement.pkl`. */
export interface Replacement {
  token: string
  original: string
}

/** @throws AppError unsafe-file for anything but plain data, corrupt-file for data of another form */
export function readProcessedWords(bytes: Uint8Array, where: string): ProcessedWords {
  const root = readPlainPickle(bytes, where)
  const [ids, sentences, counter] = ['dict_lem_to_id', 'dict_sentence', 'dict_lem_counter'].map(key => {
    const part: unknown = root.get(key)
    if (part instanceof Map) return part as Map<unknown, unknown>
    throw malformed(where, `has no dictionary '${key}'`)
  })
  if (!ids || !sentences || !counter) throw new Error('three dictionaries')
  const glosses = inOrderOfIds(ids, where)
  return {
    sentences: new Map([...sentences].map(([text, list]) => [text as string, glossList(text, list, where)])),
    glosses,
    counts: glosses.map(gloss => countOf(counter.get(gloss), gloss, where)),
  }
}

/** @throws AppError as `readProcessedWords` */
export function readReplacements(bytes: Uint8Array, where: string): Replacement[] {
  const root = readPlainPickle(bytes, where)
  const [tokens, originals] = [root.get('new_tokens'), root.get('original_to_new_dict')]
  if (!Array.isArray(tokens) || !(originals instanceof Map))
    throw malformed(where, "has no 'new_tokens' with 'original_to_new_dict'")
  const byToken = new Map(
    [...(originals as Map<unknown, unknown>)].map(([original, token]) => [token, original]),
  )
  return tokens.map((token: unknown) => {
    const original = byToken.get(token)
    if (typeof token !== 'string' || typeof original !== 'string')
      throw malformed(where, `adds the token '${String(token)}' for no character`)
    return { token, original }
  })
}

/** What the pickle is, where it is one of Sign2GPT's. */
export function kindOfPickle(bytes: Uint8Array, where: string): 'vocabulary' | 'replacement' | null {
  const root = readPlainPickle(bytes, where)
  if (root.has('dict_lem_to_id') || root.has('dict_sentence')) return 'vocabulary'
  return root.has('new_tokens') ? 'replacement' : null
}

const DICTIONARIES = new Set(['Counter', 'OrderedDict', 'defaultdict'].map(name => `collections.${name}`))
/** What a defaultdict makes its values with; never made here. */
const FACTORIES = new Set(['builtins', '__builtin__'].flatMap(module => [`${module}.list`, `${module}.int`]))

function readPlainPickle(bytes: Uint8Array, where: string): Map<unknown, unknown> {
  const resolve = (module: string, name: string): PickleGlobal | undefined => {
    const full = `${module}.${name}`
    if (DICTIONARIES.has(full))
      return { name: full, call: ([first]) => (first instanceof Map ? new Map(first) : new Map()) }
    if (!FACTORIES.has(full)) return undefined
    return {
      name: full,
      call: () => {
        throw malformed(where, `calls ${full}`)
      },
    }
  }
  const root = unpickle(bytes, { where, resolve })
  if (root instanceof Map) return root as Map<unknown, unknown>
  throw malformed(where, 'holds no dictionary')
}

function inOrderOfIds(ids: ReadonlyMap<unknown, unknown>, where: string): string[] {
  const glosses: string[] = []
  for (const [gloss, id] of ids) {
    if (typeof gloss !== 'string')
      throw malformed(where, `has the pseudo-gloss ${String(gloss)}, which is no text`)
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0 || id >= ids.size)
      throw malformed(where, `gives '${gloss}' the id ${String(id)}; ids are 0 to ${ids.size - 1}`)
    const other = glosses[id]
    if (other !== undefined) throw malformed(where, `gives '${other}' and '${gloss}' the same id ${id}`)
    glosses[id] = gloss
  }
  return glosses
}

function glossList(text: unknown, list: unknown, where: string): string[] {
  if (typeof text !== 'string') throw malformed(where, `has the sentence ${String(text)}, which is no text`)
  if (Array.isArray(list) && list.every(gloss => typeof gloss === 'string')) return list
  throw malformed(where, `has pseudo-glosses of '${text}' that are no list of texts`)
}

function countOf(count: unknown, gloss: string, where: string): number {
  if (count === undefined) return 0
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count
  throw malformed(where, `counts '${gloss}' as ${String(count)}`)
}

function malformed(file: string, what: string): AppError {
  return new AppError(
    'corrupt-file',
    `${file} ${what}: it is no dictionary of Sign2GPT's pseudo-glosses, or damaged. Take the file that the checkpoint was trained with.`,
    { details: { file } },
  )
}
