import { Tokenizer } from '@huggingface/tokenizers'

/** Text to ids and back for T5's tokenizer.json. */
export interface T5Tokenizer {
  /** Ids with `</s>`, cut to `modelMaxLength` ids of which the last is `</s>`. */
  encode: (text: string) => number[]
  /** Text without special tokens, spaces before punctuation removed. */
  decode: (ids: readonly number[]) => string
  /** A vocabulary item as it is stored, with ▁ for a space. */
  piece: (id: number) => string | undefined
}

export function createT5Tokenizer(
  tokenizerJson: object,
  configJson: object,
  modelMaxLength: number,
): T5Tokenizer {
  const tokenizer = new Tokenizer(tokenizerJson, configJson)
  return {
    encode(text) {
      const { ids } = tokenizer.encode(text)
      const end = ids.at(-1)
      return ids.length <= modelMaxLength || end === undefined
        ? ids
        : [...ids.slice(0, modelMaxLength - 1), end]
    },
    decode: ids =>
      tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: true }),
    piece: id => tokenizer.id_to_token(id),
  }
}
